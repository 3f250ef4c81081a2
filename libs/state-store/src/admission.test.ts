// Risk: the atomic gate lets a send through that a rule forbids, or counts it wrongly.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createOptOuts } from './opt-outs.ts';
import { admissible, firstOf, settleAs } from './testing/admission-request.ts';
import { createGateFixture, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
beforeAll(async () => {
  fixture = await createGateFixture();
});
afterAll(() => fixture.close());

const ready = async (count = 1) => {
  const gate = await fixture.createGate();
  const { batch, jobs } = await gate.executing(count);
  return { gate, batch, job: firstOf(jobs), jobs, digest: firstOf(batch.actions).contentDigest };
};

test('an admission reserves every counter and the person, and the same attempt is told the same again', async () => {
  const { gate, job, digest } = await ready();
  const request = admissible(gate, job, digest);
  const once = await gate.actions.admit(request);
  expect(once).toMatchObject({ admitted: true });
  expect(await gate.actions.admit(request)).toEqual(once);
  expect(await gate.redis.get(gate.keys.sent('sandbox', 'day', '2026-01-05'))).toBe('1');
  expect(await gate.redis.hget(gate.keys.inFlight('sandbox'), `person of ${job.actionId}`)).toBe(
    job.actionId,
  );
  expect(await gate.actions.admit(admissible(gate, job, digest))).toMatchObject({
    code: 'action_not_queued',
  });
  // Found by the sweep when its lease runs out, and no longer by the one that enqueues.
  expect(Number(await gate.redis.zscore(gate.keys.actionsSending, job.actionId))).toBeGreaterThan(Date.now());
  expect(await gate.redis.zscore(gate.keys.actionsQueued, job.actionId)).toBeNull();
});

test('what an admission counts goes by itself when it cannot matter any more, not before', async () => {
  const { gate, job, digest } = await ready();
  const day = 86_400;
  await gate.actions.admit(admissible(gate, job, digest));
  for (const [key, secondsMin] of [
    [gate.keys.sent('sandbox', 'hour', '2026-01-05T10'), 2 * day],
    [gate.keys.sent('sandbox', 'day', '2026-01-05'), 2 * day],
    [gate.keys.sent('sandbox', 'domain', '2026-01-05', 'acme.example'), 2 * day],
    [gate.keys.sent('sandbox', 'mailbox', '2026-01-05', 'email:sam@outreach.example'), 2 * day],
    [gate.keys.sent('sandbox', 'month', '2026-01'), 32 * day],
  ] as const) {
    expect(await gate.redis.ttl(key)).toBeGreaterThan(secondsMin);
    expect(await gate.redis.ttl(key)).toBeLessThan(60 * day);
  }
});

test('LinkedIn and e-mail count apart: neither uses up the other’s day, hour, domain or rest', async () => {
  const { gate, jobs, batch } = await ready(4);
  const digests = new Map(batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]));
  const answers: unknown[] = [];
  for (const [index, channel] of (['email', 'linkedin', 'linkedin', 'email'] as const).entries()) {
    const job = jobs[index];
    if (job === undefined) throw new Error('four jobs');
    const request = admissible(gate, job, digests.get(job.actionId) ?? '', { channel });
    const caps = { hour: 1, day: 1, month: 1, domain: 1, mailbox: 1 };
    // A minute's rest of the one keeps the other from nothing; without a rest the caps answer.
    const gapMs = index < 2 ? 60_000 : 0;
    answers.push(await gate.actions.admit({ ...request, rules: { ...request.rules, gapMs, caps } }));
  }
  expect(answers).toMatchObject([
    { admitted: true },
    { admitted: true },
    { code: 'cap_hour' },
    { code: 'cap_hour' },
  ]);
  for (const channel of ['email', 'linkedin'] as const) {
    expect(await gate.actions.sentOn({ ledger: 'sandbox', channel }, '2026-01-05')).toBe(1);
  }
});

test('a mailbox rests between two messages, for as long as the policy says and no longer', async () => {
  const { gate, jobs, batch } = await ready(2);
  const digests = new Map(batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]));
  const [one, two] = jobs.map((job) => {
    const request = admissible(gate, job, digests.get(job.actionId) ?? '');
    return { ...request, rules: { ...request.rules, gapMs: 60_000 } };
  });
  if (one === undefined || two === undefined) throw new Error('two jobs');
  expect(await gate.actions.admit(one)).toMatchObject({ admitted: true });
  const key = gate.keys.lastSend('sandbox', two.senderKey);
  const sentAt = Number(await gate.redis.get(key));
  expect(await gate.actions.admit(two)).toEqual({
    admitted: false,
    code: 'gap',
    detail: String(sentAt + 60_000),
  });
  const leftMs = await gate.redis.pttl(key);
  expect(leftMs).toBeGreaterThan(50_000);
  expect(leftMs).toBeLessThanOrEqual(60_000);
  await gate.redis.set(key, sentAt - 60_001);
  expect(await gate.actions.admit(two)).toMatchObject({ admitted: true });
});

