// Risk: a provider is told to mail what it took under a wider ramp than the one that is in force by now.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { type HeldAtInstantly, openHeldAtInstantly } from '../testing/held-at-instantly.ts';
import { supervised } from '../testing/ramp-history.ts';

let benches: GateBenches;
let vendor: HeldAtInstantly;
beforeAll(async () => {
  benches = await openGateBenches();
  vendor = await openHeldAtInstantly(benches);
});
afterAll(async () => {
  await vendor.close();
  await benches.close();
});

test('what was handed over after the ramp is mailed neither whole nor in part when the ramp came back, and is again when it ended', async () => {
  const rig = await vendor.create({ policy: { ramp: supervised } });
  const { bench } = rig;
  await bench.redis.hset(bench.keys.store, 'rampEnded', 'test');
  const second = await bench.approvedDraft(benches.leadOf({ employees: null }));
  expect(second.judgement.tier).toBe('tier_2');
  const { batchId, jobs } = await rig.handedOver(2);
  expect(jobs).toHaveLength(2);
  const all = await bench.actions.receipts(await bench.batches.actionIds(batchId));
  const outside = all.find(({ tier }) => tier === 'tier_2');
  for (const job of await bench.actions.takeDue(10, 60_000)) await bench.dispatchWith({ now: Date.now })(job);

  await bench.redis.hdel(bench.keys.store, 'rampEnded');
  expect(await rig.activate(batchId)).toMatchObject({
    outcome: 'changed',
    problems: [{ actionId: outside?.actionId, code: 'tier_not_allowed' }],
  });
  expect(rig.simulator.mailed()).toEqual([]);

  await bench.redis.hset(bench.keys.store, 'rampEnded', 'test');
  expect((await rig.activate(batchId)).outcome).toBe('active');
  expect(rig.simulator.mailed()).toHaveLength(3);
});
