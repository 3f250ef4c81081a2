// Risk: a decision about a draft is taken by nobody in particular, about another text, or with a reason that is lost.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import { type Http, userName } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  ({ bench, http } = await routes.create());
});
afterAll(() => routes.close());

const path = (draftId: string, verb: string): string => `/api/drafts/${draftId}/${verb}`;
const why = { tag: 'tone_style_issue', reason: 'Not how we speak to people like her.' };
const bodies = (digest: string): [string, object][] => [
  ['approve', { contentDigest: digest }],
  ['edit', { contentDigest: digest, subject: 'A subject', body: 'A body' }],
  ['reject', why],
  ['recall', { reason: 'second thoughts' }],
  ['withdraw', { reason: 'second thoughts' }],
];

test('approving answers with the draft; who decided comes from the credential', async () => {
  const draft = await bench.pendingDraft();
  const answer = await http.post(path(draft.draftId, 'approve'), { contentDigest: draft.contentDigest });
  expect(answer.status).toBe(200);
  expect(answer.body.draft).toMatchObject({
    draftId: draft.draftId,
    status: 'approved',
    reviewedBy: userName,
  });
});

test.each(bodies('d'.repeat(64)))(
  '%s of a draft that does not exist is 404, of no id 400',
  async (verb, body) => {
    const nobody = await http.post(path('drf_01TE0000000000000000000000', verb), body);
    expect([nobody.status, codeOf(nobody)]).toEqual([404, 'not_found']);
    const odd = await http.post(path('drf_1', verb), body);
    expect([odd.status, codeOf(odd)]).toEqual([400, 'bad_request']);
    expect(odd.body.error.message).toContain('draftId');
  },
);

test('every decision about a rejected draft is 409 with its state', async () => {
  const draft = await bench.pendingDraft();
  await http.post(path(draft.draftId, 'reject'), why);
  for (const [verb, body] of bodies(draft.contentDigest)) {
    const answer = await http.post(path(draft.draftId, verb), body);
    expect([verb, answer.status, codeOf(answer)]).toEqual([verb, 409, 'state_conflict']);
    expect(answer.body.error).toMatchObject({
      message: expect.stringContaining('rejected'),
      details: { status: 'rejected', by: userName, at: expect.stringMatching(/Z$/) },
    });
  }
});

test.each(['approve', 'edit'])(
  '%s with an old digest is 409 with the one the draft has now',
  async (verb) => {
    const draft = await bench.pendingDraft();
    const [, body] = bodies('d'.repeat(64)).find(([name]) => name === verb) ?? ['', {}];
    const answer = await http.post(path(draft.draftId, verb), body);
    expect([answer.status, codeOf(answer)]).toEqual([409, 'stale_digest']);
    expect(answer.body.error.details).toEqual({
      ...{ contentDigest: draft.contentDigest, status: 'pending', revision: 1, by: null, at: null },
    });
  },
);

test.each([
  ['reject', why],
  ['recall', { reason: 'second thoughts' }],
  ['withdraw', { reason: 'second thoughts' }],
])(
  '%s of a text that was replaced meanwhile is 409 with the one it is now, and changes nothing',
  async (verb, body) => {
    const read = await bench.pendingDraft();
    await http.post(path(read.draftId, 'edit'), {
      ...{ contentDigest: read.contentDigest, subject: 'Another one', body: read.message.body },
    });
    const edited = await bench.draftOf(read.draftId);
    if (verb === 'recall') await bench.approve(edited);
    const before = await bench.draftOf(read.draftId);
    const stale = await http.post(path(read.draftId, verb), { ...body, contentDigest: read.contentDigest });
    expect([stale.status, codeOf(stale)]).toEqual([409, 'stale_digest']);
    expect(stale.body.error).toMatchObject({
      message: expect.stringContaining('changed since this digest was shown; it is revision 2'),
      details: { contentDigest: edited.contentDigest, status: before.status, revision: 2 },
    });
    expect(await bench.draftOf(read.draftId)).toEqual(before);
    const done = await http.post(path(read.draftId, verb), { ...body, contentDigest: edited.contentDigest });
    expect(done.status).toBe(200);
  },
);

test('a refused digest says whether the text was changed or the digest was never its own', async () => {
  const draft = await bench.pendingDraft();
  const refused = async (contentDigest: string): Promise<string> =>
    (await http.post(path(draft.draftId, 'approve'), { contentDigest })).body.error.message;
  expect(await refused('d'.repeat(64))).toContain('never changed: the digest was mistyped, or is of another');
  await http.post(path(draft.draftId, 'edit'), {
    ...{ contentDigest: draft.contentDigest, subject: 'Another one', body: draft.message.body },
  });
  expect(await refused(draft.contentDigest)).toContain(
    'changed since this digest was shown; it is revision 2',
  );
  expect(await refused('d'.repeat(64))).toContain('of no version of this draft that is known');
});

test('a refused decision says what is possible instead, in each state', async () => {
  const { draftId } = await bench.pendingDraft();
  const fixOf = async (verb: string, body: object): Promise<string> =>
    (await http.post(path(draftId, verb), body)).body.error.fix;
  expect(await fixOf('recall', { reason: 'second thoughts' })).toContain('waits for a reviewer');
  await http.post(path(draftId, 'reject'), why);
  expect(await fixOf('recall', { reason: 'second thoughts' })).toContain('That is final');
});

