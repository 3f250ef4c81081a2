// Risk: the operator reads limits or a stop that are not the ones sending obeys.
import { operatorStatusSchema, type Policy } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import type { Http } from '../../testing/http-bench.ts';
import { openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

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

const status = async () => operatorStatusSchema.parse((await http.get('/api/operator/status')).body);

test('limits and what is left of them are the numbers that admission counts', async () => {
  const before = await status();
  const { email_daily_limit: limit } = before.warmup_schedule;
  expect(before).toMatchObject({
    ...{ emergency_stop: false, today: { outbound_email: 0, runs: 0, last_run: null } },
    ...{ limits: { email_remaining: limit }, gatekeeper: { pending_batch: null } },
  });
  const { job } = await bench.executing(1);
  await bench.dispatch(job);
  expect(await status()).toMatchObject({
    today: { outbound_email: 1, total_leads: 1, runs: 1, last_run: expect.stringMatching(/Z$/) },
    limits: { email_remaining: limit - 1 },
  });
});

test('the batch that waits for an approval is in it, with its hash', async () => {
  await bench.approvedDrafts(2);
  const { batch } = await bench.freeze();
  expect((await status()).gatekeeper.pending_batch).toMatchObject({
    ...{ batch_id: batch.batchId, preview_hash: batch.previewHash, total_email_leads: 2 },
  });
});

test('a stop is shown, whichever kind', async () => {
  await bench.lists.setHalt('stop', 'op', 'a reason', 'correlation-1');
  expect((await status()).emergency_stop).toBe(true);
  const { http: stopped } = await routes.create({ emergencyStop: true });
  expect((await stopped.get('/api/operator/status')).body.emergency_stop).toBe(true);
});

test('a running ramp narrows limit and tiers', async () => {
  const ramp = {
    ...{ enabled: true, emailPerDay: 5, tiers: ['tier_1'], cleanDaysRequired: 3, lookbackDays: 45 },
    dropsBackOn: ['bounce'],
  } satisfies Policy['ramp'];
  const { http: ramped } = await routes.create({ policy: { ramp } });
  expect((await ramped.get('/api/operator/status')).body).toMatchObject({
    warmup_schedule: { email_daily_limit: 5 },
    ramp: {
      ...{ active: true, tier_filter: 'tier_1', clean_days_required: 3 },
      // Nothing left this machine, so no day was one of supervised sending.
      clean_days_completed: 0,
      ends: expect.stringContaining('a person'),
    },
    config: { tier_routing: { tier_1: ['instantly'] } },
  });
});
