import { type ActionId, dispatchActionJobSchema, type DispatchActionJob } from '@caio/contracts';
import type { SendingClock } from '@caio/dispatch-core';
import type { AdmissionRequest } from '../action-admission.ts';
import { type Gate, pseudonymOf } from './gate-fixture.ts';

const hour = 3_600_000;

/** Calendar facts around `now` with an open window. */
export const openClock = (now: number, overrides: Partial<SendingClock> = {}): SendingClock => ({
  dayKey: '2026-01-05',
  hourKey: '2026-01-05T10',
  monthKey: '2026-01',
  validFromMs: now - hour,
  validUntilMs: now + hour,
  windowOpen: true,
  nextOpenMs: now + hour,
  nextHourMs: now + hour,
  nextDayMs: now + 24 * hour,
  nextMonthMs: now + 700 * hour,
  ...overrides,
});

/** An admission request that every rule lets through. */
export const admissible = (
  gate: Gate,
  job: DispatchActionJob,
  digest: string,
  overrides: Partial<AdmissionRequest> = {},
): AdmissionRequest => {
  const now = Date.now();
  return {
    job: dispatchActionJobSchema.parse(job),
    attemptId: gate.ids.attemptId(),
    digest,
    ledger: 'sandbox',
    channel: 'email',
    mode: 'sandbox',
    policyVersion: 'policy-1',
    haltedByEnvironment: false,
    routeAllowed: true,
    clock: openClock(now),
    callerNowMs: now,
    rules: {
      tiersAllowed: ['tier_1'],
      recontactMs: 90 * 24 * hour,
      latenessMaxMs: 24 * hour,
      gapMs: 0,
      caps: { hour: 1_000, day: 1_000, month: 1_000, domain: 1_000, mailbox: 1_000 },
    },
    leaseMs: 30_000,
    personKeys: [`person of ${job.actionId}`],
    suppressionKeys: [`email:of-${job.actionId}`],
    suppressionPseudonyms: [pseudonymOf(job.actionId)],
    exclusionKeys: [`domain:of-${job.actionId}`],
    recipientDomain: 'acme.example',
    senderKey: 'email:sam@outreach.example',
    processId: 'test-process',
    customerList: 'not_required',
    provider: 'instantly',
    pace: { faultsMax: 5, restFirstMs: 1_000, restMaxMs: 8_000, requestsPerSend: 0, windows: [] },
    ...overrides,
  };
};

export const settleAs = (
  gate: Gate,
  job: { actionId: ActionId; batchId: string },
  attemptId: string,
  to: Parameters<Gate['actions']['settle']>[0]['to'],
) =>
  gate.actions.settle({
    actionId: job.actionId,
    batchId: job.batchId,
    attemptId,
    ledger: 'sandbox',
    to,
    providerMessageId: to === 'handed_over' ? 'provider-1' : '',
    proof: '',
    code: to === 'released' ? 'rate_limited' : '',
    retryAfterMs: 0,
    backoff: { firstMs: 1, maxMs: 1, attemptsMax: 100 },
    stillHeld: true,
    heard: null,
    actor: 'test',
    correlationId: 'correlation-1',
  });

/** The first of what a fixture made; throws when there is none. */
export const firstOf = <T>(list: readonly T[]): T => {
  const item = list[0];
  if (item === undefined) throw new Error('expected at least one');
  return item;
};
