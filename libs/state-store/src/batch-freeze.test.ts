// Risk: a batch is not exactly what was frozen: half of it, other bytes, or drafts that moved on meanwhile.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import type { BatchFreeze, FrozenAction } from './batch-freeze.ts';
import type { DraftIntake } from './draft-store.ts';
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

type Frozen = Awaited<ReturnType<Gate['freeze']>>;

const statusOf = async (draft: DraftIntake) => (await gate.drafts.read(draft.record.draftId))?.status;
const storedActions = () => gate.redis.keys(`${gate.keys.actionPrefix}*`);

/** The same frozen thing as the fixture makes, to be frozen again in parts. */
const freezeAgain = async (batch: Frozen, overrides: Partial<BatchFreeze>, actions = batch.actions) => {
  const read = await gate.batches.read(batch.batchId);
  return gate.batches.freeze({
    batchId: batch.batchId,
    preview: {
      version: 1,
      environment: 'test',
      motion: 'outbound',
      policyVersion: 'policy-1',
      copyPackVersion: 'pack@1+000000000000',
      deliveryModes: { email: 'sandbox', linkedin: 'log-only' },
      allowListDigest: sha256('[]'),
      expiresAt: read?.expiresAt ?? '2026-01-05T12:00:00.000Z',
      actions: [],
    },
    previewHash: batch.previewHash,
    deliveryModesText: JSON.stringify({ email: 'sandbox', linkedin: 'log-only' }),
    leftOut: [],
    actions,
    actor: 'operator',
    correlationId: 'correlation-1',
    ...overrides,
  });
};

test('a freeze stores what it was given, batches the drafts and keeps the order', async () => {
  const drafts = await gate.approvedDrafts(3);
  const placeOf = (status: string) =>
    gate.redis.zscore(gate.keys.draftsByStatus(status), drafts[0]?.record.draftId ?? '');
  const createdAt = await placeOf('approved');
  const batch = await gate.freeze(drafts);
  expect(batch.frozen).toEqual({ result: 'frozen', subject: '', status: '' });
  expect([createdAt, await placeOf('batched')]).toEqual([expect.stringMatching(/^\d{13}$/), createdAt]);
  const [row] = (await createAuditLog(gate.session).rowsAfter('', 100)).slice(-1);
  expect(row?.row).toMatchObject({
    kind: 'batch.frozen',
    ref: batch.batchId,
    to: 'pending',
    actor: 'operator',
  });
  expect(await gate.batches.read(batch.batchId)).toMatchObject({
    batchId: batch.batchId,
    status: 'pending',
    previewHash: batch.previewHash,
    actionCount: 3,
    counts: { frozen: 3 },
    createdBy: 'operator',
    approvedBy: null,
    executionId: null,
    fence: null,
    leftOut: [],
  });
  expect(await gate.batches.actionIds(batch.batchId)).toEqual(batch.actions.map(({ actionId }) => actionId));
  expect(
    (await gate.batches.previewActions(batch.batchId)).map(({ contentDigest }) => contentDigest),
  ).toEqual(drafts.map(({ contentDigest }) => contentDigest));
  for (const draft of drafts) {
    expect(await gate.drafts.read(draft.record.draftId)).toMatchObject({
      status: 'batched',
      batchId: batch.batchId,
    });
  }
  for (const { actionId } of batch.actions) expect(await gate.redis.ttl(gate.keys.action(actionId))).toBe(-1);
  expect(await gate.batches.read(fixture.ids.batchId())).toBeNull();
});

