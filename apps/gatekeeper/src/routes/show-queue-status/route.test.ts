// Risk: an empty screen does not say whether there is nothing, everything is stopped, or something is broken.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { queueStatusSchema } from '@caio/contracts';
import { createRunStore } from '@caio/state-store';
import type { GateBench } from '../../testing/gate-bench.ts';
import { type Http, userName } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  ({ bench, http } = await routes.create());
});
afterAll(() => routes.close());

/** What the former dashboard reads, of a store with nothing in it. */
const former = {
  shadow_mode_emails: { total: 0, pending: 0, approved: 0, rejected: 0 },
  gatekeeper_queue: { total: 0 },
  daily_limits: expect.objectContaining({ queued_today: 0, sent_today: 0, last_queued_at: null }),
  ...{ recent_queue_events: [], pipeline_healthy: true },
};

const status = async () => (await http.get('/api/queue-status', { user: userName })).body;

test('every number is the store’s, and an empty queue says so', async () => {
  expect(await status()).toEqual({
    drafts: { pending: 0, approved: 0, batched: 0, rejected: 0, parked: 0, expired: 0, withdrawn: 0 },
    oldestPendingAt: null,
    halt: expect.objectContaining({ active: false }),
    recovering: false,
    deliveryModes: { email: 'sandbox', linkedin: 'log-only' },
    environment: 'test',
    policyVersion: 'policy-1',
    copyPackVersion: bench.rules.copyPackVersion,
    queued: [],
    latestRuns: [],
    unknown: { count: 0, longest: [] },
    providers: [expect.objectContaining({ provider: 'instantly', state: 'working', faults: 0 })],
    ...{ hidden: {}, batches: { pending: 0, approved: 0 }, lastRun: null, stuck: { unknown: 0 } },
    ...former,
    store: { ready: true, message: expect.stringContaining('ready') },
    nextActor: { who: 'nobody', sentence: expect.stringContaining('Nothing waits'), page: null },
    draftStaleHours: 72,
    jobs: {
      drafts: { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0 },
      dispatch: { waiting: 0, active: 0, delayed: 0, failed: 0, completed: 0 },
    },
  });
  const first = await bench.pendingDraft();
  await bench.pendingDraft();
  await bench.approvedDraft();
  expect(await status()).toMatchObject({
    drafts: { pending: 2, approved: 1 },
    oldestPendingAt: first.createdAt,
  });
});

test('a provider that rests is named, with why and until when, also to whoever scrapes', async () => {
  await bench.redis.hset(bench.keys.providerPace('sandbox', 'instantly'), {
    ...{ faults: 5, code: 'provider_failed', since: Date.now(), restUntil: Date.now() + 60_000 },
  });
  expect(queueStatusSchema.parse(await status()).providers).toEqual([
    {
      ...{ provider: 'instantly', ledger: 'sandbox', state: 'resting', faults: 5, reason: 'provider_failed' },
      ...{ since: expect.stringMatching(/Z$/), until: expect.stringMatching(/Z$/) },
    },
  ]);
  const { text } = await http.get('/metrics');
  expect(text).toMatch(/^caio_provider_spared\{provider="instantly",.*\} 1$/m);
  expect(text).toMatch(/^caio_provider_faults\{provider="instantly",.*\} 5$/m);
});

test('an empty queue says which rows of the latest files never became a draft, and why', async () => {
  const runs = createRunStore(bench.session);
  const runOf = (number: number) => ({
    ...{ runId: routes.benches.testIds.runId(), status: 'done' as const, fileName: `leads-${number}.csv` },
    ...{ format: 'csv' as const, startedBy: 'ann', strict: false, overrides: {}, mapping: [], error: null },
    createdAt: new Date(1_700_000_000_000 + number * 1_000).toISOString(),
    ...{ correlationId: 'correlation-1', finishedAt: null, ignoredColumns: [], lastLine: 40 },
    ...{ rowsRead: 38, rowsDone: 38, counts: { parked: 33, excluded: 5 } },
    withoutDraft: { parked: { no_template: 20, recipient_unreachable: 13 }, excluded: { suppressed: 5 } },
  });
  for (let number = 0; number < 7; number += 1) await runs.save(runOf(number));
  const { drafts, latestRuns } = queueStatusSchema.parse(await status());
  expect(drafts).toMatchObject({ pending: 0, parked: 0 });
  expect(latestRuns.map(({ fileName }) => fileName)).toEqual(
    [6, 5, 4, 3, 2].map((number) => `leads-${number}.csv`),
  );
  expect(latestRuns[0]).toEqual({
    ...{ runId: expect.any(String), fileName: 'leads-6.csv', status: 'done', rowsRead: 38 },
    ...{ createdAt: expect.any(String), counts: { parked: 33, excluded: 5 } },
    withoutDraft: { parked: { no_template: 20, recipient_unreachable: 13 }, excluded: { suppressed: 5 } },
  });
});

