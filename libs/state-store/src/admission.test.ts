// Risk: the atomic gate lets a send through that a rule forbids, or disagrees with the readable decision.
import { type AdmissionCode, admissionKindOf, type DispatchActionJob } from '@caio/contracts';
import { type AdmissionFacts, type AdmissionRules, decideAdmission } from '@caio/dispatch-core';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AdmissionRequest } from './action-store.ts';
import { admissible, openClock, settleAs } from './testing/admission-request.ts';
import { createGateFixture, type Gate, type GateFixture, pseudonymOf } from './testing/gate-fixture.ts';

let fixture: GateFixture;
beforeAll(async () => {
  fixture = await createGateFixture();
});
afterAll(() => fixture.close());

const first = <T>(list: readonly T[]): T => {
  const item = list[0];
  if (item === undefined) throw new Error('expected at least one');
  return item;
};

const ready = async (count = 1) => {
  const gate = await fixture.createGate();
  const { batch, jobs } = await gate.executing(count);
  return { gate, batch, job: first(jobs), jobs, digest: first(batch.actions).contentDigest };
};
type Ready = Awaited<ReturnType<typeof ready>>;

const refusals: [
  AdmissionCode,
  (at: Ready) => Promise<Partial<AdmissionRequest>> | Partial<AdmissionRequest>,
][] = [
  ['store_recovering', async ({ gate }) => (await gate.redis.hset(gate.keys.store, 'recovering', '1'), {})],
  [
    'store_recovering',
    async ({ gate }) => (await gate.redis.hset(gate.keys.store, 'runId', 'another run'), {}),
  ],
  [
    'action_not_queued',
    async ({ gate, job }) => (
      await gate.redis.hset(gate.keys.action(job.actionId), 'status', 'handed_over'),
      {}
    ),
  ],
  ['fence_lost', ({ job }) => ({ job: { ...job, fence: job.fence + 1 } })],
  ['halted', async ({ gate }) => (await gate.lists.setHalt('stop', 'op', 'why', 'correlation-1'), {})],
  ['halted', () => ({ haltedByEnvironment: true })],
  [
    'batch_not_executing',
    async ({ gate, batch }) => (
      await gate.redis.hset(gate.keys.batch(batch.batchId), 'status', 'revoked'),
      {}
    ),
  ],
  [
    'batch_expired',
    async ({ gate, batch }) => (
      await gate.redis.hset(gate.keys.batch(batch.batchId), 'expiresAtMs', '1'),
      {}
    ),
  ],
  ['content_mismatch', () => ({ digest: '0'.repeat(64) })],
  [
    'suppressed',
    async ({ gate, job }) => {
      const at = '2026-01-05T12:00:00.000Z';
      const entry = {
        personKey: 'email:a@acme.example',
        reason: 'unsubscribed',
        source: 'test',
        at,
        by: 'x',
      } as const;
      await gate.lists.suppress(
        new Map([[pseudonymOf(job.actionId), entry]]),
        'x',
        'unsubscribed',
        'correlation-1',
      );
      return {};
    },
  ],
  [
    'excluded',
    async ({ gate, job }) => (
      await gate.redis.hset(gate.keys.exclusions, `domain:of-${job.actionId}`, '{}'),
      {}
    ),
  ],
  [
    'excluded',
    async ({ gate }) => (await gate.redis.hset(gate.keys.exclusions, 'domain:company1.example', '{}'), {}),
  ],
  [
    'contact_too_recent',
    async ({ gate, job }) => (
      await gate.redis.hset(gate.keys.contacts('sandbox'), `person of ${job.actionId}`, Date.now() - 1_000),
      {}
    ),
  ],
  [
    'person_in_flight',
    async ({ gate, job }) => (
      await gate.redis.hset(gate.keys.inFlight('sandbox'), `person of ${job.actionId}`, 'act_other'),
      {}
    ),
  ],
  ['route_forbidden', () => ({ routeAllowed: false })],
  ['mode_changed', () => ({ mode: 'live' })],
  ['policy_changed', () => ({ policyVersion: 'policy-2' })],
  [
    'tier_not_allowed',
    ({ gate, job, digest }) => ({
      rules: { ...admissible(gate, job, digest).rules, tiersAllowed: ['tier_2'] },
    }),
  ],
  [
    'not_allow_listed',
    async ({ gate, job }) => (
      await gate.redis.hset(gate.keys.action(job.actionId), 'mode', 'allow-list'),
      { mode: 'allow-list' }
    ),
  ],
  [
    'too_late',
    async ({ gate, batch }) => (
      await gate.redis.hset(gate.keys.batch(batch.batchId), 'claimedAtMs', '1'),
      {}
    ),
  ],
  ['outside_window', () => ({ clock: openClock(Date.now(), { windowOpen: false }) })],
  [
    'gap',
    async ({ gate, job, digest }) => {
      await gate.redis.set(gate.keys.lastSend('sandbox', 'email:sam@outreach.example'), Date.now());
      return { rules: { ...admissible(gate, job, digest).rules, gapMs: 60_000 } };
    },
  ],
  ...(['hour', 'day', 'month', 'domain', 'mailbox'] as const).map(
    (period): [AdmissionCode, (at: Ready) => Partial<AdmissionRequest>] => [
      `cap_${period}`,
      ({ gate, job, digest }) => {
        const { rules } = admissible(gate, job, digest);
        return { rules: { ...rules, caps: { ...rules.caps, [period]: 0 } } };
      },
    ],
  ),
  ['clock_skew', () => ({ callerNowMs: Date.now() - 5_000 })],
  ['clock_skew', () => ({ clock: openClock(Date.now() - 7_200_000) })],
];

