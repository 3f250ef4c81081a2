// Risk: a draft that was dropped from a batch is sent with the next one, or the others are lost on the way to it.
import type { BatchId, Draft, DraftId } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createRejectBatch } from './reject-batch.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
});
afterAll(() => benches.close());

const why = { tag: 'tone_style_issue' as const, reason: 'too familiar for a first message to a CEO' };
const dropOf = (drafts: readonly Draft[]) => drafts.map(({ draftId }) => ({ draftId, ...why }));
const reject = (batchId: BatchId, drop: ReturnType<typeof dropOf> | null) =>
  bench.rejectBatch({ ...bench.by, batchId, reason: 'one of them is wrong', drop });
const statusesOf = async (drafts: readonly Draft[]): Promise<string[]> =>
  Promise.all(drafts.map(async ({ draftId }) => (await bench.draftOf(draftId)).status));
const frozen = async (count: number) => {
  const drafts = await bench.approvedDrafts(count);
  const { frozen: batch } = await bench.freeze();
  return { drafts, batchId: batch.batchId, previewHash: batch.previewHash };
};
const draftIdsOf = async (batchId: BatchId | undefined): Promise<DraftId[]> =>
  batchId === undefined ? [] : (await bench.batches.draftIds(batchId)).sort();
const sortedIds = (drafts: readonly Draft[]): DraftId[] => drafts.map(({ draftId }) => draftId).sort();

test('the dropped are rejected for their reasons, the others are a new batch with a new hash', async () => {
  const { drafts, batchId, previewHash } = await frozen(4);
  const [first, ...others] = drafts;
  const outcome = await reject(batchId, dropOf(drafts.slice(0, 1)));
  if (outcome.outcome !== 'rejected') throw new Error(outcome.outcome);
  expect(outcome.batch).toMatchObject({ status: 'rejected', closedReason: 'one of them is wrong' });
  expect(outcome.dropped).toEqual([{ draftId: first?.draftId, status: 'rejected' }]);
  const { replacement } = outcome;
  expect(replacement).toMatchObject({ status: 'pending', actionCount: 3, leftOut: [] });
  expect(replacement?.previewHash).not.toBe(previewHash);
  expect(await draftIdsOf(replacement?.batchId)).toEqual(sortedIds(others));
  expect(await statusesOf(drafts)).toEqual(['rejected', 'batched', 'batched', 'batched']);

  const dropped = await bench.draftOf(first?.draftId ?? null);
  expect(dropped.rejection).toEqual(why);
  expect(dropped.decisions.map(({ command, by }) => [command, by])).toEqual([
    ['approve', 'operator'],
    ['drop', 'operator'],
    ['reject', 'operator'],
  ]);
  const rows = (await bench.auditRows()).filter(({ ref }) => ref === first?.draftId);
  expect(rows.map(({ kind }) => kind)).toEqual([
    'draft.accepted',
    'draft.approve',
    'draft.drop',
    'draft.reject',
  ]);
  expect(new Set(rows.map(({ who }) => who)).size).toBe(1);
  // Rejected for good: the same text for the same person is known.
  expect(await bench.redis.keys(bench.keys.rejections('*'))).toHaveLength(1);
});

test('the replacement is approved and executed like any other, the first can never be', async () => {
  const { drafts, batchId, previewHash } = await frozen(2);
  const outcome = await reject(batchId, dropOf(drafts.slice(0, 1)));
  const next = outcome.outcome === 'rejected' ? outcome.replacement : null;
  if (next === null) throw new Error('there is a replacement');
  expect(await bench.approveBatch(batchId, previewHash)).toMatchObject({ result: 'state_conflict' });
  expect(await bench.approveBatch(next.batchId, previewHash)).toMatchObject({ result: 'hash_mismatch' });
  expect(await bench.approveBatch(next.batchId, next.previewHash)).toMatchObject({ result: 'done' });
  expect(await bench.executeBatch({ ...bench.by, batchId: next.batchId })).toMatchObject({
    outcome: 'claimed',
  });
});

test('a dropped draft that somebody rewrites before it is rejected keeps its new text for the reviewer', async () => {
  const { drafts, batchId } = await frozen(1);
  const { draftId, message, contentDigest } = drafts[0] ?? (await bench.pendingDraft());
  const rejectBatch = createRejectBatch({
    ...{ batches: bench.batches, drafts: bench.drafts, ids: benches.ids, freezeBatch: bench.freezeBatch },
    reviewDraft: {
      reject: async (request) => {
        const text = { subject: 'A quieter subject', body: message.body };
        await bench.reviewDraft.edit({ ...bench.by, draftId, contentDigest, ...text });
        return bench.reviewDraft.reject(request);
      },
    },
  });
  const reason = 'one of them is wrong';
  expect(await rejectBatch({ ...bench.by, batchId, reason, drop: dropOf(drafts) })).toMatchObject({
    ...{ outcome: 'rejected', replacement: null, dropped: [{ draftId, status: 'pending' }] },
  });
  expect(await bench.draftOf(draftId)).toMatchObject({ status: 'pending', rejection: null, revision: 2 });
});

test('everything dropped leaves no batch', async () => {
  const { drafts, batchId } = await frozen(2);
  expect(await reject(batchId, dropOf(drafts))).toMatchObject({ outcome: 'rejected', replacement: null });
  expect(await statusesOf(drafts)).toEqual(['rejected', 'rejected']);
});

