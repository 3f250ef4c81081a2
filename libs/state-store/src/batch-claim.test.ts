// Risk: a batch is executed twice, or although something changed since a person approved it.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import type { ClaimBatchResult } from './result-codes.ts';
import { createGateFixture, type Gate, type GateFixture, sha256 } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

type Claim = Parameters<Gate['batches']['claim']>[0];
type Batch = Awaited<ReturnType<Gate['approvedBatch']>>;

/** Every reason not to claim, in the order the script asks. Each arranges itself and leaves the others alone. */
const refusals: readonly [ClaimBatchResult, (batch: Batch) => Promise<Partial<Claim>>][] = [
  ['store_recovering', async () => (await gate.redis.hset(gate.keys.store, 'recovering', '1'), {})],
  [
    'state_conflict',
    async (batch) => (await gate.redis.hset(gate.keys.batch(batch.batchId), 'status', 'pending'), {}),
  ],
  ['halted', async () => (await gate.lists.setHalt('stop', 'op', 'a reason', 'correlation-1'), {})],
  [
    'batch_expired',
    async (batch) => (await gate.redis.hset(gate.keys.batch(batch.batchId), 'expiresAtMs', '1'), {}),
  ],
  ['hash_mismatch', async () => ({ recomputedHash: sha256('what the store holds now') })],
  ['policy_changed', async () => ({ policyVersion: 'policy-2' })],
  ['mode_changed', async () => ({ deliveryModesText: '{"email":"live","linkedin":"log-only"}' })],
];

test.each(refusals)('%s refuses the claim by name and starts nothing', async (name, arrange) => {
  const batch = await gate.approvedBatch(2);
  const answer = await gate.claim(batch, await arrange(batch));
  expect(answer.result).toBe(name);
  expect(await gate.redis.zcard(gate.keys.actionsQueued)).toBe(0);
  expect(await gate.redis.exists(gate.keys.fence)).toBe(0);
  const actions = await gate.actions.readMany(await gate.batches.actionIds(batch.batchId));
  expect(actions.map(({ status }) => status)).toEqual(['frozen', 'frozen']);
  expect(await gate.batches.read(batch.batchId)).toMatchObject({ executionId: null, fence: null });
  expect(await gate.batches.expiringIds(Number.MAX_SAFE_INTEGER, 0, 10)).toEqual(
    name === 'batch_expired' ? [] : [batch.batchId],
  );
});

test.each(
  refusals.flatMap((first, place) =>
    refusals.slice(place + 1).map((second) => [first[0], second[0], first[1], second[1]] as const),
  ),
)('%s is named before %s', async (first, _, arrangeFirst, arrangeSecond) => {
  const batch = await gate.approvedBatch(1);
  const overrides = { ...(await arrangeSecond(batch)), ...(await arrangeFirst(batch)) };
  expect(await gate.claim(batch, overrides)).toMatchObject({ result: first });
});

test.each([
  ['of the environment', { haltedByEnvironment: true }, 'halted'],
  ['another copy pack', { copyPackVersion: 'pack@2+000000000000' }, 'policy_changed'],
  ['another allow-list', { allowListDigest: sha256('["email:a@b.example"]') }, 'mode_changed'],
] as const)('a stop or change: %s', async (_, overrides, result) => {
  expect(await gate.claim(await gate.approvedBatch(1), overrides)).toMatchObject({ result });
});

test('a batch that nobody froze is not found, also while the store is sound', async () => {
  expect(await gate.claim({ batchId: fixture.ids.batchId(), previewHash: sha256('x') })).toEqual({
    result: 'not_found',
    detail: '',
  });
});

test('a caller that does not know which run of the store it talks to claims nothing', async () => {
  const batch = await gate.approvedBatch(1);
  await gate.redis.hset(gate.keys.store, 'runId', 'another run');
  expect(await gate.claim(batch)).toMatchObject({ result: 'store_recovering' });
});

