// Risk: a draft is stored twice, for somebody who must not be written to, or under an answer that is not what was stored.
import { intakeAnswerSchema } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditLog } from './audit-log.ts';
import type { DraftIntake } from './draft-store.ts';
import {
  createGateFixture,
  type Gate,
  type GateFixture,
  pseudonymOf,
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

/** The same author, another piece of work for somebody of the same keys. */
const another = (draft: DraftIntake, overrides: Partial<DraftIntake> = {}): DraftIntake => {
  const source = `another ${gate.ids.ulid()}`;
  return {
    ...draft,
    record: { ...draft.record, draftId: gate.ids.draftId(), sourceKey: source },
    sourceDigest: sha256(source),
    submissionDigest: sha256(source),
    ...overrides,
  };
};
const judged = (draft: DraftIntake, score: number): DraftIntake => ({
  ...draft,
  record: { ...draft.record, judgement: { ...draft.record.judgement, tier: 'tier_2', score } },
});
const auditKinds = async () =>
  (await createAuditLog(gate.session).rowsAfter('', 100))
    .slice(1)
    .map(({ row }) => `${row.kind} ${row.code}`);
const storedDrafts = async () => (await gate.redis.keys(`${gate.keys.draftPrefix}*`)).length;

describe('a submission', () => {
  test('is stored once with what it said, and its answer says what was stored', async () => {
    const draft = gate.intake();
    expect(await gate.drafts.accept(draft)).toEqual({
      outcome: 'accepted',
      draftId: draft.record.draftId,
      reasons: ['title_ceo'],
      tier: 'tier_1',
      score: 88,
    });
    expect(await gate.drafts.read(draft.record.draftId)).toMatchObject({
      ...draft.record,
      status: 'pending',
      revision: 1,
      contentDigest: draft.contentDigest,
      message: JSON.parse(draft.bytes),
      batchId: null,
      reviewedAt: null,
      reviewedBy: null,
      rejection: null,
      createdAt: expect.stringMatching(/Z$/),
    });
    expect(await gate.drafts.counts()).toMatchObject({ pending: 1, parked: 0, approved: 0 });
    expect(await auditKinds()).toEqual(['draft.accepted ["title_ceo"]']);
  });

  test('repeated by the same source key gets the first answer, whatever was judged meanwhile, and adds nothing', async () => {
    const draft = gate.intake();
    const first = await gate.drafts.accept(draft);
    const repeat = judged({ ...draft, record: { ...draft.record, draftId: gate.ids.draftId() } }, 12);
    const answers = await Promise.all(Array.from({ length: 20 }, () => gate.drafts.accept(repeat)));
    for (const answer of answers) expect(answer).toEqual(first);
    expect(await storedDrafts()).toBe(1);
    expect(await auditKinds()).toHaveLength(1);
  });

  test('in a crowd of equals is stored once', async () => {
    const draft = gate.intake();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () =>
        gate.drafts.accept({ ...draft, record: { ...draft.record, draftId: gate.ids.draftId() } }),
      ),
    );
    expect(new Set(answers.map(({ draftId }) => draftId)).size).toBe(1);
    expect(await storedDrafts()).toBe(1);
    expect(await gate.drafts.counts()).toMatchObject({ pending: 1 });
  });

  test('with a used source key and other content is a duplicate that names the first draft', async () => {
    const draft = gate.intake();
    await gate.drafts.accept(draft);
    const other = gate.intake();
    const answer = await gate.drafts.accept(judged({ ...other, sourceDigest: draft.sourceDigest }, 71));
    expect(answer).toEqual({
      outcome: 'duplicate',
      draftId: draft.record.draftId,
      reasons: ['source_key_used'],
      tier: 'tier_2',
      score: 71,
    });
    expect(await gate.drafts.read(other.record.draftId)).toBeNull();
    // Nothing was remembered under the key but the first content.
    expect(await gate.drafts.accept(draft)).toMatchObject({ outcome: 'accepted' });
  });

  test('that failed a rule is parked with the rules and waits apart from the others', async () => {
    const draft = gate.intake({ outcome: 'parked', reasons: ['title_ceo', 'banned_phrase'] });
    expect(await gate.drafts.accept(draft)).toMatchObject({
      outcome: 'parked',
      draftId: draft.record.draftId,
      reasons: ['title_ceo', 'banned_phrase'],
    });
    expect(await gate.drafts.read(draft.record.draftId)).toMatchObject({ status: 'parked' });
    expect(await gate.drafts.counts()).toMatchObject({ pending: 0, parked: 1 });
  });

  test('of a disqualified lead leaves an answer and no draft, and takes no place of the person', async () => {
    const draft = gate.intake({ outcome: 'disqualified', reasons: ['industry_excluded'], bytes: '' });
    expect(await gate.drafts.accept(draft)).toMatchObject({
      outcome: 'disqualified',
      draftId: null,
      reasons: ['industry_excluded'],
    });
    expect(await storedDrafts()).toBe(0);
    expect(
      await gate.drafts.accept(another(draft, { ...gate.intake(), personKeys: draft.personKeys })),
    ).toMatchObject({
      outcome: 'accepted',
    });
  });
});

