// Risk: a batch takes a step that its life cycle forbids, or its drafts do not go where it goes.
import { type BatchStatus, batchStatusSchema } from '@caio/contracts';
import { batchArrows, decideBatch } from '@caio/dispatch-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import type { DraftIntake } from './draft-store.ts';
import { CorruptRecordError } from './record.ts';
import { admissible, settleAs } from './testing/admission-request.ts';
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
const auditRows = async () => (await createAuditLog(gate.session).rowsAfter('', 1_000)).map(({ row }) => row);

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
      const unclaimed = read?.status === 'pending' || read?.status === 'approved' ? [batch.batchId] : [];
      expect(await gate.batches.expiringIds(Number.MAX_SAFE_INTEGER, 0, 10)).toEqual(unclaimed);
      expect(await gate.batches.claimableIds()).toEqual(unclaimed);

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

describe('the progress of a batch', () => {
  const seen = async (batchId: string): Promise<number> => {
    const state = await gate.batches.progress(batchId);
    const counts = Object.entries((await gate.batches.read(batchId))?.counts ?? {});
    expect(Object.entries(state?.progress.counts ?? {}).sort()).toEqual(counts.sort());
    return state?.change ?? -1;
  };

  test('has another number after everything that happens to it', async () => {
    const drafts = await gate.approvedDrafts(3);
    const batch = await gate.freeze(drafts);
    const numbers = [await seen(batch.batchId)];
    const note = async (): Promise<void> => void numbers.push(await seen(batch.batchId));
    await change(batch, 'approve');
    await note();
    await gate.claim(batch);
    await note();
    const digests = new Map<string, string>(
      batch.actions.map(({ actionId, contentDigest }) => [actionId, contentDigest]),
    );
    const [sent, lost, blocked] = await gate.actions.takeDue(10, 60_000);
    for (const [job, digest] of [
      [sent, digests.get(sent?.actionId ?? '')],
      [lost, digests.get(lost?.actionId ?? '')],
      [blocked, 'f'.repeat(64)],
    ] as const) {
      if (job === undefined) throw new Error('three jobs were due');
      const request = admissible(gate, job, digest ?? '');
      await gate.actions.admit(request);
      await note();
      if (job === sent) await settleAs(gate, job, request.attemptId, 'handed_over');
      if (job === lost) await gate.redis.zadd(gate.keys.actionsSending, 1, job.actionId);
      if (job === lost) await gate.actions.loseExpired(10);
      if (job !== blocked) await note();
    }
    const action = await gate.actions.read(sent?.actionId ?? '');
    if (action === null) throw new Error('the sent action is there');
    await gate.actions.takeBack({ action, reason: 'asked', actor: 'op', correlationId: 'correlation-1' });
    await note();
    expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b));
    expect((await gate.batches.progress(batch.batchId))?.progress).toMatchObject({
      ...{ status: 'executing', total: 3, handedOver: 0 },
      counts: { unknown: 1, blocked: 1, taken_back: 1, queued: 0, sending: 0 },
    });
  });

  test('is of nothing when there is no such batch, and an error when the record is damaged', async () => {
    expect(await gate.batches.progress(gate.ids.batchId())).toBeNull();
    const batch = await gate.freeze(await gate.approvedDrafts(1));
    await gate.redis.hset(gate.keys.batch(batch.batchId), 'status', 'sent');
    await expect(gate.batches.progress(batch.batchId)).rejects.toThrow(CorruptRecordError);
  });
});
