// Risk: nobody can say who decided what, or a decision is shown that nobody took.
import { reviewListSchema } from '@caio/contracts';
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

const reviews = async (query = '') =>
  reviewListSchema.parse((await http.get(`/api/reviews${query}`, { user: userName })).body);

test('the newest decision first, one entry a draft, with where the draft is now', async () => {
  const [first, second] = [await bench.pendingDraft(), await bench.pendingDraft()];
  await bench.approve(first);
  await bench.reviewDraft.reject({
    ...{ ...bench.by, actor: 'rory.vale', draftId: second.draftId },
    ...{ tag: 'weak_subject', reason: 'says nothing of what the mail is about' },
  });
  await bench.reviewDraft.recall({ ...bench.by, draftId: first.draftId, reason: 'second thoughts' });
  const { reviews: list, nextCursor } = await reviews();
  expect(nextCursor).toBeNull();
  expect(list.map(({ draftId, command, by, status }) => [draftId, command, by, status])).toEqual([
    [first.draftId, 'recall', 'operator', 'pending'],
    [second.draftId, 'reject', 'rory.vale', 'rejected'],
  ]);
  expect(list[0]).toMatchObject({ reason: 'second thoughts', subject: first.message.subject });
  expect(list[1]?.rejection).toMatchObject({ tag: 'weak_subject' });
});

test('page by page, and what is decided meanwhile moves nothing out of sight', async () => {
  const drafts = await bench.approvedDrafts(4);
  const first = await reviews('?limit=2');
  for (const { draftId } of drafts.slice(3))
    await bench.reviewDraft.recall({ ...bench.by, draftId, reason: 'no, wait' });
  const second = await reviews(`?limit=2&cursor=${first.nextCursor ?? ''}`);
  const seen = new Set([...first.reviews, ...second.reviews].map(({ draftId }) => draftId));
  expect(seen.size).toBe(4);
  expect(second.nextCursor).toBeNull();
});

test('a draft that nobody decided about, or that only grew too old, is not among them', async () => {
  const draft = await bench.pendingDraft();
  expect((await reviews()).reviews).toEqual([]);
  await bench.drafts.change({
    ...{ draftId: draft.draftId, motion: 'outbound', command: 'expire', expectedDigest: null, fields: {} },
    ...{ rejectedFingerprint: null, rejectionMemorySeconds: 1, pseudonym: 'p', actor: 'gatekeeper' },
    ...{ reason: 'expired', correlationId: 'correlation-1' },
  });
  expect((await reviews()).reviews).toEqual([]);
  expect((await bench.drafts.listDecided(null, 10)).drafts).toHaveLength(1);
});

test('a question that cannot be read is 400', async () => {
  expect(codeOf(await http.get('/api/reviews?limit=0'))).toBe('bad_request');
});
