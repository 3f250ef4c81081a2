// Risk: a rejection or an undo falls on another text than the one that was judged, or is forgotten.
import type { Draft } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createReviewDraft } from './review-draft.ts';

let benches: GateBenches;
let bench: GateBench;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench();
});
afterAll(() => benches.close());

const shown = (draft: Draft) => ({
  ...bench.by,
  actor: 'reviewer',
  draftId: draft.draftId,
  contentDigest: draft.contentDigest,
});
const edit = (draft: Draft, text: { subject?: string; body?: string }) =>
  bench.reviewDraft.edit({
    ...shown(draft),
    subject: draft.message.subject,
    body: draft.message.body,
    ...text,
  });
const edited = async (draft: Draft, text: { subject?: string; body?: string }): Promise<Draft> => {
  const outcome = await edit(draft, text);
  if (outcome.outcome !== 'done') throw new Error(`the edit came to ${outcome.outcome}`);
  return outcome.draft;
};
describe('rejecting', () => {
  const why = { tag: 'tone_style_issue', reason: 'Not how we speak to people like her.' };

  test('keeps tag and reason, and remembers the text against the person', async () => {
    const draft = await bench.pendingDraft();
    expect(await bench.reviewDraft.reject({ ...shown(draft), ...why })).toMatchObject({
      outcome: 'done',
      draft: { status: 'rejected', rejection: why },
    });
    const remembered = await bench.drafts.rejectedFingerprints(
      benches.pseudonym(draft.message.recipientKey),
      60_000,
    );
    expect(remembered).toHaveLength(1);
    expect(
      (await bench.guardMessage(draft.message, draft)).find(
        ({ ruleId }) => ruleId === 'rejected_fingerprint',
      ),
    ).toMatchObject({ passed: false });
  });

  test('while somebody edits remembers the text that was rejected, not the one that was there before', async () => {
    const draft = await bench.pendingDraft();
    let edits = 1;
    const reviewDraft = createReviewDraft({
      ...{ rules: bench.rules, guardMessage: bench.guardMessage, pseudonym: benches.pseudonym },
      drafts: {
        ...bench.drafts,
        change: async (change) => {
          if (change.command === 'reject' && edits > 0) {
            edits -= 1;
            await edited(draft, { subject: 'A quieter subject' });
          }
          return bench.drafts.change(change);
        },
      },
    });
    const { draftId } = draft;
    expect(await reviewDraft.reject({ ...bench.by, draftId, ...why })).toMatchObject({ outcome: 'done' });
    const rejected = await bench.draftOf(draftId);
    expect(rejected).toMatchObject({ status: 'rejected', message: { subject: 'A quieter subject' } });
    const passes = async (message: Draft['message']) =>
      (await bench.guardMessage(message, draft)).find(({ ruleId }) => ruleId === 'rejected_fingerprint')
        ?.passed;
    expect([await passes(rejected.message), await passes(draft.message)]).toEqual([false, true]);
  });

  test('twice for one person blocks any further text for as long as the policy remembers', async () => {
    const lead = benches.leadOf();
    for (const word of ['first', 'second']) {
      const draft = await bench.pendingDraft(lead, { subject: `A ${word} subject` });
      await bench.reviewDraft.reject({ ...shown(draft), ...why });
    }
    const third = await bench.submit(await benches.submissionOf(lead, { subject: 'A third subject' }));
    expect(third).toMatchObject({
      outcome: 'parked',
      reasons: expect.arrayContaining(['rejected_too_often']),
    });
    const memoryMs = bench.rules.policy.rejection.memoryDays * 86_400_000;
    const draft = await bench.draftOf(third.draftId);
    const tooOften = async () =>
      (await bench.guardMessage(draft.message, draft)).find(({ ruleId }) => ruleId === 'rejected_too_often');
    // The clock of one process that runs ahead makes nobody forget: the store's decides, here and for the others.
    bench.advance(memoryMs + 86_400_000);
    expect(await tooOften()).toMatchObject({ passed: false });
    const kept = bench.keys.rejections(benches.pseudonym(draft.message.recipientKey));
    for (const fingerprint of await bench.redis.zrange(kept, '0', '-1'))
      await bench.redis.zincrby(kept, -memoryMs, fingerprint);
    expect(await tooOften()).toMatchObject({ passed: true });
  });

  test('is final', async () => {
    const draft = await bench.pendingDraft();
    await bench.reviewDraft.reject({ ...shown(draft), ...why });
    for (const act of [
      () => bench.reviewDraft.approve(shown(draft)),
      () => bench.reviewDraft.reject({ ...shown(draft), ...why }),
      () => edit(draft, {}),
      () => bench.reviewDraft.recall({ ...shown(draft), reason: 'second thoughts' }),
      () => bench.reviewDraft.withdraw({ ...shown(draft), reason: 'second thoughts' }),
    ]) {
      expect(await act()).toEqual({ outcome: 'state_conflict', status: 'rejected' });
    }
  });
});

describe('taking a decision back', () => {
  test('recall brings an approved draft back to the reviewer, and nothing else', async () => {
    const draft = await bench.approvedDraft();
    expect(await bench.reviewDraft.recall({ ...shown(draft), reason: 'second thoughts' })).toMatchObject({
      outcome: 'done',
      draft: { status: 'pending', contentDigest: draft.contentDigest },
    });
    expect(await bench.reviewDraft.recall({ ...shown(draft), reason: 'again' })).toEqual({
      outcome: 'state_conflict',
      status: 'pending',
    });
  });

  test('withdrawing ends a draft without a judgement: the same text may come again', async () => {
    const lead = benches.leadOf();
    const draft = await bench.approvedDraft(lead);
    expect(await bench.reviewDraft.withdraw({ ...shown(draft), reason: 'wrong list' })).toMatchObject({
      draft: { status: 'withdrawn', rejection: null },
    });
    expect(await bench.submit(await benches.submissionOf(lead))).toMatchObject({ outcome: 'accepted' });
  });

  test('is refused once the draft is in a batch', async () => {
    bench = await benches.createBench({ provider: createScriptedProvider().adapter });
    const draft = await bench.approvedDraft();
    await bench.freeze();
    for (const act of [bench.reviewDraft.recall, bench.reviewDraft.withdraw]) {
      expect(await act({ ...shown(draft), reason: 'too late' })).toEqual({
        outcome: 'state_conflict',
        status: 'batched',
      });
    }
  });
});
