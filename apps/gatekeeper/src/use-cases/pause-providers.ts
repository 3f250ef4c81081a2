import { causeOfStop, type GateLists, type ProviderPauses } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { ProviderAdapter } from '../provider-port.ts';
import type { RulesInForce } from '../rules-in-force.ts';

const retryMs = 2_000;
/** Somebody may set a campaign going at the provider while everything is stopped here. */
const lookAgainMs = 60_000;

/**
 * While everything is stopped: has every provider pause what of ours it mails by itself, asks again until it confirmed
 * all of it, and looks again each minute. Asking twice does no harm, so any number of processes may do this, and one
 * that dies in between leaves nothing to put right. Asks nobody while nothing is stopped.
 */
export const createPauseProviders = (deps: {
  lists: Pick<GateLists, 'readHalt'>;
  pauses: ProviderPauses;
  adapters: readonly Pick<ProviderAdapter, 'name' | 'mode' | 'pauseAll'>[];
  rules: Pick<RulesInForce, 'emergencyStop'>;
  logger: Logger;
  now: () => number;
  newCorrelationId: () => string;
}) => {
  const pause = async (adapter: (typeof deps.adapters)[number], cause: string): Promise<void> => {
    const correlationId = deps.newCorrelationId();
    const report = await adapter.pauseAll({ correlationId }).catch((error: unknown) => {
      deps.logger.error({ provider: adapter.name, err: error }, 'the provider adapter threw while pausing');
      return {
        paused: 0,
        failed: [{ id: adapter.name, message: 'the adapter failed in an unexpected way' }],
      };
    });
    if (report.failed.length > 0)
      deps.logger.error(
        { provider: adapter.name, failed: report.failed },
        'a provider did not pause everything',
      );
    const { name: provider, mode } = adapter;
    await deps.pauses.record({ cause, provider, mode, ...report, correlationId });
  };
  const round = async (): Promise<void> => {
    const halt = await deps.lists.readHalt(deps.rules.emergencyStop);
    const cause = causeOfStop(halt);
    if (cause === null) return;
    await Promise.all(
      deps.adapters.map(async (adapter) => {
        const known = halt.providers.find(
          ({ provider, mode }) => provider === adapter.name && mode === adapter.mode,
        );
        const age = known === undefined ? Infinity : deps.now() - Date.parse(known.at);
        if (age >= (known !== undefined && known.failed.length === 0 ? lookAgainMs : retryMs))
          await pause(adapter, cause);
      }),
    );
  };
  let running: Promise<void> | null = null;
  /** Joins a round that is under way; a stop set during it is met by the next one. */
  return (): Promise<void> =>
    (running ??= round().finally(() => {
      running = null;
    }));
};

export type PauseProviders = ReturnType<typeof createPauseProviders>;