describe('somebody who must not be written to', () => {
  const suppress = (pseudonym: string) => gate.redis.hset(gate.keys.suppressions, pseudonym, '{}');

  test.each([
    ['the address', 0],
    ['the LinkedIn profile alone', 1],
  ])('is left out when %s is suppressed', async (_, place) => {
    const pseudonyms = [pseudonymOf('email'), pseudonymOf('linkedin')];
    await suppress(pseudonyms[place] ?? '');
    const draft = gate.intake({ suppressionPseudonyms: pseudonyms });
    expect(await gate.drafts.accept(draft)).toMatchObject({
      outcome: 'excluded',
      draftId: null,
      reasons: ['suppressed'],
    });
    expect(await storedDrafts()).toBe(0);
    expect(await auditKinds()).toEqual(['draft.excluded ["suppressed"]']);
  });

  test('is left out when one of the exclusion keys is excluded, and a suppression is named first', async () => {
    const draft = gate.intake();
    await gate.redis.hset(gate.keys.exclusions, draft.exclusionKeys[1] ?? '', '{}');
    expect(await gate.drafts.accept(draft)).toMatchObject({ outcome: 'excluded', reasons: ['excluded'] });
    await suppress(draft.pseudonym);
    expect(await gate.drafts.accept(another(draft))).toMatchObject({ reasons: ['suppressed'] });
    expect(await storedDrafts()).toBe(0);
  });

  test('is excluded before anything is said about the lead', async () => {
    const draft = gate.intake({ outcome: 'disqualified' });
    await suppress(draft.pseudonym);
    expect(await gate.drafts.accept(draft)).toMatchObject({ outcome: 'excluded' });
  });
});

