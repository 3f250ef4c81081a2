// Risk: a reviewer's decision falls on another text than the one on the screen, or an edited text escapes the guards.
import type { Draft } from '@caio/contracts';
import { messageBytes } from '@caio/outreach-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sha256Hex } from '../digest.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';

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
const broken = { body: 'Hi Ada,\n\n{{opening_line}}' };

describe('approving', () => {
  test('names the reviewer and answers with the draft as it is stored now', async () => {
    const draft = await bench.pendingDraft();
    const outcome = await bench.reviewDraft.approve(shown(draft));
    expect(outcome).toEqual({ outcome: 'done', draft: await bench.draftOf(draft.draftId) });
    expect(await bench.draftOf(draft.draftId)).toMatchObject({
      status: 'approved',
      reviewedBy: 'reviewer',
      contentDigest: draft.contentDigest,
    });
  });

  test('a text that was edited after it was shown is refused with the digest it has now', async () => {
    const draft = await bench.pendingDraft();
    const now = await edited(draft, { subject: 'A quieter subject' });
    expect(await bench.reviewDraft.approve(shown(draft))).toMatchObject({
      outcome: 'stale_digest',
      contentDigest: now.contentDigest,
    });
    expect(await bench.reviewDraft.approve(shown(now))).toMatchObject({ outcome: 'done' });
  });

  test('a parked draft is refused with its state', async () => {
    const draft = await edited(await bench.pendingDraft(), broken);
    expect(await bench.reviewDraft.approve(shown(draft))).toEqual({
      outcome: 'state_conflict',
      status: 'parked',
    });
  });
});

describe('editing', () => {
  test('makes a new revision with new bytes and digest, guarded again, waiting again', async () => {
    const draft = await bench.pendingDraft();
    const now = await edited(draft, { subject: 'A quieter subject' });
    expect(now).toMatchObject({
      status: 'pending',
      revision: 2,
      message: { ...draft.message, subject: 'A quieter subject' },
    });
    expect(now.contentDigest).not.toBe(draft.contentDigest);
    expect(now.contentDigest).toBe(sha256Hex(messageBytes(now.message)));
    expect(now.guards).toHaveLength(draft.guards.length);
    expect((await edited(now, { subject: 'Another subject' })).revision).toBe(3);
  });

  test('into a text that breaks a rule parks it with the rule; mending it brings it back', async () => {
    const draft = await bench.pendingDraft();
    const parked = await edited(draft, broken);
    expect(parked.status).toBe('parked');
    expect(parked.guards.filter(({ passed }) => !passed).map(({ ruleId }) => ruleId)).toContain(
      'unrendered_placeholder',
    );
    const mended = await edited(parked, { subject: draft.message.subject, body: draft.message.body });
    expect(mended).toMatchObject({ status: 'pending', revision: 3, contentDigest: draft.contentDigest });
    expect(mended.guards.every(({ passed }) => passed)).toBe(true);
  });

  test('changes nothing but subject and body, whatever line ends were typed', async () => {
    const draft = await bench.pendingDraft();
    const now = await edited(draft, { body: draft.message.body.replaceAll('\n', '\r\n') });
    expect(now.message).toEqual(draft.message);
    expect(now.contentDigest).toBe(draft.contentDigest);
  });

  test('drops claims whose words are gone, and knows them again when the words come back', async () => {
    const draft = await bench.pendingDraft();
    const [stated] = draft.claims.filter(({ source }) => source.kind === 'pack_claim');
    if (stated === undefined) throw new Error('the text of our pack makes one of its claims');
    const without = await edited(draft, {
      body: draft.message.body.replace(stated.text, 'It is a small step.'),
    });
    expect(without.claims).not.toContainEqual(stated);
    const again = await edited(without, { body: draft.message.body });
    expect(again).toMatchObject({
      status: 'pending',
      claims: draft.claims,
      contentDigest: draft.contentDigest,
    });
  });

  test('a draft of a lead that is parked does not wait for a reviewer, however good the text', async () => {
    const submission = await benches.submissionOf(benches.leadOf());
    const answer = await bench.submit({ ...submission, lead: benches.leadOf({ title: null }) });
    const draft = await bench.draftOf(answer.draftId);
    expect(draft.judgement.verdict).toBe('parked');
    expect((await edited(draft, { subject: 'A quieter subject' })).status).toBe('parked');
  });

  test.each([
    ['somebody who should know us and is not on record', { motion: 'revival' }, {}],
    ['a company whose website cannot be read', {}, { companyDomain: 'not a domain' }],
  ] as const)('no text brings a draft to the reviewer that is for %s', async (_, submission, lead) => {
    const perfect = await benches.submissionOf(benches.leadOf(), submission);
    const answer = await bench.submit({ ...perfect, lead: { ...perfect.lead, ...lead } });
    const draft = await bench.draftOf(answer.draftId);
    const once = await edited(draft, { subject: 'A quieter subject' });
    const twice = await edited(once, { subject: draft.message.subject });
    expect([draft, once, twice].map(({ status }) => status)).toEqual(['parked', 'parked', 'parked']);
    expect(twice.guards).toEqual(draft.guards);
  });

  test('an older text than the stored one is refused and changes nothing', async () => {
    const draft = await bench.pendingDraft();
    const now = await edited(draft, { subject: 'A quieter subject' });
    expect(await edit(draft, { subject: 'From an old screen' })).toMatchObject({
      outcome: 'stale_digest',
      contentDigest: now.contentDigest,
    });
    expect(await bench.draftOf(draft.draftId)).toEqual(now);
  });

  test('by two at the same time takes one of them', async () => {
    const draft = await bench.pendingDraft();
    const outcomes = await Promise.all(
      Array.from({ length: 10 }, (_, number) => edit(draft, { subject: `Subject number ${number}` })),
    );
    expect(outcomes.filter(({ outcome }) => outcome === 'done')).toHaveLength(1);
    expect(outcomes.filter(({ outcome }) => outcome === 'stale_digest')).toHaveLength(9);
    expect((await bench.draftOf(draft.draftId)).revision).toBe(2);
  });

  test('an approved draft is refused with its state', async () => {
    const draft = await bench.approvedDraft();
    expect(await edit(draft, { subject: 'Too late' })).toEqual({
      outcome: 'state_conflict',
      status: 'approved',
    });
  });
});

test('a draft that does not exist is not found, whatever is asked', async () => {
  const nobody = { ...bench.by, draftId: benches.ids.draft(), contentDigest: sha256Hex('') };
  for (const outcome of [
    await bench.reviewDraft.approve(nobody),
    await bench.reviewDraft.edit({ ...nobody, subject: 'x', body: 'y' }),
    await bench.reviewDraft.reject({ ...nobody, tag: 'other', reason: 'x' }),
    await bench.reviewDraft.recall({ ...nobody, reason: 'x' }),
    await bench.reviewDraft.withdraw({ ...nobody, reason: 'x' }),
  ]) {
    expect(outcome).toEqual({ outcome: 'not_found' });
  }
});
