// Risk: a reviewer sees an empty queue that is not empty, or a damaged draft passes for none.
import type { Draft } from '@caio/contracts';
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
  expect(first.body).toMatchObject({
    nextCursor: expect.stringContaining(first.body.drafts[1].draftId),
    counts: { pending: 3, approved: 1, parked: 0 },
  });
  const second = await http.get(`/api/drafts?limit=2&cursor=${String(first.body.nextCursor)}`);
  expect(second.body.nextCursor).toBeNull();
  const seen = [...first.body.drafts, ...second.body.drafts].map(
    ({ draftId }: { draftId: string }) => draftId,
  );
  expect(seen.sort()).toEqual(drafts.map(({ draftId }) => draftId).sort());
  expect((await http.get('/api/drafts?status=approved')).body.drafts).toHaveLength(1);
});

test('a summary is the same page with what a list shows, and a compressed answer is the same answer', async () => {
  const { leadOf } = routes.benches;
  for (let count = 0; count < 12; count += 1)
    await bench.pendingDraft(leadOf({ company: `Company${count} Ltd` }));
  const whole = await http.get('/api/drafts?limit=11').set('accept-encoding', 'identity');
  const drafts: Draft[] = whole.body.drafts;
  const short = await http.get('/api/draft-summaries?limit=11');
  expect(short.status).toBe(200);
  expect(short.body).toEqual({
    nextCursor: whole.body.nextCursor,
    counts: whole.body.counts,
    drafts: drafts.map(({ draftId, status, message, lead, judgement, createdAt }) => ({
      ...{
        barred: null,
        draftId,
        status,
        createdAt,
        title: lead.title,
        tier: judgement.tier,
        subject: message.subject,
      },
      ...{ email: message.recipient.email, name: message.recipient.name, company: message.recipient.company },
    })),
  });
  const packed = await http.get('/api/drafts?limit=11').set('accept-encoding', 'gzip');
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' });
  expect(packed.body).toEqual(whole.body);
  expect(Number(packed.headers['content-length'])).toBeLessThan(JSON.stringify(whole.body).length / 5);
  expect(whole.headers['content-encoding']).toBeUndefined();
});

test.each([
  ['a small one', '/api/drafts?limit=1&status=rejected', 'gzip'],
  ['one for a caller that takes no gzip', '/api/drafts?limit=3', 'br, gzip;q=0'],
])('%s is not compressed', async (_what, path, encodings) => {
  for (let count = 0; count < 3; count += 1) await bench.pendingDraft();
  const answer = await http.get(path).set('accept-encoding', encodings);
  expect([answer.status, answer.headers['content-encoding']]).toEqual([200, undefined]);
});

test('what is decided on one page hides nothing of the next', async () => {
  for (let count = 0; count < 5; count += 1) await bench.pendingDraft();
  const first = await http.get('/api/drafts?limit=2');
  for (const draft of first.body.drafts) await bench.approve(draft);
  const second = await http.get(`/api/drafts?limit=10&cursor=${String(first.body.nextCursor)}`);
  expect(second.body.drafts).toHaveLength(3);
});

test('newest first is the same list from its other end', async () => {
  for (let count = 0; count < 3; count += 1) await bench.pendingDraft();
  const oldest = (await http.get('/api/drafts')).body.drafts;
  expect((await http.get('/api/drafts?order=newest')).body.drafts).toEqual([...oldest].reverse());
  const page = (await http.get('/api/drafts?order=newest&limit=1')).body;
  const rest = await http.get(`/api/drafts?order=newest&cursor=${String(page.nextCursor)}`);
  expect(rest.body.drafts).toEqual([...oldest].reverse().slice(1));
});

describe('looking for some of them', () => {
  test.each([
    ['text=HOLM', 3],
    ['text=company2%20l', 1],
    ['text=nobody', 0],
    ['tier=tier_4', 0],
    ['tier=tier_1&text=ceo', 3],
  ])('%s finds them, whatever page they are on', async (query, found) => {
    const { leadOf } = routes.benches;
    for (const number of [1, 2, 3]) await bench.pendingDraft(leadOf({ company: `Company${number} Ltd` }));
    const seen: unknown[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body } = await http.get(`/api/drafts?${query}&limit=1&cursor=${cursor}`);
      seen.push(...body.drafts);
      cursor = body.nextCursor;
    }
    expect(seen).toHaveLength(found);
  });
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
    ['tier=tier_5', 'tier'],
    ['order=random', 'order'],
    ['text=%20', 'text'],
    ['limit=0', 'limit'],
    ['limit=501', 'limit'],
    ['limit=many', 'limit'],
    [`cursor=${'1'.repeat(65)}`, 'cursor'],
  ])('(%s) is 400 naming the field', async (query, field) => {
    const answer = await http.get(`/api/drafts?${query}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(field);
  });

  test.each(
    ['/api/drafts', '/api/draft-summaries', '/api/reviews', '/api/suppressions', '/api/exclusions'].flatMap(
      (list) => ['abc|-1|[]|0', 'abc', '-5', '1e3', '1.2.3'].map((cursor) => [list, cursor] as const),
    ),
  )('only in its cursor is no first page: %s, %s', async (list, cursor) => {
    const answer = await http.get(`${list}?cursor=${encodeURIComponent(cursor)}`);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain('cursor: this is no nextCursor of an earlier answer');
  });
});

test('one draft is shown whole; an unknown one is 404, no id is 400', async () => {
  const draft = await bench.pendingDraft();
  const shown = await http.get(`/api/drafts/${draft.draftId}`, { user: userName });
  expect(shown.body).toEqual({ draft: { ...draft, barred: null } });
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
