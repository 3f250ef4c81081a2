// Risk: the former dashboard approves a text nobody read, or says approved when it was not.
import { textOf } from '@caio/contracts';
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

const path = (draftId: string): string => `/api/emails/${draftId}/approve`;

test('approves exactly the text with this digest, and says that nothing is sent by it', async () => {
  const draft = await bench.pendingDraft();
  const answer = await http.post(path(draft.draftId), {
    ...{ content_digest: draft.contentDigest, feedback: 'good opening' },
  });
  expect([answer.status, answer.body]).toEqual([
    200,
    {
      ...{ status: 'approved', email_id: draft.draftId, edited: false, revision: 1, ignored: [] },
      ...{ content_digest: draft.contentDigest, approver: userName },
      message: expect.stringContaining('Nothing is sent'),
    },
  ]);
  const stored = await bench.draftOf(draft.draftId);
  expect(stored).toMatchObject({ status: 'approved', reviewedBy: userName });
  expect(stored.decisions.at(-1)).toMatchObject({ command: 'approve', reason: 'good opening' });
});

test.each([
  ['no body', undefined],
  ['no digest', { feedback: 'fine' }],
  ['half a digest', { content_digest: 'abc' }],
])('with %s it is 400 that says where the digest is found', async (_, body) => {
  const draft = await bench.pendingDraft();
  const answer = await http.post(path(draft.draftId), body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(answer.body.error.message).toContain('GET /api/pending-emails');
  expect(await bench.draftOf(draft.draftId)).toEqual(draft);
});

test('a given approver is ignored, and the answer says so', async () => {
  const draft = await bench.pendingDraft();
  const answer = await http.post(`${path(draft.draftId)}?approver=ceo`, {
    ...{ content_digest: draft.contentDigest, approved_by: 'ceo' },
  });
  expect(answer.body).toMatchObject({ approver: userName, ignored: ['approver', 'approved_by'] });
  expect((await bench.draftOf(draft.draftId)).reviewedBy).toBe(userName);
});

describe('an edited text', () => {
  test('that is the text as it was shown, footer included, is no edit', async () => {
    const draft = await bench.pendingDraft();
    const answer = await http.post(path(draft.draftId), {
      ...{ content_digest: draft.contentDigest, edited_body: textOf(draft.message).replaceAll('\n', '\r\n') },
    });
    expect(answer.body).toMatchObject({ edited: false, content_digest: draft.contentDigest });
  });

  test('is what is approved: a new revision with the footer as it was', async () => {
    const draft = await bench.pendingDraft();
    const edited = draft.message.body.replace('Hi ', 'Hello ');
    const answer = await http.post(path(draft.draftId), {
      ...{ content_digest: draft.contentDigest, edited_body: `${edited}\n\n${draft.message.footer}` },
    });
    expect(answer.body).toMatchObject({ status: 'approved', edited: true, revision: 2 });
    const { status, message, contentDigest } = await bench.draftOf(draft.draftId);
    expect([status, message.body, message.footer]).toEqual(['approved', edited, draft.message.footer]);
    expect(contentDigest).toBe(answer.body.content_digest);
  });

  test('that a guard refuses is not approved, and the answer names the guard', async () => {
    const draft = await bench.pendingDraft();
    const answer = await http.post(path(draft.draftId), {
      ...{ content_digest: draft.contentDigest, edited_body: `Hi {{name}},\n\n${draft.message.body}` },
    });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
    expect(answer.body.error.details).toMatchObject({
      ...{ status: 'parked', guards: expect.arrayContaining(['unrendered_placeholder']) },
    });
    expect((await bench.draftOf(draft.draftId)).status).toBe('parked');
  });

  test('with an old digest changes nothing', async () => {
    const draft = await bench.pendingDraft();
    const answer = await http.post(path(draft.draftId), {
      ...{ content_digest: 'd'.repeat(64), edited_body: 'Hello, shall we talk?' },
    });
    expect([answer.status, codeOf(answer)]).toEqual([409, 'stale_digest']);
    expect(await bench.draftOf(draft.draftId)).toEqual(draft);
  });
});

test('an old digest is 409 with the one to read, a decided one 409 with who and when', async () => {
  const draft = await bench.pendingDraft();
  const stale = await http.post(path(draft.draftId), { content_digest: 'd'.repeat(64) });
  expect([stale.status, codeOf(stale)]).toEqual([409, 'stale_digest']);
  expect(stale.body.error.details).toMatchObject({ content_digest: draft.contentDigest });
  await http.post(path(draft.draftId), { content_digest: draft.contentDigest });
  const twice = await http.post(path(draft.draftId), { content_digest: draft.contentDigest });
  expect([twice.status, codeOf(twice)]).toEqual([409, 'state_conflict']);
  expect(twice.body.error.details).toMatchObject({ status: 'approved', by: userName });
});

test('of many at once exactly one approves', async () => {
  const draft = await bench.pendingDraft();
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => http.post(path(draft.draftId), { content_digest: draft.contentDigest })),
  );
  expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(7).fill(409)]);
});

test('an unknown e-mail is 404', async () => {
  const answer = await http.post(path('drf_01TE0000000000000000000000'), { content_digest: 'd'.repeat(64) });
  expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
});