describe('what holds everything up', () => {
  test('is shown: what queued actions wait for, and until when', async () => {
    const { jobs } = await bench.executing(2);
    const [first] = jobs;
    const until = Date.now() + 60_000;
    await bench.redis.hset(bench.keys.action(first?.actionId ?? ''), 'reason', 'provider_unauthorised');
    await bench.redis.zadd(bench.keys.actionsQueued, until, first?.actionId ?? '');
    expect((await status()).queued).toContainEqual({
      ...{ reason: 'provider_unauthorised', count: 1, nextAt: new Date(until).toISOString() },
    });
  });

  test('is shown: how many actions nobody knows the fate of, the longest first, with batch and reason', async () => {
    const { batchId, jobs } = await bench.executing(3);
    for (const [position, { actionId }] of jobs.slice(0, 2).entries()) {
      const since = String(1_700_000_000_000 - position * 1_000);
      await bench.redis.hset(bench.keys.action(actionId), 'status', 'unknown', 'reason', 'connection_lost');
      await bench.redis.zadd(bench.keys.actionsUnknown, since, actionId);
    }
    expect((await status()).unknown).toEqual({
      count: 2,
      longest: [
        {
          actionId: jobs[1]?.actionId,
          batchId,
          reason: 'connection_lost',
          since: '2023-11-14T22:13:19.000Z',
        },
        {
          actionId: jobs[0]?.actionId,
          batchId,
          reason: 'connection_lost',
          since: '2023-11-14T22:13:20.000Z',
        },
      ],
    });
  });

  test('is shown: a stop, and a store that is being compared', async () => {
    await bench.lists.setHalt('stop', 'ann', 'a wrong list', 'correlation-1');
    await bench.redis.hset(bench.keys.store, 'recovering', '1');
    expect(await status()).toMatchObject({ halt: { active: true, by: 'ann' }, recovering: true });
    expect(codeOf(await http.get('/api/queue-status'))).toBeUndefined();
  });
});

test('parked drafts are counted by the reason that parked them, and the reasons add up', async () => {
  const { benches } = routes;
  for (const body of ['Hi {{first_name}},', 'Hi {{first_name}} again,']) {
    const submission = await benches.submissionOf(benches.leadOf());
    await bench.submit({ ...submission, body: `${body}\n\n${submission.body}` });
  }
  const { drafts, hidden, nextActor } = queueStatusSchema.parse(await status());
  expect(drafts['parked']).toBe(2);
  expect(Object.values(hidden ?? {}).reduce((total, count) => total + count, 0)).toBe(2);
  const [first] = (await bench.drafts.list('parked', null, 1)).drafts;
  const refusing = first?.guards.filter(({ passed }) => !passed).map(({ ruleId }) => ruleId) ?? [];
  expect(Object.keys(hidden ?? {})).toEqual([refusing.at(-1)]);
  expect(nextActor?.who).toBe('reviewer');
  // One that goes is seen at once, however often the reasons were read just now.
  const parked = (await bench.drafts.list('parked', null, 1)).drafts[0];
  if (parked === undefined) throw new Error('a draft is parked');
  await bench.reviewDraft.withdraw({ ...bench.by, draftId: parked.draftId, reason: 'not needed' });
  expect(Object.values((await status()).hidden)).toEqual([1]);
});

test('whose turn it is follows what waits', async () => {
  const who = async (): Promise<unknown> => (await status()).nextActor.who;
  await bench.pendingDraft();
  expect(await who()).toBe('reviewer');
  await bench.approvedDraft();
  const { frozen } = await bench.freeze();
  expect([await who(), (await status()).batches]).toEqual(['approver', { pending: 1, approved: 0 }]);
  await bench.approveBatch(frozen.batchId, frozen.previewHash);
  expect([await who(), (await status()).batches]).toEqual(['operator', { pending: 0, approved: 1 }]);
  await bench.lists.setHalt('stop', 'op', 'a reason', 'correlation-1');
  expect((await status()).nextActor).toEqual({
    who: 'operator',
    sentence: expect.stringContaining('stopped'),
    page: null,
  });
});

test('the former dashboard reads the store too, and the limit that sending obeys', async () => {
  const { job } = await bench.executing(2);
  await bench.dispatch(job);
  const draft = await bench.approvedDraft();
  await bench.pendingDraft();
  const { daily_limits: limits, ...body } = await status();
  expect(body).toMatchObject({
    shadow_mode_emails: { total: 4, pending: 1, approved: 1, rejected: 0 },
    gatekeeper_queue: { total: 0 },
    pipeline_healthy: true,
  });
  expect(body.recent_queue_events[0]).toMatchObject({ event: 'draft.approve', email_id: draft.draftId });
  expect(limits).toMatchObject({ sent_today: 1, queued_today: 2, remaining: limits.limit - 1 });
});
