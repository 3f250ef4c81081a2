// Risk: a rejection without a usable reason is taken, or one of a sent message.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
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

const path = (draftId: string): string => `/api/emails/${draftId}/reject`;
const reason = 'the tone is too familiar for a CEO';

test.each([
  ['the body', '', { reason, rejection_tag: ' Tone_Style_Issue ' }],
  [
    'the query',
    `?reason=${encodeURIComponent(reason)}&rejection_tag=tone_style_issue&approver=ceo`,
    undefined,
  ],
])('tag and reason are taken from %s', async (_, query, body) => {
  const draft = await bench.pendingDraft();
  const answer = await http.post(`${path(draft.draftId)}${query}`, body);
  expect([answer.status, answer.body]).toEqual([
    200,
    {
      ...{ status: 'rejected', email_id: draft.draftId, reason, rejection_tag: 'tone_style_issue' },
      ...{ approver: userName, ignored: query === '' ? [] : ['approver'] },
      timestamp: expect.stringMatching(/Z$/),
    },
  ]);
  expect(await bench.draftOf(draft.draftId)).toMatchObject({
    ...{ status: 'rejected', reviewedBy: userName, rejection: { tag: 'tone_style_issue', reason } },
  });
});

test.each([
  ['no reason', { rejection_tag: 'other' }, 'reason is required'],
  ['a blank one', { rejection_tag: 'other', reason: ' '.repeat(30) }, 'at least 20'],
  ['a short one', { rejection_tag: 'other', reason: 'bad' }, 'at least 20'],
  ['no tag', { reason }, 'rejection_tag is required, one of personalization_mismatch'],
  ['a tag nobody knows', { reason, rejection_tag: 'ugly' }, 'not one of personalization_mismatch'],
  ['nothing', undefined, 'rejection_tag'],
])('%s is 400 that says what is taken, and nothing changes', async (_, body, named) => {
  const draft = await bench.pendingDraft();
  const answer = await http.post(path(draft.draftId), body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(answer.body.error.message).toContain(named);
  expect(await bench.draftOf(draft.draftId)).toEqual(draft);
});

test('one that was sent, or rejected before, is 409 with its state', async () => {
  const { job } = await bench.executing(1);
  await bench.dispatch(job);
  const [sent] = await bench.drafts.idsByStatus('batched');
  const answer = await http.post(path(sent ?? ''), { reason, rejection_tag: 'other' });
  expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
  expect(answer.body.error.details).toMatchObject({ status: 'batched' });
  const draft = await bench.pendingDraft();
  await http.post(path(draft.draftId), { reason, rejection_tag: 'other' });
  const again = await http.post(path(draft.draftId), { reason, rejection_tag: 'other' });
  expect(again.body.error.details).toMatchObject({ status: 'rejected', by: userName });
});

test.each(['the body', 'the query'])(
  'with a content_digest in %s only the text it names is rejected',
  async (place) => {
    const read = await bench.pendingDraft();
    const edit = { contentDigest: read.contentDigest, subject: 'Another one', body: read.message.body };
    await http.post(`/api/drafts/${read.draftId}/edit`, edit);
    const now = await bench.draftOf(read.draftId);
    const rejected = (digest: string) =>
      http.post(`${path(read.draftId)}${place === 'the query' ? `?content_digest=${digest}` : ''}`, {
        ...{ reason, rejection_tag: 'other' },
        ...(place === 'the body' ? { content_digest: digest } : {}),
      });
    const stale = await rejected(read.contentDigest);
    expect([stale.status, codeOf(stale)]).toEqual([409, 'stale_digest']);
    expect(stale.body.error.details).toEqual({ content_digest: now.contentDigest, status: 'pending' });
    expect(await bench.draftOf(read.draftId)).toEqual(now);
    expect((await rejected(now.contentDigest)).status).toBe(200);
  },
);

test('an unknown e-mail is 404', async () => {
  const answer = await http.post(path('drf_01TE0000000000000000000000'), { reason, rejection_tag: 'other' });
  expect([answer.status, codeOf(answer)]).toEqual([404, 'not_found']);
});
