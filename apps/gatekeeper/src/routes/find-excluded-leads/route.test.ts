// Risk: a customer's people are called parked instead of excluded, or somebody else reads the exclusions through this.
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

const path = '/internal/excluded-leads';
const scheduler = { from: 'scheduler', user: null } as const;
const nobody = { email: null, linkedinUrl: null, companyDomain: null };
const leads = [
  { line: 2, ...nobody, email: 'ida@customer.example' },
  { line: 3, ...nobody, email: 'ida@elsewhere.example', companyDomain: 'eu.customer.example' },
  { line: 4, ...nobody, linkedinUrl: 'https://www.linkedin.com/in/greta-one-example' },
  { line: 5, ...nobody, email: 'roland+list@partner.example' },
  { line: 6, ...nobody, email: 'ida@notcustomer.example', companyDomain: 'notcustomer.example' },
  { line: 7, ...nobody },
];

test('an exclusion names a lead by its address, either of its domains or its profile', async () => {
  const keys = [
    'domain:customer.example',
    'linkedin:greta-one-example',
    'email:roland@partner.example',
  ] as const;
  await bench.lists.changeExclusions({
    add: keys.map((key) => ({
      ...{ key, kind: 'customer', note: '', source: 'test' },
      ...{ by: userName, at: '2026-01-05T12:00:00.000Z' },
    })),
    remove: [],
    pseudonyms: new Map(keys.map((key) => [key, key])),
    actor: userName,
    correlationId: 'correlation-1',
  });
  expect((await http.post(path, { leads }, scheduler)).body).toEqual({
    ...{ lines: [2, 3, 4, 5], suppressed: [] },
  });
});

test('without exclusions, or without leads, nobody is', async () => {
  expect((await http.post(path, { leads }, scheduler)).body).toEqual({ lines: [], suppressed: [] });
  expect((await http.post(path, { leads: [] }, scheduler)).body).toEqual({ lines: [], suppressed: [] });
});

test('somebody else is refused, whatever their permissions, and a malformed question is 400', async () => {
  const answer = await http.post(path, { leads }, { user: userName });
  expect([answer.status, codeOf(answer)]).toEqual([403, 'forbidden']);
  const malformed = await http.post(path, { leads: [{ line: 0, ...nobody }] }, scheduler);
  expect([malformed.status, codeOf(malformed)]).toEqual([400, 'bad_request']);
});
