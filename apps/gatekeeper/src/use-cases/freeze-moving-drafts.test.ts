// Risk: while reviewers work nothing can be frozen, or a batch holds a draft that was recalled in the meantime.
import type { Draft } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { freezeRequest } from '../testing/freeze-requests.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createFreezeBatch } from './freeze-batch.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
});
afterAll(() => benches.close());

/** A freeze during which `meanwhile` happens each time after the approved drafts were read. */
const freezeWhile = (meanwhile: () => Promise<unknown>) =>
  createFreezeBatch({
    ...bench,
    ...{ ids: benches.ids, seals: benches.seals, pseudonym: benches.pseudonym },
    providerOf: bench.adapters.providerOf,
    lists: {
      ...bench.lists,
      allowList: async () => {
        await meanwhile();
        return bench.lists.allowList();
      },
    },
  }).freeze;
const recall = async (draft: Draft | undefined): Promise<void> => {
  if (draft === undefined) return;
  await bench.reviewDraft.recall({ ...bench.by, draftId: draft.draftId, reason: 'second thoughts' });
};

test('drafts recalled one after the other hold up nobody else, and each is named', async () => {
  const drafts = await bench.approvedDrafts(9);
  const recalled = drafts.slice(0, 7);
  const waiting = [...recalled];
  const frozen = await freezeWhile(() => recall(waiting.shift()))(freezeRequest());
  if (frozen.outcome !== 'frozen') throw new Error(`the freeze came to ${frozen.outcome}`);
  expect(waiting).toEqual([]);
  expect(frozen.batch.actionCount).toBe(2);
  expect(new Set(await bench.batches.draftIds(frozen.batch.batchId))).toEqual(
    new Set(drafts.slice(7).map(({ draftId }) => draftId)),
  );
  expect(new Set(frozen.batch.leftOut)).toEqual(
    new Set(
      recalled.map(({ draftId, message }) => ({
        ...{ draftId, email: message.recipient.email, reason: 'status_pending' },
      })),
    ),
  );
  expect(await bench.batches.list(10)).toHaveLength(1);
});

test('a draft that was edited and approved again meanwhile is in the batch as it is now', async () => {
  const [draft] = await bench.approvedDrafts(1);
  if (draft === undefined) throw new Error('a draft');
  let isEdited = false;
  const frozen = await freezeWhile(async () => {
    if (isEdited) return;
    isEdited = true;
    await recall(draft);
    const { subject, body } = draft.message;
    await bench.reviewDraft.edit({
      ...{ ...bench.by, draftId: draft.draftId, contentDigest: draft.contentDigest },
      ...{ subject: `${subject} again`, body },
    });
    await bench.approve(await bench.draftOf(draft.draftId));
  })(freezeRequest());
  if (frozen.outcome !== 'frozen') throw new Error(`the freeze came to ${JSON.stringify(frozen)}`);
  const { contentDigest } = await bench.draftOf(draft.draftId);
  expect(contentDigest).not.toBe(draft.contentDigest);
  expect(frozen.frozen.preview.actions.map((action) => action.contentDigest)).toEqual([contentDigest]);
});

test('one that was asked for with its text is left out when it has another one meanwhile', async () => {
  const [draft, other] = await bench.approvedDrafts(2);
  if (draft === undefined || other === undefined) throw new Error('two drafts');
  let isEdited = false;
  const frozen = await freezeWhile(async () => {
    if (isEdited) return;
    isEdited = true;
    await recall(draft);
    const { draftId, contentDigest, message } = draft;
    const text = { subject: `${message.subject} again`, body: message.body };
    await bench.reviewDraft.edit({ ...bench.by, draftId, contentDigest, ...text });
    await bench.approve(await bench.draftOf(draftId));
  })(
    freezeRequest({
      draftIds: [draft.draftId, other.draftId],
      contentDigests: new Map([draft, other].map((one) => [one.draftId, one.contentDigest])),
    }),
  );
  if (frozen.outcome !== 'frozen') throw new Error(`the freeze came to ${JSON.stringify(frozen)}`);
  expect(frozen.frozen.included).toEqual([{ draftId: other.draftId, contentDigest: other.contentDigest }]);
  expect(frozen.batch.leftOut).toMatchObject([{ draftId: draft.draftId, reason: 'text_changed' }]);
});

test('a freeze that never finds a quiet moment ends, names a draft and stores nothing', async () => {
  const waiting = await bench.approvedDrafts(12);
  const last = waiting[0];
  const frozen = await freezeWhile(() => recall(waiting.shift()))(freezeRequest());
  expect(frozen).toEqual({ outcome: 'draft_moved', draftId: expect.any(String), status: 'pending' });
  expect(waiting.length).toBeGreaterThan(0);
  expect((await bench.draftOf(last?.draftId ?? null)).status).toBe('pending');
  expect(await bench.batches.list(10)).toEqual([]);
});
