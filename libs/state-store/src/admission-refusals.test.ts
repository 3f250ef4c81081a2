// Risk: a rule that forbids a send is asked and not obeyed, or its refusal reserves, sends or hides something.
import { type AdmissionCode, admissionCodes, admissionKindOf } from '@caio/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { AdmissionRequest } from './action-admission.ts';
import { createAuditLog } from './audit-log.ts';
import { admissible, openClock } from './testing/admission-request.ts';
import { createGateFixture, type GateFixture, pseudonymOf } from './testing/gate-fixture.ts';

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
  ['fence_lost', ({ gate, job }) => ({ job: { ...job, executionId: gate.ids.executionId() } })],
  ...(['action', 'batch'] as const).flatMap((record) =>
    (['fence', 'executionId'] as const).map(
      (field): [AdmissionCode, (at: Ready) => Promise<Partial<AdmissionRequest>>] => [
        'fence_lost',
        async ({ gate, job }) => {
          const key = record === 'action' ? gate.keys.action(job.actionId) : gate.keys.batch(job.batchId);
          await gate.redis.hset(key, field, '99');
          return {};
        },
      ],
    ),
  ),
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
  ['customers_stale', () => ({ customerList: 'required' })],
  ...(['restUntil', 'waitUntil', 'probeUntil'] as const).map(
    (until): [AdmissionCode, (at: Ready) => Promise<Partial<AdmissionRequest>>] => [
      'provider_resting',
      async ({ gate }) => {
        const faults = until === 'waitUntil' ? 0 : 5;
        const facts = { faults, restUntil: 1, [until]: Date.now() + 60_000 };
        await gate.redis.hset(gate.keys.providerPace('sandbox', 'instantly'), facts);
        return {};
      },
    ],
  ),
  [
    'rate_budget',
    async ({ gate, job, digest }) => {
      const { pace } = admissible(gate, job, digest);
      const spent = { 'left:1000': 2, 'at:1000': Date.now() + 1_000 };
      await gate.redis.hset(gate.keys.providerPace('sandbox', 'instantly'), spent);
      return {
        pace: { ...pace, requestsPerSend: 3, windows: [{ windowMs: 1_000, requestsMax: 30 }] },
      };
    },
  ],
];

describe.each(refusals)('%s', (code, arrange) => {
  test(`is a ${admissionKindOf(code)}, sends nothing and reserves nothing`, async () => {
    const at = await ready();
    const { gate, job } = at;
    const request = admissible(gate, job, at.digest, await arrange(at));
    const before = await gate.redis.hgetall(gate.keys.action(job.actionId));
    const rowsBefore = await gate.redis.xlen(gate.keys.audit);
    const askedAt = Date.now();
    const answer = await gate.actions.admit(request);
    expect(answer).toMatchObject({ admitted: false, code });
    const rows = (await createAuditLog(gate.session).rowsAfter('', 1_000)).slice(rowsBefore);
    const after = await gate.redis.hgetall(gate.keys.action(job.actionId));
    if (admissionKindOf(code) === 'noop') expect(after).toEqual(before);
    if (admissionKindOf(code) === 'deny') {
      expect(after).toMatchObject({ status: 'blocked', reason: code });
      const kind = code === 'content_mismatch' ? 'alarm' : 'action.blocked';
      expect(rows.map(({ row }) => row)).toMatchObject([
        { kind, code, ref: job.actionId, to: 'blocked', cid: 'correlation-1' },
        ...(code === 'batch_not_executing' ? [] : [{ kind: 'batch.finished', to: 'failed' }]),
      ]);
    } else {
      expect(rows.map(({ row }) => `${row.kind} ${row.code}`)).toEqual(
        code === 'clock_skew' ? ['alarm clock_skew'] : [],
      );
    }
    if (admissionKindOf(code) === 'defer') {
      expect(after).toMatchObject({ status: 'queued', reason: code });
      // Due again when the answer says, not when the sweep that handed it out would come back to it.
      expect(await gate.redis.zscore(gate.keys.actionsQueued, job.actionId)).toBe(
        answer.admitted ? '' : answer.detail,
      );
      expect(after['deferredUntil']).toBe(answer.admitted ? '' : answer.detail);
      expect(Number(after['deferredUntil'])).toBeGreaterThan(askedAt);
    }
    expect(await gate.redis.exists(gate.keys.sent('sandbox', 'day', '2026-01-05'))).toBe(0);
    expect(await gate.redis.zcard(gate.keys.actionsSending)).toBe(0);
  });
});

const dayMs = 86_400_000;
test.each([
  [
    'a clock that is a year ahead puts nothing off for a year',
    400 * dayMs,
    { callerNowMs: Date.now() + 400 * dayMs },
  ],
  ['a window that opens after the batch expires lets the batch end at its expiry', 30 * dayMs, {}],
])('%s', async (_, aheadMs, skew) => {
  const at = await ready();
  const { gate, job } = at;
  const clock = openClock(Date.now(), { windowOpen: false, nextOpenMs: Date.now() + aheadMs });
  const answer = await gate.actions.admit(admissible(gate, job, at.digest, { clock, ...skew }));
  expect(answer).toMatchObject({ admitted: false, code: 'outside_window' });
  const dueAt = Number(await gate.redis.zscore(gate.keys.actionsQueued, job.actionId));
  const expiresAt = Number(await gate.redis.hget(gate.keys.batch(job.batchId), 'expiresAtMs'));
  if ('callerNowMs' in skew) expect(dueAt).toBeLessThan(Date.now() + 10_000);
  else expect(dueAt).toBe(expiresAt);
});

test('a wrong clock is one row of the audit, however long it stays wrong', async () => {
  const at = await ready();
  const { gate, job } = at;
  const rowsBefore = await gate.redis.xlen(gate.keys.audit);
  for (let look = 0; look < 3; look += 1)
    await gate.actions.admit(admissible(gate, job, at.digest, { callerNowMs: Date.now() - 5_000 }));
  expect(await gate.redis.xlen(gate.keys.audit)).toBe(rowsBefore + 1);
});

test('every answer that can be given is proven here', () => {
  const proven = new Set(refusals.map(([code]) => code));
  // Nobody has a cadence yet that could be left.
  expect(admissionCodes.filter((code) => !proven.has(code))).toEqual(['cadence_exited']);
});