test('somebody who may not be written to any more is left out of the replacement, by name', async () => {
  const { drafts, batchId } = await frozen(3);
  const [first, second] = drafts;
  await bench.redis.hset(
    bench.keys.exclusions,
    `email:${second?.message.recipient.email ?? ''}`,
    JSON.stringify({ key: `email:${second?.message.recipient.email ?? ''}`, kind: 'customer' }),
  );
  const outcome = await reject(batchId, dropOf(first === undefined ? [] : [first]));
  expect(outcome).toMatchObject({
    outcome: 'rejected',
    replacement: { actionCount: 1 },
    leftOut: [{ draftId: second?.draftId, reason: 'excluded' }],
  });
});

describe('asked for again', () => {
  const begun = async (count: number) => {
    const batch = await frozen(count);
    const partial = { drop: dropOf(batch.drafts.slice(0, 1)), replacementId: benches.ids.batch() };
    // The first step alone, as when the process dies right after it.
    await bench.batches.change({
      ...{ ...bench.by, batchId: batch.batchId, command: 'reject', previewHash: null },
      ...{ reason: 'one of them is wrong', partial },
    });
    return { ...batch, ...partial };
  };

  test('after the process died at once: the dropped need a review, and it is done to its end', async () => {
    const { drafts, batchId, drop, replacementId } = await begun(3);
    expect(await statusesOf(drafts)).toEqual(['pending', 'approved', 'approved']);
    // Whatever is frozen now, the dropped draft is not in it.
    expect(
      await bench.freezeBatch.preview({ ...bench.by, motion: 'outbound', draftIds: null, limit: null }),
    ).toMatchObject({ preview: { actions: { length: 2 } } });
    expect(await reject(batchId, drop)).toMatchObject({
      dropped: [{ status: 'rejected' }],
      replacement: { batchId: replacementId, actionCount: 2 },
    });
    expect(await statusesOf(drafts)).toEqual(['rejected', 'batched', 'batched']);
  });

  test('after it was done: the same answer, and nothing changes', async () => {
    const { drafts, batchId } = await frozen(3);
    const first = await reject(batchId, dropOf(drafts.slice(0, 1)));
    const rows = (await bench.auditRows()).length;
    expect(await reject(batchId, dropOf(drafts.slice(0, 1)))).toEqual(first);
    expect(await bench.auditRows()).toHaveLength(rows);
    expect(await bench.batches.list(10)).toHaveLength(2);
  });

  test('by several at once: one rejection, one replacement', async () => {
    const { drafts, batchId } = await frozen(3);
    const outcomes = await Promise.all(
      Array.from({ length: 8 }, () => reject(batchId, dropOf(drafts.slice(0, 1)))),
    );
    const replacements = outcomes.map((outcome) =>
      outcome.outcome === 'rejected' ? outcome.replacement?.batchId : outcome.outcome,
    );
    expect(new Set(replacements).size).toBe(1);
    expect(await bench.batches.list(10)).toHaveLength(2);
    expect((await bench.auditRows()).filter(({ kind }) => kind === 'draft.reject')).toHaveLength(1);
  });

  test('when the others are in another batch by now: none, and where they are', async () => {
    const { drafts, batchId, drop } = await begun(2);
    await bench.freeze();
    expect(await reject(batchId, drop)).toMatchObject({
      replacement: null,
      leftOut: [{ draftId: drafts[1]?.draftId, reason: 'status_batched' }],
    });
  });

  test('when a reviewer decided anew: their decision stands and is told, and no batch takes the draft', async () => {
    const { drafts, batchId, drop } = await begun(2);
    const [first] = drafts;
    await bench.approve(await bench.draftOf(first?.draftId ?? null));
    const outcome = await reject(batchId, drop);
    expect(outcome).toMatchObject({ dropped: [{ draftId: first?.draftId, status: 'approved' }] });
    const replacement = outcome.outcome === 'rejected' ? outcome.replacement?.batchId : undefined;
    expect(await draftIdsOf(replacement)).toEqual(sortedIds(drafts.slice(1)));
  });

  test.each([
    ['with other drafts', (drafts: readonly Draft[]) => dropOf(drafts.slice(1, 2))],
    ['as a whole', () => null],
  ])('%s: refused', async (_, dropFrom) => {
    const { drafts, batchId } = await begun(3);
    expect(await reject(batchId, dropFrom(drafts))).toEqual({
      outcome: 'state_conflict',
      status: 'rejected',
    });
  });
});

test('a draft that is not in the batch refuses all of it, and nothing changes', async () => {
  const { drafts, batchId } = await frozen(2);
  const stranger = await bench.pendingDraft();
  const rows = (await bench.auditRows()).length;
  expect(await reject(batchId, dropOf([...drafts.slice(0, 1), stranger]))).toEqual({
    outcome: 'not_in_batch',
    draftIds: [stranger.draftId],
  });
  expect(await bench.auditRows()).toHaveLength(rows);
  expect(await bench.batches.read(batchId)).toMatchObject({ status: 'pending' });
});

test.each(['approved', 'executing'])('a batch that is %s cannot be rejected in part', async (status) => {
  const { drafts, batchId, previewHash } = await frozen(2);
  await bench.approveBatch(batchId, previewHash);
  if (status === 'executing') await bench.executeBatch({ ...bench.by, batchId });
  expect(await reject(batchId, dropOf(drafts.slice(0, 1)))).toEqual({ outcome: 'state_conflict', status });
  expect(await statusesOf(drafts)).toEqual(['batched', 'batched']);
});
