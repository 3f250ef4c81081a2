import type { DispatchActionJob, Ledger } from '@caio/contracts';
import { expect } from '@jest/globals';
import type { StoredAction } from '../action-record.ts';
import type { Settlement } from '../action-settlement.ts';
import { admissible } from './admission-request.ts';
import type { Gate } from './gate-fixture.ts';

/** The person that `admissible` reserves for an action. */
export const personOf = (job: DispatchActionJob): string => `person of ${job.actionId}`;

/** The counter of the day that `admissible` counts in. */
export const dayCounter = (gate: Gate): string => gate.keys.sent('sandbox', 'day', '2026-01-05');

export const storedAction = async (gate: Gate, job: { actionId: string }): Promise<StoredAction> => {
  const action = await gate.actions.read(job.actionId);
  if (action === null) throw new Error(`there is no action ${job.actionId}`);
  return action;
};

/** In which of the sets of open actions this one is. */
export const setsWith = async (gate: Gate, job: DispatchActionJob): Promise<string[]> => {
  const { actionsQueued: queued, actionsSending: sending, actionsUnknown: unknown } = gate.keys;
  const found: string[] = [];
  for (const [name, key] of Object.entries({ queued, sending, unknown })) {
    if ((await gate.redis.zscore(key, job.actionId)) !== null) found.push(name);
  }
  return found;
};

/** A claimed batch and a way to admit its jobs. */
export const executing = async (gate: Gate, count = 1) => {
  const { batch, jobs } = await gate.executing(count);
  const digests = new Map(batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]));
  const job = jobs[0];
  if (job === undefined) throw new Error('an executing batch has a job');
  const admit = async (admitted: DispatchActionJob): Promise<string> => {
    const request = admissible(gate, admitted, digests.get(admitted.actionId) ?? '');
    expect(await gate.actions.admit(request)).toMatchObject({ admitted: true });
    return request.attemptId;
  };
  return { batch, jobs, job, admit };
};

/** One action in flight. */
export const sending = async (gate: Gate) => {
  const { batch, job, admit } = await executing(gate);
  return { batch, job, admit, attemptId: await admit(job) };
};

/** Its lease runs out. */
export const lose = async (gate: Gate, job: DispatchActionJob): Promise<void> => {
  await gate.redis.zadd(gate.keys.actionsSending, 1, job.actionId);
  expect(await gate.actions.loseExpired(10)).toEqual([job.actionId]);
};

export const settle = (
  gate: Gate,
  job: DispatchActionJob,
  attemptId: string,
  to: Settlement['to'],
  part: Partial<Settlement> = {},
) =>
  gate.actions.settle({
    actionId: job.actionId,
    batchId: job.batchId,
    attemptId,
    ledger: 'sandbox',
    to,
    providerMessageId: 'provider-1',
    proof: 'a proof',
    code: 'a_code',
    retryAfterMs: 0,
    backoff: { firstMs: 1, maxMs: 1, attemptsMax: 100 },
    stillHeld: true,
    heard: null,
    actor: 'gatekeeper',
    correlationId: 'correlation-1',
    ...part,
  });

/** Whether any of these names of one person is held in this ledger. */
export const inFlight = async (gate: Gate, ledger: Ledger, personKeys: readonly string[]): Promise<boolean> =>
  (await gate.actions.whichInFlight(ledger, [personKeys]))[0] === true;
