// Risk: a reviewer sees an empty queue that is not empty, or a damaged draft passes for none.
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

test('what waits is listed oldest first, page by page, with how much there is of everything', async () => {
  const drafts = [await bench.pendingDraft(), await bench.pendingDraft(), await bench.pendingDraft()];
  await bench.approvedDraft();
  const first = await http.get('/api/drafts?limit=2');
  expect(first.status).toBe(200);
  expect(first.body).toMatchObject({ nextCursor: '2', counts: { pending: 3, approved: 1, parked: 0 } });
  const second = await http.get(`/api/drafts?limit=2&cursor=${String(first.body.nextCursor)}`);
  expect(second.body.nextCursor).toBeNull();
  const seen = [...first.body.drafts, ...second.body.drafts].map(
    ({ draftId }: { draftId: string }) => draftId,
  );
  expect(seen.sort()).toEqual(drafts.map(({ draftId }) => draftId).sort());
  expect((await http.get('/api/drafts?status=approved')).body.drafts).toHaveLength(1);
});

test('an empty list says that it is empty and of what', async () => {
  expect((await http.get('/api/drafts')).body).toMatchObject({
    drafts: [],
    nextCursor: null,
    counts: { pending: 0 },
  });
});

describe('a question that cannot be read', () => {
  test.each([
    ['status=sent', 'status'],
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=many', 'limit'],
    [`cursor=${'1'.repeat(65)}`, 'cursor'],
  ])('(%s) is 400 naming the field', async (query, field) => {
    const answer = await http.get(`/api/drafts?${query}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(field);
  });

  test('only in its cursor starts at the beginning', async () => {
    await bench.pendingDraft();
    for (const cursor of ['abc', '-5', '1e3']) {
      expect((await http.get(`/api/drafts?cursor=${cursor}`)).body.drafts).toHaveLength(1);
    }
  });
});

test('one draft is shown whole; an unknown one is 404, no id is 400', async () => {
  const draft = await bench.pendingDraft();
  const shown = await http.get(`/api/drafts/${draft.draftId}`, { user: userName });
  expect(shown.body).toEqual({ draft });
  expect(codeOf(await http.get('/api/drafts/drf_01TE0000000000000000000000'))).toBe('not_found');
  expect(codeOf(await http.get('/api/drafts/1'))).toBe('bad_request');
});

test('a damaged draft is an error with its correlation id, and says nothing of what is inside', async () => {
  const draft = await bench.pendingDraft();
  await bench.redis.hset(bench.keys.draft(draft.draftId), 'record', '{"lead":{"email":"ada@secret.example"');
  for (const path of [`/api/drafts/${draft.draftId}`, '/api/drafts']) {
    const answer = await http.get(path);
    expect([answer.status, codeOf(answer)]).toEqual([500, 'internal']);
    expect(answer.body.error.correlationId).toBe('correlation-http');
    expect(JSON.stringify(answer.body)).not.toContain('secret.example');
  }
  expect(bench.log.lines().some(({ level }) => level === 'error')).toBe(true);
});
