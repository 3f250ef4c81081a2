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
  test('is shown: a stop, and a store that is being compared', async () => {
    await bench.lists.setHalt('stop', 'ann', 'a wrong list', 'correlation-1');
    await bench.redis.hset(bench.keys.store, 'recovering', '1');
    expect(await status()).toMatchObject({ halt: { active: true, by: 'ann' }, recovering: true });
    expect(codeOf(await http.get('/api/queue-status'))).toBeUndefined();
  });
});