describe.each(refusals)('%s', (code, arrange) => {
  test(`is a ${admissionKindOf(code)}, sends nothing and reserves nothing`, async () => {
    const at = await ready();
    const { gate, job } = at;
    const request = admissible(gate, job, at.digest, await arrange(at));
    const before = await gate.redis.hgetall(gate.keys.action(job.actionId));
    const answer = await gate.actions.admit(request);
    expect(answer).toMatchObject({ admitted: false, code });
    const after = await gate.redis.hgetall(gate.keys.action(job.actionId));
    if (admissionKindOf(code) === 'noop') expect(after).toEqual(before);
    if (admissionKindOf(code) === 'deny') expect(after).toMatchObject({ status: 'blocked', reason: code });
    if (admissionKindOf(code) === 'defer') {
      expect(after).toMatchObject({ status: 'queued', reason: code });
      // Due again when the answer says, not when the sweep that handed it out would come back to it.
      expect(await gate.redis.zscore(gate.keys.actionsQueued, job.actionId)).toBe(
        answer.admitted ? '' : answer.detail,
      );
      expect(after['deferredUntil']).toBe(answer.admitted ? '' : answer.detail);
    }
    expect(await gate.redis.exists(gate.keys.sent('sandbox', 'day', '2026-01-05'))).toBe(0);
    expect(await gate.redis.zcard(gate.keys.actionsSending)).toBe(0);
  });
});

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

