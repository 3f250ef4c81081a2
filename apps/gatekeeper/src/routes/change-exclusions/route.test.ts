// Risk: a list of customers is taken in part and the rest is lost without a word.
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

const entries = (...keys: string[]) => keys.map((key) => ({ key, kind: 'customer', note: '' }));

test('entries are added and removed together, and those that cannot be read are named', async () => {
  await http.post('/api/exclusions', { add: entries('old.example') });
  const answer = await http.post('/api/exclusions', {
    add: entries('acme.example', 'not a domain'),
    remove: ['old.example', 'never.example'],
    source: 'crm',
  });
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...{ dryRun: false, added: 1, known: 0, removed: 1, missing: 1 },
    unreadable: [{ key: 'not a domain', reason: expect.stringMatching(/\S/) }],
  });
  const list = await http.get('/api/exclusions');
  expect(list.body).toMatchObject({ total: 1, nextCursor: null });
  expect(list.body.exclusions).toMatchObject([
    { key: 'domain:acme.example', kind: 'customer', source: 'crm', by: userName },
  ]);
});

test('a dry run answers entry by entry what the change would do, and stores nothing', async () => {
  await http.post('/api/exclusions', { add: entries('old.example') });
  const request = {
    add: entries('acme.example', 'not a domain', 'OLD.example', 'www.acme.example', 'acme.example'),
    remove: ['old.example', 'never.example', 'not a domain'],
  };
  const answer = await http.post('/api/exclusions', { ...request, dryRun: true });
  const unreadable = { key: 'not a domain', reason: expect.stringMatching(/\S/) };
  expect(answer.body).toEqual({
    ...{ dryRun: true, added: 1, known: 3, removed: 1, missing: 1, unreadable: [unreadable, unreadable] },
    entries: [
      { index: 0, outcome: 'added' },
      { index: 1, outcome: 'unreadable', reason: unreadable.reason },
      { index: 2, outcome: 'known' },
      { index: 3, outcome: 'known' },
      { index: 4, outcome: 'known' },
    ],
  });
  expect((await http.get('/api/exclusions')).body.exclusions).toMatchObject([{ key: 'domain:old.example' }]);
  expect((await http.post('/api/exclusions', request)).body).toMatchObject({
    added: 1,
    removed: 1,
    missing: 1,
  });
});

test('a page of the list holds at most as many as asked for', async () => {
  await http.post('/api/exclusions', { add: entries('a.example', 'b.example', 'c.example') });
  const first = await http.get('/api/exclusions?limit=2');
  expect(first.body.exclusions).toHaveLength(2);
  const rest = await http.get(`/api/exclusions?limit=2&cursor=${String(first.body.nextCursor)}`);
  expect([rest.body.exclusions.length, rest.body.nextCursor]).toEqual([1, null]);
});

test('ten thousand at once are taken, one more is 400', async () => {
  const many = Array.from({ length: 10_000 }, (_, number) => ({ key: `customer${number}.example` }));
  const answer = await http.post('/api/exclusions', { add: many });
  expect([answer.status, answer.body.added]).toEqual([200, 10_000]);
  const tooMany = await http.post('/api/exclusions', { add: [...many, { key: 'one-more.example' }] });
  expect([tooMany.status, codeOf(tooMany)]).toEqual([400, 'bad_request']);
  expect(tooMany.body.error.message).toContain('add');
  expect(await bench.lists.counts()).toMatchObject({ exclusions: 10_000 });
});

describe('a request that does not fit', () => {
  test.each<[unknown, string]>([
    [{ add: 'acme.example' }, 'add'],
    [{ add: [{ key: 'ab' }] }, 'add.0.key'],
    [{ add: [{ key: 'acme.example', kind: 'friend' }] }, 'add.0.kind'],
    [{ add: [{ key: 'acme.example', by: 'somebody' }] }, 'not known'],
    [{ remove: [7] }, 'remove.0'],
    [{ added: [] }, 'not known'],
  ])('(%j) is 400 naming %s and changes nothing', async (body, named) => {
    const answer = await http.post('/api/exclusions', body);
    expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
    expect(answer.body.error.message).toContain(named);
    expect(await bench.lists.counts()).toMatchObject({ exclusions: 0 });
  });

  test('over 4 MiB is 413', async () => {
    const answer = await http.post('/api/exclusions', { source: 'x'.repeat(4 * 1024 * 1024) });
    expect([answer.status, codeOf(answer)]).toEqual([413, 'payload_too_large']);
  });
});
