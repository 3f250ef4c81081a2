// Risk: something that no person approved, or not like this, is executed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createFaultPoints } from '@caio/service-kit';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createExecuteBatch } from './execute-batch.ts';

let benches: GateBenches;
let bench: GateBench;
const provider = createScriptedProvider().adapter;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider });
});
afterAll(() => benches.close());

const execute = (batchId: string, by = bench) => by.executeBatch({ ...by.by, batchId });
const statusOf = async (batchId: string) => (await bench.batches.read(batchId))?.status;

test('an approved batch is claimed once, by whom it was asked for', async () => {
  const { batchId } = await bench.approvedBatch(2);
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => execute(batchId)));
  expect(outcomes.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
  expect(outcomes.filter(({ outcome }) => outcome === 'state_conflict')).toHaveLength(9);
  expect((await bench.auditRows()).filter(({ kind }) => kind === 'batch.claimed')).toMatchObject([
    { actor: 'operator', batch: batchId },
  ]);
});

test('a batch that nobody knows, or nobody approved, is refused by name', async () => {
  expect(await execute(benches.ids.batch())).toEqual({ outcome: 'not_found', detail: '' });
  await bench.approvedDrafts(1);
  const { frozen } = await bench.freeze();
  expect(await execute(frozen.batchId)).toEqual({ outcome: 'state_conflict', detail: 'pending' });
});

describe('a batch that was changed in the store after the approval', () => {
  test.each([
    ['the recipient of an action', 'action', { recipientKey: 'email:eve@evil.example' }],
    ['the digest of an action', 'action', { digest: 'f'.repeat(64) }],
    ['the route of an action', 'action', { route: 'warm_email' }],
    ['the sender of an action', 'action', { senderKey: 'email:eve@evil.example' }],
    ['the motion', 'batch', { motion: 'revival' }],
    ['the hash', 'batch', { previewHash: 'f'.repeat(64) }],
    ['the name of the approver', 'batch', { approvedBy: 'somebody else' }],
    ['the seal of the approval', 'batch', { approvalSeal: 'f'.repeat(64) }],
    ['a later expiry', 'batch', { expiresAtMs: String(Date.now() + 1_000_000_000) }],
  ])('is not started: %s', async (_, where, change) => {
    const { batchId, preview } = await bench.approvedBatch(2);
    const key =
      where === 'batch' ? bench.keys.batch(batchId) : bench.keys.action(preview.actions[1]?.actionId ?? '');
    await bench.redis.hset(key, change);
    expect(await execute(batchId)).toMatchObject({ outcome: 'hash_mismatch' });
    expect(await statusOf(batchId)).toBe('approved');
    expect(await bench.redis.zcard(bench.keys.actionsQueued)).toBe(0);
  });

  test('by an action more, or one less, is not started', async () => {
    for (const change of [
      (batchId: string, actionId: string) => bench.redis.zrem(bench.keys.batchActions(batchId), actionId),
      async (batchId: string, actionId: string) => {
        const copy = benches.ids.action();
        const action = await bench.redis.hgetall(bench.keys.action(actionId));
        await bench.redis.hset(bench.keys.action(copy), { ...action, actionId: copy });
        await bench.redis.zadd(bench.keys.batchActions(batchId), 99, copy);
      },
    ]) {
      const { batchId, preview } = await bench.approvedBatch(2);
      await change(batchId, preview.actions[0]?.actionId ?? '');
      expect(await execute(batchId)).toMatchObject({ outcome: 'hash_mismatch' });
      expect(await statusOf(batchId)).toBe('approved');
    }
  });

  test('into an approved one, by whoever can write to the store, is not started and is logged', async () => {
    await bench.approvedDrafts(1);
    const { batchId } = (await bench.freeze()).frozen;
    await bench.redis.hset(bench.keys.batch(batchId), {
      status: 'approved',
      approvedBy: 'head-of-sales',
      approvedAt: '1',
    });
    expect(await execute(batchId)).toMatchObject({ outcome: 'hash_mismatch' });
    expect(bench.log.lines().filter(({ level }) => level === 'error')).toMatchObject([{ batchId }]);
  });

  test('by the approval of another batch is not started', async () => {
    const other = await bench.approvedBatch(1);
    const { batchId } = await bench.approvedBatch(1);
    const seal = await bench.batches.approvalSealOf(other.batchId);
    await bench.redis.hset(bench.keys.batch(batchId), 'approvalSeal', seal ?? '');
    expect(await execute(batchId)).toMatchObject({ outcome: 'hash_mismatch' });
  });
});

test.each([
  ['policy_changed', { policyVersion: 'policy-2' }],
  ['policy_changed', { copyPackVersion: 'pack@2+000000000000' }],
  ['mode_changed', { mode: 'log-only' as const }],
  ['halted', { emergencyStop: true }],
] as const)('%s since the approval refuses by name', async (outcome, change) => {
  const { batchId } = await bench.approvedBatch();
  const { mode, emergencyStop, ...rules } = { mode: undefined, emergencyStop: undefined, ...change };
  const other = await benches.createBench({
    ...{ provider, session: bench.session },
    ...(mode === undefined ? {} : { mode }),
    ...(emergencyStop === undefined ? {} : { emergencyStop }),
  });
  const run = createExecuteBatch({
    ...other,
    rules: { ...other.rules, ...rules },
    ids: benches.ids,
    seals: benches.seals,
    logger: other.log.logger,
    faults: createFaultPoints([]),
    enqueueDue: () => Promise.resolve(0),
  });
  expect(await run({ ...bench.by, batchId })).toMatchObject({ outcome });
  expect(await statusOf(batchId)).toBe('approved');
});

test('somebody put on the allow-list since the approval refuses the claim', async () => {
  const { batchId } = await bench.approvedBatch();
  await bench.redis.sadd(bench.keys.allowList, 'email:eve@evil.example');
  expect(await execute(batchId)).toMatchObject({ outcome: 'mode_changed' });
});

test('a queue that fails does not take the claim back: the next sweep finds the actions', async () => {
  const { batchId } = await bench.approvedBatch(2);
  const run = createExecuteBatch({
    ...bench,
    ids: benches.ids,
    seals: benches.seals,
    logger: bench.log.logger,
    faults: createFaultPoints([]),
    enqueueDue: () => Promise.reject(new Error('no queue')),
  });
  expect(await run({ ...bench.by, batchId })).toMatchObject({
    outcome: 'claimed',
    enqueued: 0,
    batch: { status: 'executing' },
  });
  expect(await bench.actions.takeDue(10, 60_000)).toHaveLength(2);
});
