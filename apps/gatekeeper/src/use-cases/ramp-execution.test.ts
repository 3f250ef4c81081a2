// Risk: a ramp that ends or comes back between approval and sending lets out what nobody approved under it.
import type { Draft } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { sha256Hex } from '../digest.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { supervised } from '../testing/ramp-history.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';

let benches: GateBenches;
beforeAll(async () => {
  benches = await openGateBenches();
});
afterAll(() => benches.close());

const open = (mode: 'live' | 'sandbox' = 'live'): Promise<GateBench> =>
  benches.createBench({
    mode,
    provider: { ...createScriptedProvider({ holdsBeforeMailing: false }).adapter, mode },
    policy: { ramp: { ...supervised, emailPerDay: 2 } },
  });
const endRamp = (bench: GateBench) => bench.redis.hset(bench.keys.store, 'rampEnded', 'test');
const bringBack = (bench: GateBench) => bench.redis.hdel(bench.keys.store, 'rampEnded');
const secondTier = async (bench: GateBench): Promise<Draft> => {
  const draft = await bench.approvedDraft(benches.leadOf({ employees: null }));
  expect(draft.judgement.tier).toBe('tier_2');
  return draft;
};
const execute = async (bench: GateBench, batchId: string, previewHash: string) => {
  await bench.approveBatch(batchId, previewHash);
  return bench.executeBatch({ ...bench.by, batchId });
};
/** Dispatches whatever is due; answers what became of each action. */
const dispatchAll = async (bench: GateBench, batchId: string): Promise<string[]> => {
  for (const job of await bench.actions.takeDue(100, 60_000)) await bench.dispatch(job);
  const receipts = await bench.actions.receipts(await bench.batches.actionIds(batchId));
  return receipts.map(({ tier, outcome, reason }) => [tier, outcome, reason ?? ''].join(' ').trim()).sort();
};

test('while the ramp holds, a batch takes its tiers alone, says so in its hash, and its cap is the ramp’s', async () => {
  const bench = await open();
  await bench.approvedDrafts(3);
  const left = await secondTier(bench);
  const { frozen } = await bench.freeze();
  expect(frozen.leftOut).toMatchObject([{ draftId: left.draftId, reason: 'tier_not_allowed' }]);
  expect(frozen.preview.rampStage).toBe('ramp');
  expect(frozen.previewHash).not.toBe(sha256Hex(previewBytes({ ...frozen.preview, rampStage: 'graduated' })));
  expect((await execute(bench, frozen.batchId, frozen.previewHash)).outcome).toBe('claimed');
  expect(await dispatchAll(bench, frozen.batchId)).toEqual([
    'tier_1 left',
    'tier_1 left',
    'tier_1 queued cap_day',
  ]);
  const { days, holds } = await bench.showRamp.readStatus();
  expect(days[0]).toMatchObject({ status: 'open', facts: { admitted: 2, left: 2, leftLive: 2 } });
  expect(holds).toEqual({ emailPerDay: 2, tiers: ['tier_1'], sentToday: 2 });
});

test('a batch whose stored stage was changed behind its approval is not started', async () => {
  const bench = await open();
  await bench.approvedDrafts(1);
  const { frozen } = await bench.freeze();
  await bench.redis.hset(bench.keys.batch(frozen.batchId), 'rampStage', 'graduated');
  expect((await execute(bench, frozen.batchId, frozen.previewHash)).outcome).toBe('hash_mismatch');
});

test('a ramp that ends after the approval loosens nothing for that batch', async () => {
  const bench = await open();
  await bench.approvedDrafts(4);
  const { frozen } = await bench.freeze();
  await execute(bench, frozen.batchId, frozen.previewHash);
  await endRamp(bench);
  expect(await dispatchAll(bench, frozen.batchId)).toEqual([
    ...['tier_1 left', 'tier_1 left'],
    ...['tier_1 queued cap_day', 'tier_1 queued cap_day'],
  ]);
});

test('a ramp that comes back after the approval holds for that batch too', async () => {
  const bench = await open();
  await endRamp(bench);
  await bench.approvedDrafts(3);
  await secondTier(bench);
  const { frozen } = await bench.freeze();
  expect(frozen.preview).toMatchObject({ rampStage: 'graduated' });
  expect(frozen.leftOut).toEqual([]);
  await execute(bench, frozen.batchId, frozen.previewHash);
  await bringBack(bench);
  expect(await dispatchAll(bench, frozen.batchId)).toEqual([
    ...['tier_1 left', 'tier_1 left', 'tier_1 queued cap_day'],
    'tier_2 blocked tier_not_allowed',
  ]);
});

test('after the ramp a batch is sent under the caps of the policy', async () => {
  const bench = await open();
  await endRamp(bench);
  await bench.approvedDrafts(3);
  await secondTier(bench);
  const { frozen } = await bench.freeze();
  await execute(bench, frozen.batchId, frozen.previewHash);
  const sent = ['tier_1 left', 'tier_1 left', 'tier_1 left', 'tier_2 left'];
  expect(await dispatchAll(bench, frozen.batchId)).toEqual(sent);
});

test('what goes to the simulator or the log alone is no day of sending', async () => {
  const bench = await open('sandbox');
  await bench.approvedDrafts(1);
  const { frozen } = await bench.freeze();
  await execute(bench, frozen.batchId, frozen.previewHash);
  expect(await dispatchAll(bench, frozen.batchId)).toEqual(['tier_1 left']);
  const { days, holds } = await bench.showRamp.readStatus();
  expect(days[0]?.facts).toMatchObject({ admitted: 0, left: 0, leftLive: 0 });
  expect(holds.sentToday).toBe(0);
});
