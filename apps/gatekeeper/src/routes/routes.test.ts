// Risk: somebody without the permission, or without a credential at all, gets an answer or changes something.
import { type Permission, permissionSchema } from '@caio/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { GateBench } from '../testing/gate-bench.ts';
import type { Http } from '../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
beforeAll(async () => {
  routes = await openRouteBenches();
  ({ bench, http } = await routes.create());
});
afterAll(() => routes.close());

const draft = '/api/drafts/drf_01TE0000000000000000000000';
const batch = '/api/batches/bat_01TE0000000000000000000000';
const action = '/api/actions/act_01TE0000000000000000000000';
const every: ['GET' | 'POST', string, Permission][] = [
  ['GET', '/api/drafts', 'read'],
  ['GET', '/api/draft-summaries', 'read'],
  ['GET', draft, 'read'],
  ['GET', '/api/reviews', 'read'],
  ['POST', '/api/drafts', 'drafts:write'],
  ...['approve', 'reject', 'edit', 'recall', 'withdraw'].map((verb): ['POST', string, Permission] => [
    'POST',
    `${draft}/${verb}`,
    'drafts:review',
  ]),
  ['GET', '/api/batches', 'read'],
  ['GET', batch, 'read'],
  ['GET', `${batch}/preview`, 'read'],
  ['GET', `${batch}/receipts`, 'read'],
  ['GET', `${batch}/events`, 'read'],
  ['POST', '/api/batches', 'batches:freeze'],
  ...['approve', 'reject', 'revoke'].map((verb): ['POST', string, Permission] => [
    'POST',
    `${batch}/${verb}`,
    'batches:approve',
  ]),
  ['POST', `${batch}/execute`, 'batches:execute'],
  ['POST', `${batch}/activate`, 'batches:activate'],
  ['POST', `${batch}/remove-campaigns`, 'batches:activate'],
  ['POST', '/api/providers/pause', 'halt'],
  ['POST', '/api/recall', 'read'],
  ['GET', `${action}/evidence`, 'read'],
  ['GET', `${action}/comparison`, 'read'],
  ['POST', `${action}/take-back`, 'batches:execute'],
  ['GET', '/api/reconcile', 'read'],
  ['GET', '/api/reconcile/act_01TE0000000000000000000000', 'read'],
  ['POST', '/api/reconcile/act_01TE0000000000000000000000/decision', 'unknown:decide'],
  ['GET', '/api/halt', 'read'],
  ['POST', '/api/halt', 'halt'],
  ['POST', '/api/halt/lift', 'halt:lift'],
  ['GET', '/api/suppressions', 'read'],
  ['POST', '/api/suppressions', 'suppressions:write'],
  ['POST', '/api/people/find', 'read'],
  ['GET', '/api/exclusions', 'read'],
  ['POST', '/api/exclusions', 'exclusions:write'],
  ['POST', '/api/exclusions/imports/preview', 'read'],
  ['POST', '/api/exclusions/imports', 'exclusions:write'],
  ['POST', '/api/suppressions/imports/preview', 'read'],
  ['POST', '/api/suppressions/imports', 'suppressions:write'],
  ['POST', '/api/what-if', 'read'],
  ['POST', '/api/suppressions/lift', 'suppressions:lift'],
  ['POST', '/api/subjects/export', 'subjects:erase'],
  ['POST', '/api/subjects/erase', 'subjects:erase'],
  ['GET', '/api/customers', 'read'],
  ['POST', '/api/customers/sync', 'exclusions:write'],
  ['POST', '/api/customers/accept', 'customers:accept'],
  ['GET', '/api/audit/verify', 'read'],
  ['GET', '/api/audit/export', 'read'],
  ['POST', '/api/audit/retire', 'audit:retire'],
  ['GET', '/api/ramp', 'read'],
  ['GET', '/api/ramp/evidence', 'read'],
  ['POST', '/api/ramp/graduate', 'ramp:graduate'],
  ['GET', '/api/queue-status', 'read'],
  ['GET', '/api/pending-emails', 'read'],
  ['POST', '/api/emails/drf_01TE0000000000000000000000/approve', 'drafts:review'],
  ['POST', '/api/emails/drf_01TE0000000000000000000000/reject', 'drafts:review'],
  ['GET', '/api/emails/history', 'read'],
  ['GET', '/api/rejection-tags', 'read'],
  ['GET', '/api/operator/status', 'read'],
  ['POST', '/api/operator/trigger', 'batches:freeze'],
  ['GET', '/api/operator/pending-batch', 'read'],
  ['POST', '/api/operator/approve-batch/bat_01TE0000000000000000000000', 'batches:approve'],
  ['POST', '/api/operator/reject-batch/bat_01TE0000000000000000000000', 'batches:approve'],
  ['GET', '/api/operator/history', 'read'],
];
const ask = (method: 'GET' | 'POST', path: string, options: Parameters<Http['get']>[1]) =>
  method === 'GET' ? http.get(path, options) : http.post(path, {}, options);