test('a claim past the expiry closes the batch, frees its drafts and says so once', async () => {
  const batch = await gate.approvedBatch(2);
  await gate.redis.hset(gate.keys.batch(batch.batchId), 'expiresAtMs', '1');
  expect(await gate.claim(batch)).toEqual({ result: 'batch_expired', detail: 'expired' });
  expect(await gate.claim(batch)).toEqual({ result: 'state_conflict', detail: 'expired' });
  expect(await gate.batches.read(batch.batchId)).toMatchObject({
    status: 'expired',
    closedBy: 'operator',
    closedReason: 'batch_expired',
  });
  expect(await gate.drafts.idsByStatus('approved')).toHaveLength(2);
  const rows = (await createAuditLog(gate.session).rowsAfter('', 100)).map(({ row }) => row.kind);
  expect(rows.filter((kind) => kind === 'batch.expired')).toHaveLength(1);
});

test('a mismatch of the hash raises an alarm in the audit and tells the hash that was approved', async () => {
  const batch = await gate.approvedBatch(1);
  expect(await gate.claim(batch, { recomputedHash: sha256('tampered') })).toEqual({
    result: 'hash_mismatch',
    detail: batch.previewHash,
  });
  const rows = (await createAuditLog(gate.session).rowsAfter('', 100)).map(({ row }) => row);
  expect(rows).toContainEqual(
    expect.objectContaining({
      kind: 'alarm',
      code: 'hash_mismatch',
      batch: batch.batchId,
      actor: 'operator',
    }),
  );
});

test('of 50 parallel claims over five connections one wins, with one fence and every action queued once', async () => {
  const batch = await gate.approvedBatch(20);
  const claims = await Promise.all(Array.from({ length: 50 }, () => gate.claim(batch)));
  const won = claims.filter(({ result }) => result === 'claimed');
  expect(won).toHaveLength(1);
  expect(claims.filter(({ detail }) => detail === 'executing')).toHaveLength(49);
  const read = await gate.batches.read(batch.batchId);
  expect(read).toMatchObject({
    status: 'executing',
    fence: Number(won[0]?.detail),
    counts: { queued: 20, frozen: 0 },
  });
  const jobs = await gate.actions.takeDue(100, 60_000);
  expect(new Set(jobs.map(({ actionId }) => actionId)).size).toBe(20);
  for (const job of jobs) {
    expect(job).toMatchObject({ fence: read?.fence, executionId: read?.executionId, batchId: batch.batchId });
  }
});

test('every execution has a fence of its own, higher than all before', async () => {
  const fences: number[] = [];
  for (let number = 0; number < 3; number += 1) {
    fences.push(Number((await gate.claim(await gate.approvedBatch(1))).detail));
  }
  expect(fences).toEqual([1, 2, 3]);
});

describe('after a recovery found messages at their provider', () => {
  const adopt = async (actionId: string) => {
    const action = await gate.actions.read(actionId);
    if (action === null) throw new Error('a frozen action can be read');
    return gate.actions.adopt({
      action,
      to: 'handed_over',
      providerMessageId: 'provider-1',
      proof: 'found',
      personKeys: [],
      stillHeld: true,
    });
  };

  test('a claim queues only what is still to be sent', async () => {
    const batch = await gate.approvedBatch(3);
    await adopt(batch.actions[1]?.actionId ?? '');
    await gate.claim(batch);
    const jobs = await gate.actions.takeDue(10, 60_000);
    expect(jobs.map(({ actionId }) => actionId).sort()).toEqual(
      [batch.actions[0]?.actionId, batch.actions[2]?.actionId].sort(),
    );
    expect(await gate.batches.read(batch.batchId)).toMatchObject({
      status: 'executing',
      counts: { frozen: 0, queued: 2, handed_over: 1 },
    });
  });

  test('a claim with nothing left to send ends the batch instead of executing for ever', async () => {
    const batch = await gate.approvedBatch(2);
    for (const { actionId } of batch.actions) expect(await adopt(actionId)).toBe(true);
    expect(await gate.claim(batch)).toMatchObject({ result: 'claimed' });
    expect(await gate.batches.read(batch.batchId)).toMatchObject({
      status: 'executed',
      counts: { frozen: 0, queued: 0, handed_over: 2 },
    });
    expect(await gate.actions.takeDue(10, 60_000)).toEqual([]);
  });
});
