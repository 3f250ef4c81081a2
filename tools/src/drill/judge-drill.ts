import type { ProviderPause } from '@caio/contracts';
import type { Check } from '../once/self-check.ts';

/** How long a stop may take from the moment somebody asks for it until nothing is admitted any more. */
export const stopMaxMs = 250;

/** What was seen while everything was stopped in the middle of an execution. Instants in ms since 1970. */
export interface DrillEvidence {
  readonly actionIds: readonly string[];
  /** Asked for on this machine's clock; stored on the store's, which is the same machine's. */
  readonly askedAtMs: number;
  readonly storedAtMs: number;
  readonly liftedAtMs: number;
  /** Admissions by the audit, oldest first. */
  readonly admissions: readonly { readonly actionId: string; readonly atMs: number }[];
  readonly waitingAtStop: number;
  readonly providers: readonly ProviderPause[];
  /** Campaigns at the simulator that were set going before the stop, with the status each has after it. */
  readonly campaignsAfter: readonly { readonly name: string; readonly paused: boolean }[];
  readonly stoppedAfterCrash: boolean;
  readonly refusalAfterCrash: string | null;
  /** Actions the simulator was handed, one entry for each time. */
  readonly handedOver: readonly string[];
  readonly batchStatus: string;
}

const ms = (value: number): string => `${Math.round(value)} ms`;

const repeated = (ids: readonly string[]): string[] => [
  ...new Set(ids.filter((id, index) => ids.indexOf(id) !== index)),
];

/** Whether a stop did what a stop has to do; each check names what it saw. Decides, and does nothing. */
export const judgeDrill = (seen: DrillEvidence): Check[] => {
  const tookMs = seen.storedAtMs - seen.askedAtMs;
  const during = seen.admissions.filter(({ atMs }) => atMs > seen.storedAtMs && atMs < seen.liftedAtMs);
  const before = seen.admissions.filter(({ atMs }) => atMs <= seen.storedAtMs).length;
  const notConfirmed = seen.providers.filter(({ failed }) => failed.length > 0);
  const going = seen.campaignsAfter.filter(({ paused }) => !paused);
  const missing = seen.actionIds.filter((id) => !seen.handedOver.includes(id));
  const twice = repeated(seen.handedOver);
  return [
    {
      name: `the stop is in force within ${stopMaxMs} ms, in the middle of sending`,
      ok: tookMs <= stopMaxMs && before > 0 && seen.waitingAtStop > 0,
      detail: `in force ${ms(tookMs)} after it was asked for, with ${before} admitted and ${seen.waitingAtStop} waiting`,
    },
    {
      name: 'nothing is admitted while it is stopped',
      ok: during.length === 0,
      detail:
        during.length === 0
          ? `0 admissions in ${ms(seen.liftedAtMs - seen.storedAtMs)}`
          : `${during.length} admitted, the first ${ms((during[0]?.atMs ?? 0) - seen.storedAtMs)} after the stop`,
    },
    {
      name: 'every provider confirms that it paused',
      ok: seen.providers.length > 0 && notConfirmed.length === 0,
      detail:
        seen.providers
          .map(({ provider, paused, failed }) =>
            failed.length === 0
              ? `${provider}: ${paused} paused`
              : `${provider}: ${failed[0]?.message ?? ''}`,
          )
          .join('; ') || 'no provider answered',
    },
    {
      name: 'what was mailing at the provider is paused there',
      ok: seen.campaignsAfter.length > 0 && going.length === 0,
      detail:
        seen.campaignsAfter.length === 0
          ? 'no campaign was set going, so nothing was shown'
          : `${seen.campaignsAfter.length - going.length} of ${seen.campaignsAfter.length} campaigns paused`,
    },
    {
      name: 'the stop outlives kill -9 of the gatekeeper',
      ok: seen.stoppedAfterCrash && seen.refusalAfterCrash === 'halted',
      detail: `${seen.stoppedAfterCrash ? 'still stopped' : 'NOT stopped'} after the restart; sending was refused with ${seen.refusalAfterCrash ?? 'nothing'}`,
    },
    {
      name: 'after it is lifted every message goes once',
      ok: missing.length === 0 && twice.length === 0 && seen.batchStatus === 'executed',
      detail: `${seen.actionIds.length - missing.length} of ${seen.actionIds.length} handed over, ${twice.length} twice; the batch is ${seen.batchStatus}`,
    },
  ];
};