describe.each(every)('%s %s', (method, path, permission) => {
  test(`needs ${permission} and names it`, async () => {
    const others = permissionSchema.options.filter((other) => other !== permission);
    const refused = await ask(method, path, { permissions: others });
    expect(refused.status).toBe(403);
    expect(refused.body.error).toMatchObject({ code: 'forbidden', details: { permission } });
    expect(refused.body.error.message).toContain(permission);
    const allowed = await ask(method, path, { permissions: [permission] });
    expect([401, 403]).not.toContain(allowed.status);
  });

  test('is not for a service that acts by itself', async () => {
    expect((await ask(method, path, { user: null })).status).toBe(403);
  });

  test('is not for somebody without a service token', async () => {
    const { server } = http;
    const call = method === 'GET' ? request(server).get(path) : request(server).post(path).send({});
    const answer = await call;
    expect([answer.status, codeOf(answer)]).toEqual([401, 'unauthenticated']);
  });
});

test.each(every)(
  '%s %s: another method is 405 with those that are taken, and does nothing',
  async (method, path) => {
    const taken = every.filter(([, other]) => other === path).map(([its]) => its);
    const wrong = (['get', 'post', 'put', 'patch', 'delete'] as const).filter(
      (name) => !taken.some((its) => its.toLowerCase() === name),
    );
    for (const name of wrong) {
      const answer = await http.call(name, path);
      expect([name, answer.status, codeOf(answer)]).toEqual([name, 405, 'method_not_allowed']);
      expect(answer.headers['allow']?.split(', ')).toContain(method);
    }
  },
);

test('an address that is none is 404 for every method', async () => {
  for (const method of ['get', 'post', 'delete'] as const)
    expect((await http.call(method, '/api/nothing')).status).toBe(404);
});

test.each(['*', ' * ', '"x"'])(
  'an answer without a tag is sent whole, whatever tag is asked about: %j',
  async (tag) => {
    const answer = await http.get('/api/drafts').set('if-none-match', tag);
    expect([answer.status, answer.body.drafts]).toEqual([200, []]);
  },
);

test('every route of the service is in this list', () => {
  const known = new Set(every.map(([method, path]) => `${method} ${path.replace(/_01TE0{22}/, '')}`));
  const served = http
    .routes()
    .filter((route) => /^(GET|POST) \/api\//.test(route))
    .map((route) => route.replace(':draftId', 'drf').replace(':batchId', 'bat').replace(':actionId', 'act'));
  expect(served.filter((route) => !known.has(route))).toEqual([]);
  expect(served).toHaveLength(every.length);
});

test('nothing that was refused left a trace in the store', async () => {
  expect(await bench.auditRows()).toEqual([]);
  const keys = await bench.redis.keys('*');
  // Which run the store is, with the audit's row of it, that the queues exist, and which tokens had their turn.
  expect(keys.filter((key) => !/:(store|audit|(drafts|dispatch):meta|used-token:[\w-]+)$/.test(key))).toEqual(
    [],
  );
});