test.each([
  ['was recalled', (draft: DraftIntake) => changeDraft(draft, 'recall'), 'pending'],
  ['was withdrawn', (draft: DraftIntake) => changeDraft(draft, 'withdraw'), 'withdrawn'],
  ['is gone', (draft: DraftIntake) => gate.redis.del(gate.keys.draft(draft.record.draftId)), 'missing'],
  [
    'has other content by now',
    (draft: DraftIntake) => gate.redis.hset(gate.keys.draft(draft.record.draftId), 'digest', sha256('other')),
    'approved',
  ],
] as const)('is all or nothing: a draft that %s is named and no batch is made', async (_, move, status) => {
  const drafts = await gate.approvedDrafts(3);
  const moved = drafts[1] ?? gate.intake();
  await move(moved);
  const { batchId, frozen } = await gate.freeze(drafts);
  expect(frozen).toEqual({ result: 'draft_moved', subject: moved.record.draftId, status });
  expect(await gate.batches.read(batchId)).toBeNull();
  expect(await gate.batches.list(10)).toEqual([]);
  expect(await gate.batches.actionIds(batchId)).toEqual([]);
  expect(await statusOf(drafts[0] ?? moved)).toBe('approved');
  expect(await statusOf(drafts[2] ?? moved)).toBe('approved');
  // What was staged goes by itself.
  const staged = await storedActions();
  expect(staged).toHaveLength(3);
  for (const key of staged) expect(await gate.redis.ttl(key)).toBeGreaterThan(0);
  expect((await gate.batches.list(10)).length).toBe(0);
});

const changeDraft = (draft: DraftIntake, command: 'recall' | 'withdraw') =>
  gate.drafts.change({
    draftId: draft.record.draftId,
    motion: 'outbound',
    command,
    expectedDigest: null,
    fields: {},
    rejectedFingerprint: null,
    rejectionMemorySeconds: 60,
    pseudonym: draft.pseudonym,
    actor: 'reviewer',
    reason: '',
    correlationId: 'correlation-1',
  });

test('a freeze of the same draft by two at once succeeds once', async () => {
  const drafts = await gate.approvedDrafts(2);
  const results = (await Promise.all([gate.freeze(drafts), gate.freeze(drafts), gate.freeze(drafts)])).map(
    ({ frozen }) => frozen.result,
  );
  expect(results.sort()).toEqual(['draft_moved', 'draft_moved', 'frozen']);
  expect(await gate.batches.list(10)).toHaveLength(1);
});

test('a freeze of an action that was staged for another batch, or not at all, is refused', async () => {
  const first = await gate.freeze(await gate.approvedDrafts(1));
  const [draft = gate.intake()] = await gate.approvedDrafts(1);
  const [action] = first.actions;
  if (action === undefined) throw new Error('a batch of one has an action');
  const stolen: FrozenAction = {
    ...action,
    draftId: draft.record.draftId,
    contentDigest: draft.contentDigest,
    bytes: draft.bytes,
  };
  const before = await gate.redis.hgetall(gate.keys.action(action.actionId));
  const answer = await freezeAgain(first, { batchId: fixture.ids.batchId() }, [stolen]);
  expect(answer.result).not.toBe('frozen');
  expect(await gate.redis.hgetall(gate.keys.action(action.actionId))).toEqual(before);
  expect(await gate.redis.ttl(gate.keys.action(action.actionId))).toBe(-1);
  expect(await statusOf(draft)).toBe('approved');
});

test('a freeze with the action of a batch that will not run is refused, although the content is the same', async () => {
  const drafts = await gate.approvedDrafts(1);
  const first = await gate.freeze(drafts);
  await gate.batches.change({
    ...{ batchId: first.batchId, command: 'reject', previewHash: null, actor: 'op', reason: 'a reason' },
    correlationId: 'correlation-1',
  });
  const batchId = fixture.ids.batchId();
  expect(await freezeAgain(first, { batchId })).toMatchObject({
    result: 'not_staged',
    subject: first.actions[0]?.actionId,
  });
  expect(await gate.batches.read(batchId)).toBeNull();
});

test('a freeze repeated with its id changes nothing of the first: not a byte, not a digest, not its time to live', async () => {
  const batch = await gate.freeze(await gate.approvedDrafts(2));
  const keys = batch.actions.map(({ actionId }) => gate.keys.action(actionId));
  const before = await Promise.all(keys.map((key) => gate.redis.hgetall(key)));
  const forged = batch.actions.map((action) => ({
    ...action,
    bytes: action.bytes.replace('stops', 'STOPS'),
    contentDigest: sha256('forged'),
    email: 'mallory@evil.example',
    tier: 'tier_4',
  }));
  expect(await freezeAgain(batch, {}, forged)).toMatchObject({ result: 'exists' });
  expect(await Promise.all(keys.map((key) => gate.redis.hgetall(key)))).toEqual(before);
  for (const key of keys) expect(await gate.redis.ttl(key)).toBe(-1);
});
