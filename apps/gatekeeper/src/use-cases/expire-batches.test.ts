// Risk: a batch past its expiry keeps its drafts for ever, or a running one is closed under its execution.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createExpireBatches } from './expire-batches.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
});
afterAll(() => benches.close());

const expire = () =>
  createExpireBatches({ batches: bench.batches, logger: bench.log.logger, now: bench.now })();
const passExpiry = async (batchId: string): Promise<void> => {
  const past = Date.now() - 1;
  await bench.redis.hset(bench.keys.batch(batchId), 'expiresAtMs', String(past));
  // A batch that was claimed or closed is in this index no more.
  await bench.redis.zadd(bench.keys.batchesUnclaimed, 'XX', past, batchId);
};
const statusOf = async (batchId: string) => (await bench.batches.read(batchId))?.status;

test('pending and approved batches past their expiry are closed and their drafts wait again', async () => {
  await bench.approvedDrafts(2);
  const { frozen: pending } = await bench.freeze();
  const approved = await bench.approvedBatch(1);
  expect(await expire()).toBe(0);
  for (const { batchId } of [pending, approved]) await passExpiry(batchId);
  expect(await expire()).toBe(2);
  expect(await expire()).toBe(0);
  for (const { batchId } of [pending, approved]) {
    expect(await bench.batches.read(batchId)).toMatchObject({
      ...{ status: 'expired', closedBy: 'gatekeeper', closedReason: 'batch_expired' },
    });
  }
  expect(await bench.drafts.idsByStatus('approved')).toHaveLength(3);
  expect((await bench.freeze()).batch.actionCount).toBe(3);
});

test('a batch that runs, or has ended, is left alone', async () => {
  const { batchId, job } = await bench.executing();
  await passExpiry(batchId);
  expect(await expire()).toBe(0);
  expect(await statusOf(batchId)).toBe('executing');
  await bench.dispatch(job);
  expect(await bench.receiptOf(job.actionId)).toMatchObject({ outcome: 'blocked', reason: 'batch_expired' });
  expect(await expire()).toBe(0);
  expect(await statusOf(batchId)).toBe('failed');
});

test('a clock that runs ahead of the store’s closes nothing early', async () => {
  const { batchId } = await bench.approvedBatch();
  bench.advance(25 * 3_600_000);
  expect(await expire()).toBe(0);
  expect(await statusOf(batchId)).toBe('approved');
});

test('an old one is closed however many batches came after it', async () => {
  const { batchId } = await bench.approvedBatch();
  await bench.endedCopiesOf(batchId, 1_001);
  await passExpiry(batchId);
  expect(await expire()).toBe(1);
  expect(await statusOf(batchId)).toBe('expired');
});

test('more than one page of them are closed at once', async () => {
  const { batchId } = await bench.approvedBatch();
  const copies = Array.from({ length: 204 }, () => benches.ids.batch());
  for (const copy of copies) {
    await bench.redis.copy(bench.keys.batch(batchId), bench.keys.batch(copy));
    await bench.redis.hset(bench.keys.batch(copy), 'batchId', copy);
    await bench.redis.zadd(bench.keys.batchesUnclaimed, Date.now(), copy);
    await passExpiry(copy);
  }
  await passExpiry(batchId);
  expect(await expire()).toBe(205);
});

test('one that cannot be read is named in the log and keeps no other open', async () => {
  const broken = await bench.approvedBatch();
  const sound = await bench.approvedBatch();
  await passExpiry(broken.batchId);
  await bench.redis.hset(bench.keys.batch(broken.batchId), 'leftOut', 'no list');
  await passExpiry(sound.batchId);
  expect(await expire()).toBe(1);
  expect(await statusOf(sound.batchId)).toBe('expired');
  expect(bench.log.lines()).toContainEqual(
    expect.objectContaining({ level: 'error', batchId: broken.batchId }),
  );
});
