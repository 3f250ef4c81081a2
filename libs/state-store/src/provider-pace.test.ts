// Risk: workers hammer a provider that is down, never try it again, or together ask more of it than it allows.
import type { DispatchActionJob } from '@caio/contracts';
import type { ProviderPace } from '@caio/dispatch-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { ProviderVerdict } from './action-settlement.ts';
import { createProviderStandings } from './provider-standings.ts';
import { admissible } from './testing/admission-request.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';
import { dayCounter, executing, settle } from './testing/sending.ts';

let fixture: GateFixture;
let gate: Gate;
let key: string;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
  key = gate.keys.providerPace('sandbox', 'instantly');
});
afterAll(() => fixture.close());

const rules = { faultsMax: 3, restFirstMs: 10_000, restMaxMs: 30_000 };
const boundless: ProviderPace = { ...rules, requestsPerSend: 0, windows: [] };
const standing = () =>
  createProviderStandings(gate.session).read({
    ...{ ledger: 'sandbox', provider: 'instantly', faultsMax: rules.faultsMax },
  });

/** A batch whose actions are offered to the gate one after the other. */
const offering = async (count: number, pace: ProviderPace = boundless) => {
  const { batch, jobs } = await executing(gate, count);
  const digests = new Map(batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]));
  const ask = async (job: DispatchActionJob) => {
    const request = admissible(gate, job, digests.get(job.actionId) ?? '', { pace });
    return { attemptId: request.attemptId, answer: await gate.actions.admit(request) };
  };
  /** What the provider made of an action; what the gate answered when it let nothing through. */
  const send = async (job: DispatchActionJob, verdict: ProviderVerdict, waitMs = 0): Promise<string> => {
    const { attemptId, answer } = await ask(job);
    if (!answer.admitted) return answer.code;
    const heard = { provider: 'instantly', verdict, rules } as const;
    const to = verdict === 'answers' ? 'handed_over' : 'released';
    const { provider } = await settle(gate, job, attemptId, to, { heard, retryAfterMs: waitMs });
    return provider ?? verdict;
  };
  return { jobs, ask, send };
};
const fail = async (
  send: (job: DispatchActionJob, verdict: ProviderVerdict) => Promise<string>,
  job: DispatchActionJob,
) => {
  for (let fault = 0; fault < rules.faultsMax; fault += 1) await send(job, 'fails');
};
/** Time passes for the provider. */
const passRest = () => gate.redis.hset(key, 'restUntil', 1, 'waitUntil', 1);

const one = (jobs: readonly DispatchActionJob[], at = 0): DispatchActionJob => {
  const job = jobs[at];
  if (job === undefined) throw new Error('a job');
  return job;
};

describe('a provider that fails', () => {
  test('rests after so many faults in a row, whoever met them, and nobody is admitted or counted meanwhile', async () => {
    const { jobs, send, ask } = await offering(4);
    expect([await send(one(jobs), 'fails'), await send(one(jobs, 1), 'fails')]).toEqual(['fails', 'fails']);
    expect(await standing()).toMatchObject({ state: 'failing', faults: 2, reason: 'a_code', until: null });
    expect(await send(one(jobs, 2), 'fails')).toBe('rests');
    const { answer } = await ask(one(jobs, 3));
    expect(answer).toMatchObject({ admitted: false, code: 'provider_resting' });
    expect(await gate.redis.get(dayCounter(gate))).toBe('0');
    expect(await standing()).toMatchObject({
      state: 'resting',
      faults: 3,
      since: expect.stringMatching(/Z$/),
    });
    expect(await gate.actions.receipts([one(jobs, 3).actionId])).toMatchObject([
      { outcome: 'queued', reason: 'provider_resting', attempts: 0 },
    ]);
  });

  test('does not rest when an answer comes in between', async () => {
    const { jobs, send } = await offering(2);
    for (const verdict of ['fails', 'fails', 'answers', 'fails', 'fails'] as const) {
      expect(await send(one(jobs, verdict === 'answers' ? 1 : 0), verdict)).toBe(verdict);
    }
  });

  test('is tried by one message when its rest is over; the others wait for what becomes of it', async () => {
    const { jobs, ask, send } = await offering(3);
    await fail(send, one(jobs));
    await passRest();
    expect(await standing()).toMatchObject({ state: 'trying' });
    const probe = await ask(one(jobs));
    expect(probe.answer).toMatchObject({ admitted: true });
    expect((await ask(one(jobs, 1))).answer).toMatchObject({ code: 'provider_resting' });
    const heard = { provider: 'instantly', verdict: 'answers', rules } as const;
    expect(await settle(gate, one(jobs), probe.attemptId, 'handed_over', { heard })).toMatchObject({
      provider: 'works',
    });
    expect(await standing()).toMatchObject({ state: 'working', faults: 0, reason: null, since: null });
    expect(await send(one(jobs, 1), 'answers')).toBe('answers');
  });

  test('rests twice as long after each probe that fails, up to the maximum', async () => {
    const { jobs, send } = await offering(1);
    await fail(send, one(jobs));
    const rests: number[] = [];
    for (let probe = 0; probe < 4; probe += 1) {
      rests.push(Math.round((Number(await gate.redis.hget(key, 'restUntil')) - Date.now()) / 1_000));
      await passRest();
      await send(one(jobs), 'fails');
    }
    expect(rests).toEqual([10, 20, 30, 30]);
  });

  test('is tried by another message when the first probe never reached it, or its process died', async () => {
    const { jobs, ask, send } = await offering(3);
    await fail(send, one(jobs));
    await passRest();
    expect(await send(one(jobs), 'nothing')).toBe('nothing');
    expect((await ask(one(jobs, 1))).answer).toMatchObject({ admitted: true });
    await gate.redis.hset(key, 'probeUntil', 1);
    expect((await ask(one(jobs, 2))).answer).toMatchObject({ admitted: true });
  });

  test('does not rest longer through what was on its way when the rest began', async () => {
    const { jobs, ask, send } = await offering(4);
    const late = await ask(one(jobs, 3));
    await fail(send, one(jobs));
    const until = await gate.redis.hget(key, 'restUntil');
    const heard = { provider: 'instantly', verdict: 'fails', rules } as const;
    await settle(gate, one(jobs, 3), late.attemptId, 'unknown', { heard });
    expect(await gate.redis.hget(key, 'restUntil')).toBe(until);
  });
});

