// Risk: without its store, or with one that came back, the system decides from memory and sends.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { waitFor } from '@caio/test-kit';
import { type Gate, openGate } from './testing/gate.ts';
import { compareWithProvider } from './testing/provider-comparison.ts';

let gate: Gate;
beforeAll(async () => {
  gate = await openGate({ aof: 'always' });
}, 60_000);
afterAll(() => gate.close());

test('Redis killed in the middle of an execution: refusals by name within 200 ms, no send, and all of it once after its return', async () => {
  const batch = await gate.rig.approvedBatch(300);
  await gate.execute(batch.batchId);
  await waitFor(() => gate.sentOf(batch.batchId).length > 40, {
    timeoutMs: 20_000,
    describe: () => 'some messages to leave',
  });
  await gate.redis.kill9();
  // The process may hold admitted actions; give it its send deadline, then nothing more may leave.
  const quiet = Date.now() + 1_500;
  await waitFor(() => Date.now() > quiet, { timeoutMs: 5_000, describe: () => 'the send deadline to pass' });
  const withoutStore = gate.sentOf(batch.batchId).length;
  expect(withoutStore).toBeLessThan(300);

  for (const [method, path, body] of [
    ['GET', '/api/drafts', undefined],
    ['POST', '/api/batches', { motion: 'outbound' }],
    ['POST', `/api/batches/${batch.batchId}/execute`, undefined],
    ['POST', '/api/halt', { reason: 'stop while the store is away' }],
  ] as const) {
    const startedAt = performance.now();
    const answer = await gate.rig.call(method, path, body);
    expect([method, path, answer.status, answer.code]).toEqual([method, path, 503, 'store_unavailable']);
    expect(performance.now() - startedAt).toBeLessThan(200);
  }
  expect(gate.sentOf(batch.batchId)).toHaveLength(withoutStore);

  await gate.redis.restart();
  const done = await gate.rig.finished(batch.batchId, 90_000);
  expect(done.status).toBe('executed');
  expect(compareWithProvider(batch.preview.actions, gate.sentOf(batch.batchId))).toEqual({
    lost: [],
    duplicated: [],
    unapproved: [],
  });
  expect(gate.rig.logs()).toContain('the store was compared with the providers');
  // What was counted before the store died still counts against the limits of the day.
  const store = gate.rig.redis();
  const days = await store.keys(gate.rig.keys.sent('sandbox', 'day', '*'));
  const counted = await Promise.all(days.map(async (key) => Number(await store.get(key))));
  expect(counted.reduce((sum, count) => sum + count, 0)).toBe(gate.sentOf(batch.batchId).length);
}, 150_000);

test('a store that is another run than before admits nothing until the providers were asked', async () => {
  const batch = await gate.rig.approvedBatch(3);
  const store = gate.rig.redis();
  // As if this copy had been made by an earlier run: the remembered run is not the one that answers.
  await store.hset(gate.rig.keys.store, 'runId', 'an-earlier-run');
  const refused = await gate.execute(batch.batchId);
  expect([refused.status, refused.code]).toEqual([503, 'store_recovering']);
  await waitFor(async () => (await gate.execute(batch.batchId)).status === 202, {
    timeoutMs: 10_000,
    describe: () => 'the recovery to finish',
  });
  await gate.rig.finished(batch.batchId);
  expect(gate.sentOf(batch.batchId)).toHaveLength(3);
}, 60_000);

test('a store that forgot the last second does not send again what the provider holds', async () => {
  const batch = await gate.rig.approvedBatch(5);
  const store = gate.rig.redis();
  const ids = batch.preview.actions.map(({ actionId }) => actionId);
  const forgotten = await Promise.all(
    [gate.rig.keys.batch(batch.batchId), ...ids.map((id) => gate.rig.keys.action(id))].map(async (key) => ({
      key,
      hash: await store.hgetall(key),
    })),
  );
  await gate.execute(batch.batchId);
  await gate.rig.finished(batch.batchId);
  expect(gate.sentOf(batch.batchId)).toHaveLength(5);
  // Back to the moment before the claim, as a copy restored from then would be.
  for (const { key, hash } of forgotten) await store.multi().del(key).hset(key, hash).exec();
  await store.hset(gate.rig.keys.store, 'runId', 'an-earlier-run');
  // Refused by name until the providers were asked, then claimed: there is nothing left to send.
  await waitFor(async () => (await gate.execute(batch.batchId)).status === 202, {
    timeoutMs: 20_000,
    describe: () => 'the recovery to finish',
  });
  expect((await gate.rig.finished(batch.batchId)).status).toBe('executed');
  expect(await gate.rig.receipts(batch.batchId)).toEqual(
    ids.map((actionId) => expect.objectContaining({ actionId, outcome: 'handed_over' })),
  );
  expect(gate.sentOf(batch.batchId)).toHaveLength(5);
}, 60_000);
