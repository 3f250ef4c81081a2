// Risk: a batch is not exactly what was frozen, or a step is taken that its life cycle forbids.
import { type BatchStatus, batchStatusSchema } from '@caio/contracts';
import { batchArrows, decideBatch } from '@caio/dispatch-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import type { BatchFreeze, FrozenAction } from './batch-store.ts';
import type { DraftIntake } from './draft-store.ts';
import { CorruptRecordError } from './record.ts';
import {
  admissible,
  createGateFixture,
  type Gate,
  type GateFixture,
  settleAs,
  sha256,
} from './testing/gate-fixture.ts';

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
type Command = 'approve' | 'reject' | 'revoke' | 'expire';

const change = (batch: Pick<Frozen, 'batchId' | 'previewHash'>, command: Command, previewHash?: string) =>
  gate.batches.change({
    batchId: batch.batchId,
    command,
    previewHash: command === 'approve' ? (previewHash ?? batch.previewHash) : null,
    actor: 'approver',
    reason: 'a reason',
    correlationId: 'correlation-1',
  });
const passExpiry = (batchId: string) => gate.redis.hset(gate.keys.batch(batchId), 'expiresAtMs', '1');
const statusOf = async (draft: DraftIntake) => (await gate.drafts.read(draft.record.draftId))?.status;
const storedActions = () => gate.redis.keys(`${gate.keys.actionPrefix}*`);
const auditRows = async () => (await createAuditLog(gate.session).rowsAfter('', 1_000)).map(({ row }) => row);

