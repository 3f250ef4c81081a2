// Risk: of a long list of opt-outs a part is not kept, or a look at what it would do keeps it already.
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

const path = '/api/suppressions/import';
const people = (...persons: string[]) => persons.map((person) => ({ person }));
const outcomes = (answer: { body: { entries: { outcome: string }[] } }) =>
  answer.body.entries.map(({ outcome }) => outcome);

test('a dry run and the import answer the same, and only the import keeps anything; again nothing is new', async () => {
  await http.post('/api/suppressions', { person: 'ada@acme.example' });
  const request = {
    people: people('ben@acme.example', 'ada+news@acme.example', 'no address', 'BEN@acme.example'),
    source: 'opt-outs.csv',
  };
  const dry = await http.post(path, { ...request, dryRun: true });
  expect([dry.status, dry.body.dryRun, outcomes(dry)]).toEqual([
    ...[200, true],
    ['added', 'added', 'unreadable', 'known'],
  ]);
  expect(dry.body.entries[2]).toEqual({
    index: 2,
    outcome: 'unreadable',
    reason: expect.stringMatching(/\S/),
  });
  expect(await bench.lists.counts()).toMatchObject({ suppressions: 1 });
  const done = await http.post(path, request);
  expect(done.body.entries).toEqual(dry.body.entries);
  const listed = (await http.get('/api/suppressions')).body.suppressions;
  expect(listed).toContainEqual(
    expect.objectContaining({
      ...{ personKey: 'email:ben@acme.example', reason: 'manual', source: 'opt-outs.csv', by: userName },
    }),
  );
  expect(outcomes(await http.post(path, request))).toEqual(['known', 'known', 'unreadable', 'known']);
  expect((await bench.auditRows()).filter(({ kind }) => kind === 'person.suppressed')).toHaveLength(3);
});

test('each keeps the reason given for it', async () => {
  await http.post(path, { people: [{ person: 'ben@acme.example', reason: 'complained' }] });
  expect((await http.get('/api/suppressions')).body.suppressions).toMatchObject([{ reason: 'complained' }]);
});

test.each<[unknown, string]>([
  [{}, 'people'],
  [{ people: [] }, 'people'],
  [{ people: people('ada@acme.example'), by: 'somebody' }, 'not known'],
  [{ people: [{ person: 'ada@acme.example', reason: 'because' }] }, 'people.0.reason'],
  [{ people: Array.from({ length: 5_001 }, () => ({ person: 'ada@acme.example' })) }, 'people'],
])('a request that does not fit (%j) is 400 naming %s and keeps nothing', async (body, named) => {
  const answer = await http.post(path, body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(answer.body.error.message).toContain(named);
  expect(await bench.lists.counts()).toMatchObject({ suppressions: 0 });
});
