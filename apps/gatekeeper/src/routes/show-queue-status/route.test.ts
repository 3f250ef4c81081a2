// Risk: an empty screen does not say whether there is nothing, everything is stopped, or something is broken.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
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
    unknown: { count: 0, longest: [] },
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

describe('what holds everything up', () => {
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