test('a provider that asks for fewer calls is asked by nobody until then, and it is no fault', async () => {
  const { jobs, ask, send } = await offering(2);
  await send(one(jobs), 'fails');
  expect(await send(one(jobs), 'asks_to_wait', 60_000)).toBe('asks_to_wait');
  const { answer } = await ask(one(jobs, 1));
  expect(answer).toMatchObject({ code: 'provider_resting' });
  expect(Math.round((Number(answer.admitted ? 0 : answer.detail) - Date.now()) / 1_000)).toBe(60);
  expect(await standing()).toMatchObject({ state: 'waiting', faults: 0, reason: 'a_code' });
  await passRest();
  expect(await send(one(jobs, 1), 'answers')).toBe('answers');
});

describe('a rate budget', () => {
  const budget = (requestsMax: number): ProviderPace => ({
    ...{ ...boundless, requestsPerSend: 2 },
    windows: [{ windowMs: 60_000, requestsMax }],
  });

  test('is taken by many workers at once without anybody being let through too much', async () => {
    const { jobs, ask } = await offering(20, budget(12));
    const answers = await Promise.all(jobs.map((job) => ask(job)));
    // Half of the window's requests at once, two for each send; the rest flows in over the window.
    expect(answers.filter(({ answer }) => answer.admitted)).toHaveLength(3);
    expect(new Set(answers.flatMap(({ answer }) => (answer.admitted ? [] : [answer.code])))).toEqual(
      new Set(['rate_budget']),
    );
  });

  test('hands those who wait one turn after the other, at the pace of the budget', async () => {
    const { jobs, ask } = await offering(6, budget(12));
    const turns: number[] = [];
    for (const job of jobs) {
      const { answer } = await ask(job);
      if (!answer.admitted) turns.push(Number(answer.detail) - Date.now());
    }
    expect(turns.map((turn) => Math.round(turn / 1_000))).toEqual([20, 40, 60]);
  });

  test('fills again as time passes, and no further than its measure', async () => {
    const { jobs, ask } = await offering(8, budget(12));
    for (const job of jobs.slice(0, 4)) await ask(job);
    await gate.redis.hincrby(key, 'at:60000', -20_000);
    expect((await ask(one(jobs, 4))).answer).toMatchObject({ admitted: true });
    expect((await ask(one(jobs, 5))).answer).toMatchObject({ code: 'rate_budget' });
    await gate.redis.hset(key, 'at:60000', 1);
    const answers = await Promise.all(jobs.slice(5).map((job) => ask(job)));
    expect(answers.map(({ answer }) => answer.admitted)).toEqual([true, true, true]);
    expect(Number(await gate.redis.hget(key, 'left:60000'))).toBeCloseTo(0, 1);
  });
});

test('what was tried as often as the policy allows is refused, gives everything back and ends its batch', async () => {
  const { jobs, ask } = await offering(1);
  const backoff = { firstMs: 1, maxMs: 1, attemptsMax: 3 };
  const outcomes: string[] = [];
  for (let tries = 0; tries < 3; tries += 1) {
    const { attemptId } = await ask(one(jobs));
    outcomes.push((await settle(gate, one(jobs), attemptId, 'released', { backoff })).status);
  }
  expect(outcomes).toEqual(['queued', 'queued', 'refused']);
  expect(await gate.actions.receipts([one(jobs).actionId])).toMatchObject([
    { outcome: 'refused', reason: 'retries_exhausted', proof: 'the last try: a_code', attempts: 3 },
  ]);
  expect((await ask(one(jobs))).answer).toMatchObject({ code: 'action_not_queued' });
  expect(await gate.redis.get(dayCounter(gate))).toBe('0');
  expect(await gate.redis.hlen(gate.keys.inFlight('sandbox'))).toBe(0);
  expect(await gate.batches.read(one(jobs).batchId)).toMatchObject({ status: 'failed' });
});
