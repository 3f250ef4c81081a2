// Risk: a wish not to be written to is answered as kept when it is not, or can be taken back by somebody.
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

test('a suppression is kept with who asked for it, and listed', async () => {
  const answer = await http.post('/api/suppressions', { person: 'Ada+x@acme.example', source: 'telephone' });
  expect([answer.status, answer.body]).toEqual([200, { added: 2, known: 0 }]);
  const list = await http.get('/api/suppressions');
  expect(list.body).toMatchObject({ total: 2, nextCursor: null });
  expect(list.body.suppressions).toContainEqual(
    expect.objectContaining({
      personKey: 'email:ada@acme.example',
      reason: 'manual',
      source: 'telephone',
      by: userName,
    }),
  );
  expect((await http.post('/api/suppressions', { person: 'ada@acme.example' })).body).toEqual({
    added: 0,
    known: 1,
  });
});

test('a page of the list holds at most as many as asked for', async () => {
  for (const name of ['ada', 'ben', 'cat'])
    await http.post('/api/suppressions', { person: `${name}@acme.example` });
  const first = await http.get('/api/suppressions?limit=2');
  expect(first.body.suppressions).toHaveLength(2);
  const rest = await http.get(`/api/suppressions?limit=2&cursor=${String(first.body.nextCursor)}`);
  expect([rest.body.suppressions.length, rest.body.nextCursor]).toEqual([1, null]);
  expect(codeOf(await http.get('/api/suppressions?limit=0'))).toBe('bad_request');
});

test('there is no way to take one away but a consent', async () => {
  expect(http.routes().filter((route) => route.includes('/api/suppressions'))).toEqual([
    'GET /api/suppressions',
    'POST /api/suppressions',
    'POST /api/suppressions/imports/preview',
    'POST /api/suppressions/imports',
    'POST /api/suppressions/lift',
  ]);
});

describe('a request that cannot be read', () => {
  test.each<[unknown, string]>([
    [{}, 'person'],
    [{ person: 'no address' }, 'no person we can recognise'],
    [{ person: 'linkedin:not a name' }, 'no person we can recognise'],
    [{ person: 'ada@acme.example', reason: 'because' }, 'reason'],
    [{ person: 'ada@acme.example', source: '' }, 'source'],
    [{ person: 'ada@acme.example', by: 'somebody' }, 'not known'],
  ])('(%j) is 400 naming %s and stores nothing', async (body, named) => {
    const answer = await http.post('/api/suppressions', body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(named);
    expect(await bench.lists.counts()).toMatchObject({ suppressions: 0 });
  });
});