test('in allow-list mode the listed person is written to and nobody else', async () => {
  const { gate, jobs, batch } = await ready(2);
  const digests = new Map(batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]));
  const [listed, other] = jobs;
  if (listed === undefined || other === undefined) throw new Error('two jobs');
  await gate.redis.sadd(gate.keys.allowList, `person of ${listed.actionId}`);
  const answers = [];
  for (const job of [listed, other]) {
    await gate.redis.hset(gate.keys.action(job.actionId), 'mode', 'allow-list');
    const request = admissible(gate, job, digests.get(job.actionId) ?? '', { mode: 'allow-list' });
    answers.push(await gate.actions.admit(request));
  }
  expect(answers).toMatchObject([{ admitted: true }, { admitted: false, code: 'not_allow_listed' }]);
});

test('while the store is compared, an action that is settled already is not put back in line', async () => {
  const { gate, job, digest } = await ready();
  const request = admissible(gate, job, digest);
  await gate.actions.admit(request);
  await settleAs(gate, job, request.attemptId, 'handed_over');
  await gate.redis.hset(gate.keys.store, 'recovering', '1');
  const before = await gate.redis.hgetall(gate.keys.action(job.actionId));
  expect(await gate.actions.admit(admissible(gate, job, digest))).toMatchObject({ code: 'store_recovering' });
  expect(await gate.redis.hgetall(gate.keys.action(job.actionId))).toEqual(before);
  expect(await gate.redis.zcard(gate.keys.actionsQueued)).toBe(0);
});

test('an opt-out that still waits to be worked on blocks, under any of the names it may have come by', async () => {
  const { gate, job, digest } = await ready();
  await createOptOuts(gate.session).record(['linkedin:somebody', `email:of-${job.actionId}`], 'delivery-1');
  expect(await gate.actions.admit(admissible(gate, job, digest))).toMatchObject({ code: 'suppressed' });
});

test('of many workers with the same action exactly one is admitted', async () => {
  const { gate, job, digest } = await ready();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => gate.actions.admit(admissible(gate, job, digest))),
  );
  expect(answers.filter(({ admitted }) => admitted)).toHaveLength(1);
});

test('a cap is exact under parallel workers', async () => {
  const { gate, jobs, batch } = await ready(20);
  const digests = new Map(batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]));
  const answers = await Promise.all(
    jobs.map((job) => {
      const request = admissible(gate, job, digests.get(job.actionId) ?? '');
      return gate.actions.admit({
        ...request,
        rules: { ...request.rules, caps: { ...request.rules.caps, day: 7 } },
      });
    }),
  );
  expect(answers.filter(({ admitted }) => admitted)).toHaveLength(7);
  expect(answers.filter((answer) => !answer.admitted && answer.code === 'cap_day')).toHaveLength(13);
});

test('a release gives each reservation back exactly once and the action can be sent again', async () => {
  const { gate, job, digest } = await ready();
  const request = admissible(gate, job, digest);
  await gate.actions.admit(request);
  expect(await settleAs(gate, job, request.attemptId, 'released')).toEqual({
    settled: true,
    status: 'queued',
  });
  expect(await settleAs(gate, job, request.attemptId, 'released')).toMatchObject({ settled: false });
  expect(await gate.redis.get(gate.keys.sent('sandbox', 'day', '2026-01-05'))).toBe('0');
  expect(await gate.redis.hlen(gate.keys.inFlight('sandbox'))).toBe(0);
  expect(await gate.actions.admit(admissible(gate, job, digest))).toMatchObject({ admitted: true });
});

test('only the attempt that was admitted may settle, and a settled action stays settled', async () => {
  const { gate, job, digest } = await ready();
  const request = admissible(gate, job, digest);
  await gate.actions.admit(request);
  expect(await settleAs(gate, job, 'att_somebody_else', 'handed_over')).toEqual({
    settled: false,
    status: 'sending',
  });
  expect(await settleAs(gate, job, request.attemptId, 'handed_over')).toEqual({
    settled: true,
    status: 'handed_over',
  });
  expect(await settleAs(gate, job, request.attemptId, 'released')).toEqual({
    settled: false,
    status: 'handed_over',
  });
  expect((await gate.batches.read(job.batchId))?.status).toBe('executed');
});

test('a lease that ran out becomes unknown, keeps its reservations and is never admitted again', async () => {
  const { gate, job, digest } = await ready();
  const request = admissible(gate, job, digest, { leaseMs: 1 });
  await gate.actions.admit(request);
  await gate.redis.zadd(gate.keys.actionsSending, 1, job.actionId);
  expect(await gate.actions.loseExpired(10)).toEqual([job.actionId]);
  expect(await gate.actions.admit(admissible(gate, job, digest))).toMatchObject({
    code: 'action_not_queued',
    detail: 'unknown',
  });
  expect(await gate.redis.get(gate.keys.sent('sandbox', 'day', '2026-01-05'))).toBe('1');
  expect((await gate.batches.read(job.batchId))?.counts).toMatchObject({ unknown: 1, sending: 0 });
  expect(await settleAs(gate, job, request.attemptId, 'handed_over')).toEqual({
    settled: true,
    status: 'handed_over',
  });
});