test('the script and the readable decision agree on any combination of facts', async () => {
  const gate: Gate = await fixture.createGate();
  const { batch, jobs } = await gate.executing(1);
  const job: DispatchActionJob = first(jobs);
  const digest = first(batch.actions).contentDigest;
  const person = `person of ${job.actionId}`;
  const limits = { hour: 2, day: 2, month: 2, domain: 2, mailbox: 2 };
  const rules: AdmissionRules = {
    tiersAllowed: ['tier_1'],
    recontactMs: 60_000,
    latenessMaxMs: 3_600_000,
    gapMs: 30_000,
    caps: limits,
  };
  // Mostly `false`, so that the late rules are reached as often as the early ones.
  const rarely = fc.integer({ min: 0, max: 9 }).map((roll) => roll === 0);
  const count = fc.integer({ min: 0, max: 12 }).map((roll) => (roll === 12 ? 2 : roll % 2));
  const world = fc.record({
    storeRecovering: rarely,
    notQueued: rarely,
    fenceLost: rarely,
    halted: rarely,
    notExecuting: rarely,
    expired: rarely,
    mismatch: rarely,
    suppressed: rarely,
    excluded: rarely,
    recent: rarely,
    inFlight: rarely,
    routeForbidden: rarely,
    modeChanged: rarely,
    policyChanged: rarely,
    wrongTier: rarely,
    late: rarely,
    closed: rarely,
    gap: rarely,
    skewed: rarely,
    hour: count,
    day: count,
    month: count,
    domain: count,
    mailbox: count,
  });
  await fc.assert(
    fc.asyncProperty(world, async (w) => {
      const now = Date.now();
      const { keys, redis } = gate;
      const clock = openClock(now, { windowOpen: !w.closed });
      const counters = {
        hour: keys.sent('sandbox', 'hour', clock.hourKey),
        day: keys.sent('sandbox', 'day', clock.dayKey),
        month: keys.sent('sandbox', 'month', clock.monthKey),
        domain: keys.sent('sandbox', 'domain', clock.dayKey, 'acme.example'),
        mailbox: keys.sent('sandbox', 'mailbox', clock.dayKey, 'email:sam@outreach.example'),
      };
      const set = redis.multi();
      set.hset(keys.store, { runId: gate.session.runId() ?? '', recovering: w.storeRecovering ? '1' : '0' });
      set.hset(keys.action(job.actionId), {
        status: w.notQueued ? 'handed_over' : 'queued',
        attemptId: '',
        tier: w.wrongTier ? 'tier_2' : 'tier_1',
      });
      set.hset(keys.halt, 'active', w.halted ? '1' : '0');
      set.hset(keys.batch(batch.batchId), {
        status: w.notExecuting ? 'revoked' : 'executing',
        expiresAtMs: w.expired ? 1 : now + 3_600_000,
        claimedAtMs: w.late ? 1 : now - 1_000,
      });
      set.del(
        keys.suppressions,
        keys.exclusions,
        keys.contacts('sandbox'),
        keys.inFlight('sandbox'),
        ...Object.values(counters),
      );
      set.del(keys.lastSend('sandbox', 'email:sam@outreach.example'));
      if (w.suppressed) set.hset(keys.suppressions, pseudonymOf(job.actionId), '{}');
      if (w.excluded) set.hset(keys.exclusions, `domain:of-${job.actionId}`, '{}');
      if (w.recent) set.hset(keys.contacts('sandbox'), person, now - 10_000);
      if (w.inFlight) set.hset(keys.inFlight('sandbox'), person, 'act_other');
      if (w.gap) set.set(keys.lastSend('sandbox', 'email:sam@outreach.example'), now - 10_000);
      for (const period of ['hour', 'day', 'month', 'domain', 'mailbox'] as const)
        set.set(counters[period], w[period]);
      await set.exec();

      const facts: AdmissionFacts = {
        storeRecovering: w.storeRecovering,
        actionStatus: w.notQueued ? 'handed_over' : 'queued',
        fenceHeld: !w.fenceLost,
        halted: w.halted,
        batchStatus: w.notExecuting ? 'revoked' : 'executing',
        expiresAtMs: w.expired ? 1 : now + 3_600_000,
        claimedAtMs: w.late ? 1 : now - 1_000,
        digestMatches: !w.mismatch,
        suppressed: w.suppressed,
        excluded: w.excluded,
        lastContactMs: w.recent ? now - 10_000 : null,
        personInFlight: w.inFlight,
        routeAllowed: !w.routeForbidden,
        modeUnchanged: !w.modeChanged,
        policyUnchanged: !w.policyChanged,
        tier: w.wrongTier ? 'tier_2' : 'tier_1',
        allowListed: true,
        lastSendOfMailboxMs: w.gap ? now - 10_000 : null,
        counts: { hour: w.hour, day: w.day, month: w.month, domain: w.domain, mailbox: w.mailbox },
      };
      const callerNowMs = w.skewed ? now - 10_000 : now;
      const expected = decideAdmission(facts, rules, { nowMs: now, callerNowMs, ...clock });
      const answer = await gate.actions.admit(
        admissible(
          gate,
          w.fenceLost ? { ...job, fence: job.fence + 7 } : job,
          w.mismatch ? 'f'.repeat(64) : digest,
          {
            rules,
            clock,
            callerNowMs,
            routeAllowed: !w.routeForbidden,
            mode: w.modeChanged ? 'live' : 'sandbox',
            policyVersion: w.policyChanged ? 'policy-2' : 'policy-1',
          },
        ),
      );
      expect(answer.admitted ? 'admitted' : answer.code).toBe(expected);
    }),
    { numRuns: 600 },
  );
});