describe('one person', () => {
  const linkedin = 'linkedin:jo-fields-example';

  test('has one live draft: the second is a duplicate that names it, found by the LinkedIn profile alone', async () => {
    const draft = gate.intake();
    await gate.drafts.accept({ ...draft, personKeys: [...draft.personKeys, linkedin] });
    for (const personKeys of [draft.personKeys, [linkedin], ['email:new@address.example', linkedin]]) {
      expect(await gate.drafts.accept({ ...gate.intake(), personKeys })).toMatchObject({
        outcome: 'duplicate',
        draftId: draft.record.draftId,
        reasons: ['person_has_draft'],
      });
    }
    expect(await storedDrafts()).toBe(1);
    // A duplicate takes no place: its other address is still free.
    expect(
      await gate.drafts.accept({ ...gate.intake(), personKeys: ['email:new@address.example'] }),
    ).toMatchObject({ outcome: 'accepted' });
  });

  test('submitted by many at once gets one draft', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => gate.drafts.accept({ ...gate.intake(), personKeys: [linkedin] })),
    );
    expect(answers.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
    expect(answers.filter(({ outcome }) => outcome === 'duplicate')).toHaveLength(39);
  });

  test.each([
    ['queued', false],
    ['sending', false],
    ['unknown', false],
    ['handed_over', false],
    ['left', false],
    ['blocked', true],
    ['refused', true],
    ['taken_back', true],
  ] as const)('whose message is %s may get another draft: %s', async (status, free) => {
    const draft = gate.intake();
    await gate.drafts.accept(draft);
    await gate.approve(draft);
    const { actions } = await gate.freeze([draft]);
    await gate.redis.hset(gate.keys.action(actions[0]?.actionId ?? ''), 'status', status);
    const next = another(draft);
    expect(await gate.drafts.accept(next)).toMatchObject(
      free
        ? { outcome: 'accepted', draftId: next.record.draftId }
        : { outcome: 'duplicate', draftId: draft.record.draftId, reasons: ['person_has_draft'] },
    );
    const holder = free ? next : draft;
    expect(await gate.drafts.accept(another(draft))).toMatchObject({
      outcome: 'duplicate',
      draftId: holder.record.draftId,
    });
  });

  test('is known by every name of their drafts, whichever is asked for', async () => {
    const outbound = gate.intake({ personKeys: ['email:ada@acme.example', 'linkedin:ada'] });
    const revival = gate.intake({
      motion: 'revival',
      personKeys: ['linkedin:ada', 'email:ada@home.example'],
    });
    await gate.drafts.accept(outbound);
    await gate.drafts.accept(revival);
    expect((await gate.drafts.namesOfPerson('linkedin:ada')).sort()).toEqual([
      'email:ada@acme.example',
      'email:ada@home.example',
      'linkedin:ada',
    ]);
    expect((await gate.drafts.namesOfPerson('email:ada@acme.example')).sort()).toEqual([
      'email:ada@acme.example',
      'linkedin:ada',
    ]);
    expect(await gate.drafts.namesOfPerson('email:nobody@acme.example')).toEqual([]);
  });

  test('may have a draft of another motion', async () => {
    const draft = gate.intake();
    await gate.drafts.accept(draft);
    expect(await gate.drafts.accept(another(draft, { motion: 'revival' }))).toMatchObject({
      outcome: 'accepted',
    });
  });
});

describe('what a run is told', () => {
  test('is one answer per row, of every kind, readable and counted', async () => {
    const runId = gate.ids.runId();
    const row = (field: string, overrides: Partial<DraftIntake>): DraftIntake => ({
      ...gate.intake(),
      ...overrides,
      runField: { runId, field },
    });
    await gate.redis.hset(gate.keys.suppressions, pseudonymOf('opted out'), '{}');
    const accepted = row('2', {});
    const rows = [
      accepted,
      row('3', { outcome: 'parked', reasons: ['too_long'] }),
      row('4', { outcome: 'disqualified', reasons: ['no "fit"'] }),
      row('5', { suppressionPseudonyms: [pseudonymOf('opted out')] }),
      row('6', { personKeys: accepted.personKeys }),
    ];
    for (const intake of rows) await gate.drafts.accept(intake);
    await gate.drafts.accept(accepted);
    const answers = await gate.drafts.answersOfRun(runId);
    expect([...answers].map(([line, { outcome, reasons }]) => [line, outcome, reasons])).toEqual([
      ['2', 'accepted', ['title_ceo']],
      ['3', 'parked', ['too_long']],
      ['4', 'disqualified', ['no "fit"']],
      ['5', 'excluded', ['suppressed']],
      ['6', 'duplicate', ['person_has_draft']],
    ]);
    for (const answer of answers.values()) expect(intakeAnswerSchema.parse(answer)).toEqual(answer);
    expect(answers.get('2')).toMatchObject({ tier: 'tier_1', score: 88 });
    expect(await gate.drafts.answerCountOfRun(runId)).toBe(5);
    expect((await gate.drafts.answersOfRun(gate.ids.runId())).size).toBe(0);
  });

  test('goes by itself in the end, as the answers by source key do', async () => {
    const runId = gate.ids.runId();
    const draft = gate.intake({ runField: { runId, field: '2' } });
    await gate.drafts.accept(draft);
    expect(await gate.redis.ttl(gate.keys.intakeAnswers(runId))).toBeGreaterThan(0);
    expect(await gate.redis.ttl(gate.keys.draftAnswer(draft.sourceDigest))).toBeGreaterThan(0);
  });
});
