// Risk: a message that was provably not sent is tried too soon, too late or for ever, or gives back what it does not hold.
import type { DispatchActionJob } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Settlement } from './action-settlement.ts';
import { admissible } from './testing/admission-request.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';
import { dayCounter, executing, sending, settle } from './testing/sending.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

describe('a release', () => {
  test('gives nothing back twice, and never below nothing when the period is over', async () => {
    const { job, attemptId } = await sending(gate);
    await gate.redis.del(dayCounter(gate));
    await settle(gate, job, attemptId, 'released');
    expect(await gate.redis.get(dayCounter(gate))).toBeNull();
    expect(await gate.redis.get(gate.keys.sent('sandbox', 'month', '2026-01'))).toBe('0');
  });

  test('goes back to the day it was taken from, not to the day of the release', async () => {
    const { job, batch } = await executing(gate);
    const request = admissible(gate, job, batch.actions[0]?.contentDigest ?? '');
    await gate.actions.admit({ ...request, clock: { ...request.clock, dayKey: '2026-01-04' } });
    await gate.redis.set(dayCounter(gate), '7');
    await settle(gate, job, request.attemptId, 'released');
    expect(await gate.redis.get(gate.keys.sent('sandbox', 'day', '2026-01-04'))).toBe('0');
    expect(await gate.redis.get(dayCounter(gate))).toBe('7');
  });

  const dueIn = async (job: DispatchActionJob): Promise<number> =>
    Number(await gate.redis.zscore(gate.keys.actionsQueued, job.actionId)) - Date.now();
  const released = async (job: DispatchActionJob, attemptId: string, part: Partial<Settlement> = {}) => {
    await settle(gate, job, attemptId, 'released', {
      backoff: { firstMs: 10_000, maxMs: 60_000, attemptsMax: 100 },
      ...part,
    });
    return Math.round((await dueIn(job)) / 10_000) * 10;
  };

  test('ends nothing however often it happens: the action waits twice as long each time, up to the maximum', async () => {
    const { job, attemptId, admit } = await sending(gate);
    const waits = [await released(job, attemptId)];
    for (let tries = 0; tries < 6; tries += 1) waits.push(await released(job, await admit(job)));
    expect(waits).toEqual([10, 20, 40, 60, 60, 60, 60]);
    expect(await gate.actions.receipts([job.actionId])).toMatchObject([
      { outcome: 'queued', reason: 'a_code', attempts: 7, deferredUntil: expect.stringMatching(/Z$/) },
    ]);
    expect(await gate.redis.get(dayCounter(gate))).toBe('0');
    expect(await gate.redis.hlen(gate.keys.inFlight('sandbox'))).toBe(0);
    expect(await gate.batches.read(job.batchId)).toMatchObject({ status: 'executing' });
  });

  test('waits as long as the provider asks, when that is longer', async () => {
    const { job, attemptId, admit } = await sending(gate);
    expect(await released(job, attemptId, { retryAfterMs: 600_000 })).toBe(600);
    expect(await released(job, await admit(job), { retryAfterMs: 1 })).toBe(20);
  });

  test('is due no later than its batch expires, where the last check ends it by name', async () => {
    const { job, batch, attemptId } = await sending(gate);
    const expiresAt = Number(await gate.redis.hget(gate.keys.batch(batch.batchId), 'expiresAtMs'));
    await settle(gate, job, attemptId, 'released', { retryAfterMs: 10 * 86_400_000 });
    expect(Number(await gate.redis.zscore(gate.keys.actionsQueued, job.actionId))).toBe(expiresAt);
    await gate.redis.hset(gate.keys.batch(batch.batchId), 'expiresAtMs', '1');
    const digest = batch.actions[0]?.contentDigest ?? '';
    expect(await gate.actions.admit(admissible(gate, job, digest))).toMatchObject({ code: 'batch_expired' });
    expect(await gate.batches.read(batch.batchId)).toMatchObject({
      status: 'failed',
      counts: { blocked: 1 },
    });
  });

  test('is counted by what it waits for, with the time of the next try', async () => {
    const { jobs, admit } = await executing(gate, 3);
    const [one, two] = jobs;
    if (one === undefined || two === undefined) throw new Error('three jobs');
    for (const job of [one, two]) {
      await settle(gate, job, await admit(job), 'released', {
        code: 'provider_unauthorised',
        retryAfterMs: 5_000,
      });
    }
    const [most, rest] = await gate.actions.queuedByReason();
    const receipts = await gate.actions.receipts([one.actionId, two.actionId]);
    expect(most).toEqual({
      reason: 'provider_unauthorised',
      count: 2,
      nextAt: receipts.map(({ deferredUntil }) => deferredUntil).sort()[0],
    });
    expect(rest).toMatchObject({ reason: null, count: 1 });
  });
});