test.each(['recall', 'withdraw'])('the reason of a %s is kept and shown with who gave it', async (verb) => {
  const draft = verb === 'recall' ? await bench.approvedDraft() : await bench.pendingDraft();
  const answer = await http.post(path(draft.draftId, verb), { reason: 'the price is old' });
  const [last] = [...(await bench.draftOf(draft.draftId)).decisions].reverse();
  expect(last).toEqual({
    ...{ command: verb, by: userName, reason: 'the price is old', contentDigest: draft.contentDigest },
    at: expect.stringMatching(/Z$/),
  });
  expect(answer.body.draft.decisions).toContainEqual(last);
  const row = (await bench.auditRows()).at(-1);
  expect(row).toMatchObject({ kind: `draft.${verb}`, actor: userName });
});

describe('a body that does not fit', () => {
  test.each<[string, unknown, string]>([
    ['approve', {}, 'contentDigest'],
    ['approve', { contentDigest: 'D'.repeat(64) }, 'contentDigest'],
    ['approve', { contentDigest: 'd'.repeat(64), approvedBy: 'somebody else' }, 'not known'],
    ['edit', { contentDigest: 'd'.repeat(64), subject: 'x'.repeat(999), body: 'x' }, 'subject'],
    ['edit', { contentDigest: 'd'.repeat(64), subject: 'x', body: 'x'.repeat(20_001) }, 'body'],
    ['edit', { contentDigest: 'd'.repeat(64), subject: 'x', body: 'y', footer: 'z' }, 'not known'],
    ['reject', { ...why, tag: 'because' }, 'tag'],
    ['reject', { tag: 'other', reason: 'too short' }, 'reason'],
    ['reject', { ...why, reviewedBy: 'somebody else' }, 'not known'],
    ['reject', { ...why, contentDigest: 'x' }, 'contentDigest'],
    ['recall', {}, 'reason'],
    ['recall', { reason: 'second thoughts', contentDigest: null }, 'contentDigest'],
    ['recall', { reason: '  x  ' }, 'reason'],
    ['withdraw', { reason: 'fine', actor: 'somebody else' }, 'not known'],
  ])('of %s (%j) is 400 naming %s, and changes nothing', async (verb, body, named) => {
    const draft = await bench.pendingDraft();
    const answer = await http.post(path(draft.draftId, verb), body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(named);
    expect(await bench.draftOf(draft.draftId)).toEqual(draft);
  });

  test('with half of a character in a reason is 400, so that no reason is kept in two forms', async () => {
    const draft = await bench.pendingDraft();
    const reason = `${why.reason} \ud83d`;
    const answer = await http.post(path(draft.draftId, 'reject'), JSON.stringify({ ...why, reason }));
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain('half of a character');
    expect(await bench.draftOf(draft.draftId)).toEqual(draft);
    const whole = await http.post(
      path(draft.draftId, 'reject'),
      JSON.stringify({ ...why, reason: `${why.reason} \ud83c\udf31` }),
    );
    expect(whole.status).toBe(200);
  });

  test('in another type, or larger than a decision can be, is refused', async () => {
    const { draftId } = await bench.pendingDraft();
    expect(
      (await http.post(path(draftId, 'recall'), 'reason=x', { type: 'application/x-www-form-urlencoded' }))
        .status,
    ).toBe(415);
    expect((await http.post(path(draftId, 'recall'), { reason: 'x'.repeat(1_048_577) })).status).toBe(413);
  });
});

test('an edit answers with the new revision and what the guards say about it', async () => {
  const draft = await bench.pendingDraft();
  const answer = await http.post(path(draft.draftId, 'edit'), {
    ...{ contentDigest: draft.contentDigest, subject: draft.message.subject, body: 'Hi Ada,\n\n{{opening}}' },
  });
  expect(answer.body.draft).toMatchObject({ status: 'parked', revision: 2 });
  const { subject, body } = draft.message;
  expect(answer.body.previous).toEqual({ revision: 1, contentDigest: draft.contentDigest, subject, body });
  expect(answer.body.draft.guards).toContainEqual(
    expect.objectContaining({ ruleId: 'unrendered_placeholder', passed: false }),
  );
});

test('a subject that mail programs decode parks the draft, handed in or edited', async () => {
  const subject = '=?utf-8?b?RnJlZSBtb25leQ==?=';
  const guard = { ruleId: 'encoded_header_text', passed: false };
  const lead = routes.benches.leadOf();
  const posted = await http.post('/api/drafts', await routes.benches.submissionOf(lead, { subject }));
  expect(posted.body.results[0].answer).toMatchObject({
    ...{ outcome: 'parked', reasons: expect.arrayContaining([guard.ruleId]) },
  });
  const draft = await bench.pendingDraft();
  const { contentDigest, message } = draft;
  const edited = await http.post(path(draft.draftId, 'edit'), { contentDigest, subject, body: message.body });
  expect(edited.body.draft).toMatchObject({ status: 'parked' });
  expect(edited.body.draft.guards).toContainEqual(expect.objectContaining(guard));
});

test('a rejection keeps tag and reason and names who rejected', async () => {
  const draft = await bench.pendingDraft();
  const answer = await http.post(path(draft.draftId, 'reject'), why);
  expect(answer.body.draft).toMatchObject({ status: 'rejected', rejection: why, reviewedBy: userName });
});