describe('a freeze', () => {
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

  test('stores what it was given, batches the drafts and keeps the order', async () => {
    const drafts = await gate.approvedDrafts(3);
    const batch = await gate.freeze(drafts);
    expect(batch.frozen).toEqual({ result: 'frozen', subject: '', status: '' });
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
    expect(await gate.batches.actionIds(batch.batchId)).toEqual(
      batch.actions.map(({ actionId }) => actionId),
    );
    expect(
      (await gate.batches.previewActions(batch.batchId)).map(({ contentDigest }) => contentDigest),
    ).toEqual(drafts.map(({ contentDigest }) => contentDigest));
    for (const draft of drafts) {
      expect(await gate.drafts.read(draft.record.draftId)).toMatchObject({
        status: 'batched',
        batchId: batch.batchId,
      });
    }
    for (const { actionId } of batch.actions)
      expect(await gate.redis.ttl(gate.keys.action(actionId))).toBe(-1);
    expect(await gate.batches.read(fixture.ids.batchId())).toBeNull();
  });

  test.each([
    ['was recalled', (draft: DraftIntake) => changeDraft(draft, 'recall'), 'pending'],
    ['was withdrawn', (draft: DraftIntake) => changeDraft(draft, 'withdraw'), 'withdrawn'],
    ['is gone', (draft: DraftIntake) => gate.redis.del(gate.keys.draft(draft.record.draftId)), 'missing'],
    [
      'has other content by now',
      (draft: DraftIntake) =>
        gate.redis.hset(gate.keys.draft(draft.record.draftId), 'digest', sha256('other')),
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

  test('of the same draft by two at once succeeds once', async () => {
    const drafts = await gate.approvedDrafts(2);
    const results = (await Promise.all([gate.freeze(drafts), gate.freeze(drafts), gate.freeze(drafts)])).map(
      ({ frozen }) => frozen.result,
    );
    expect(results.sort()).toEqual(['draft_moved', 'draft_moved', 'frozen']);
    expect(await gate.batches.list(10)).toHaveLength(1);
  });

  test('of an action that was staged for another batch, or not at all, is refused', async () => {
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

  test('repeated with its id changes nothing of the first: not a byte, not a digest, not its time to live', async () => {
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
});

describe('a batch', () => {
  /** The shortest way there by the steps that people and the gate take. */
  const batchIn = async (status: BatchStatus): Promise<{ batch: Frozen; drafts: DraftIntake[] }> => {
    const drafts = await gate.approvedDrafts(2);
    const batch = await gate.freeze(drafts);
    if (status === 'pending') return { batch, drafts };
    if (status === 'rejected') await change(batch, 'reject');
    if (status === 'expired') {
      await passExpiry(batch.batchId);
      await change(batch, 'expire');
    }
    if (['rejected', 'expired'].includes(status)) return { batch, drafts };
    await change(batch, 'approve');
    if (status === 'revoked') await change(batch, 'revoke');
    if (['approved', 'revoked'].includes(status)) return { batch, drafts };
    await gate.claim(batch);
    if (status === 'executing') return { batch, drafts };
    const digests = new Map(batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]));
    for (const [place, job] of (await gate.actions.takeDue(10, 60_000)).entries()) {
      const request = admissible(gate, job, digests.get(job.actionId) ?? '');
      await gate.actions.admit(request);
      const sent = status === 'executed' || (status === 'partially_executed' && place === 0);
      await settleAs(gate, job, request.attemptId, sent ? 'handed_over' : 'refused');
    }
    return { batch, drafts };
  };

  const commands: readonly Command[] = ['approve', 'reject', 'revoke', 'expire'];
  const cases = batchStatusSchema.options.flatMap((status) =>
    commands.flatMap((command) =>
      (['before', 'past'] as const).map((expiry): [Command, BatchStatus, 'before' | 'past'] => [
        command,
        status,
        expiry,
      ]),
    ),
  );

  test.each(cases)(
    '%s while it is %s, %s its expiry, does what the life cycle says',
    async (command, status, expiry) => {
      const { batch, drafts } = await batchIn(status);
      expect(await gate.batches.read(batch.batchId)).toMatchObject({ status });
      if (expiry === 'past') await passExpiry(batch.batchId);
      const draftsBefore = await Promise.all(drafts.map(statusOf));
      const rowsBefore = (await auditRows()).length;
      const legal = decideBatch(command, status);
      const answer = await change(batch, command);
      const read = await gate.batches.read(batch.batchId);
      const rows = (await auditRows()).slice(rowsBefore);

      if (!legal.ok || (command === 'expire' && expiry === 'before')) {
        expect(answer).toEqual({ result: 'state_conflict', current: status });
        expect(read).toMatchObject({ status });
        expect(await Promise.all(drafts.map(statusOf))).toEqual(draftsBefore);
        expect(rows).toEqual([]);
        return;
      }
      const late = command === 'approve' && expiry === 'past';
      const to = late ? 'expired' : legal.to;
      expect(answer).toEqual({ result: late ? 'batch_expired' : 'done', current: to });
      expect(read).toMatchObject(
        to === 'approved'
          ? { status: to, approvedBy: 'approver', approvedAt: expect.stringMatching(/Z$/) }
          : { status: to, closedBy: 'approver', closedReason: late ? 'batch_expired' : 'a reason' },
      );
      expect(await Promise.all(drafts.map(statusOf))).toEqual(
        drafts.map(() => (to === 'approved' ? 'batched' : 'approved')),
      );
      expect(rows).toMatchObject([
        { kind: `batch.${to}`, ref: batch.batchId, from: status, to, actor: 'approver' },
      ]);
    },
  );

  test('takes every arrow of the life cycle', () => {
    // A new arrow has to be proven here or among the claims and the endings.
    expect(Object.keys(batchArrows).sort()).toEqual(
      [...commands, 'claim', 'finish', 'finishPartly', 'fail'].sort(),
    );
  });

  test('is approved with the hash that was shown and no other', async () => {
    const { batch } = await batchIn('pending');
    for (const hash of [sha256('another'), '', batch.previewHash.toUpperCase(), batch.previewHash.slice(1)]) {
      expect(await change(batch, 'approve', hash)).toEqual({
        result: 'hash_mismatch',
        current: batch.previewHash,
      });
    }
    expect(await gate.batches.read(batch.batchId)).toMatchObject({ status: 'pending', approvedBy: null });
    expect(await change(batch, 'approve')).toMatchObject({ result: 'done' });
  });

  test('that nobody froze is not found', async () => {
    const nobody = { batchId: fixture.ids.batchId(), previewHash: sha256('x') };
    for (const command of commands) {
      expect(await change(nobody, command)).toEqual({ result: 'not_found', current: '' });
    }
    expect(await gate.redis.exists(gate.keys.batch(nobody.batchId))).toBe(0);
  });

  test('that will not run frees its drafts in their old order, for the next batch', async () => {
    const { batch, drafts } = await batchIn('approved');
    const [first = gate.intake()] = drafts;
    const createdAt = await gate.redis.zscore(gate.keys.draftsByStatus('batched'), first.record.draftId);
    await change(batch, 'revoke');
    expect(await gate.redis.zscore(gate.keys.draftsByStatus('approved'), first.record.draftId)).toBe(
      createdAt,
    );
    expect(await gate.drafts.read(first.record.draftId)).toMatchObject({ batchId: null });
    expect(await gate.drafts.idsByStatus('batched')).toEqual([]);
    expect((await gate.freeze(drafts)).frozen.result).toBe('frozen');
  });

  test('frees no draft that another batch holds by now', async () => {
    const { batch, drafts } = await batchIn('pending');
    const [first = gate.intake()] = drafts;
    await gate.redis.hset(gate.keys.draft(first.record.draftId), 'status', 'withdrawn');
    await change(batch, 'reject');
    expect(await statusOf(first)).toBe('withdrawn');
  });

  test('keeps the draft of what a recovery found at its provider: it was sent', async () => {
    const { batch, drafts } = await batchIn('approved');
    const [sent = gate.intake(), unsent = gate.intake()] = drafts;
    const action = await gate.actions.read(batch.actions[0]?.actionId ?? '');
    if (action === null) throw new Error('a frozen action can be read');
    await gate.actions.adopt({
      action,
      to: 'handed_over',
      providerMessageId: 'provider-1',
      proof: 'found',
      personKeys: sent.personKeys,
      stillHeld: true,
    });
    await change(batch, 'revoke');
    expect(await statusOf(sent)).toBe('batched');
    expect(await statusOf(unsent)).toBe('approved');
  });
});

describe('reading', () => {
  test('lists the newest first', async () => {
    const batches: Frozen[] = [];
    for (let number = 0; number < 3; number += 1) {
      const batch = await gate.freeze(await gate.approvedDrafts(1));
      await gate.redis.zadd(gate.keys.batches, number, batch.batchId);
      batches.push(batch);
    }
    const ids = batches.map(({ batchId }) => batchId).reverse();
    expect((await gate.batches.list(10)).map(({ batchId }) => batchId)).toEqual(ids);
    expect((await gate.batches.list(2)).map(({ batchId }) => batchId)).toEqual(ids.slice(0, 2));
  });

  test.each([
    ['a status nobody knows', { status: 'sent' }],
    ['no expiry', { expiresAtMs: '' }],
    ['delivery modes that are no JSON', { deliveryModes: '{' }],
    ['a count that is no number', { 'n:queued': 'many' }],
    ['left-out people of another shape', { leftOut: '[1]' }],
  ])('a batch with %s is an error that names it, never "absent"', async (_, damage) => {
    const batch = await gate.freeze(await gate.approvedDrafts(1));
    await gate.redis.hset(gate.keys.batch(batch.batchId), damage);
    await expect(gate.batches.read(batch.batchId)).rejects.toThrow(CorruptRecordError);
    await expect(gate.batches.list(10)).rejects.toThrow(gate.keys.batch(batch.batchId));
  });

  test('an action that is gone makes the recomputed preview an error, not a smaller one', async () => {
    const batch = await gate.freeze(await gate.approvedDrafts(2));
    await gate.redis.del(gate.keys.action(batch.actions[0]?.actionId ?? ''));
    await expect(gate.batches.previewActions(batch.batchId)).rejects.toThrow(CorruptRecordError);
  });
});
