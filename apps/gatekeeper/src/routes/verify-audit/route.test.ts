// Risk: a broken audit is answered with a server error, or a whole one with a doubt.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type AuditBench, createAuditBench } from '../../testing/audit-bench.ts';
import type { GateBench } from '../../testing/gate-bench.ts';
import { type Http, userName } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';

let routes: RouteBenches;
let bench: GateBench;
let http: Http;
let audit: AuditBench;
beforeAll(async () => {
  routes = await openRouteBenches();
});
beforeEach(async () => {
  ({ bench, http } = await routes.create());
  audit = createAuditBench(bench);
});
afterAll(() => routes.close());

test('a whole chain says how much of it is sealed', async () => {
  await http.post('/api/halt', { reason: 'a wrong list' }, { user: userName });
  await audit.seal();
  await http.post('/api/halt/lift', { reason: 'list was mended' });
  const answer = await http.get('/api/audit/verify');
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ...{
      state: 'checked',
      ok: true,
      rows: 3,
      sealed: 2,
      unsealed: 1,
      firstBroken: null,
      problems: [],
      retired: null,
    },
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
    storeId: expect.stringMatching(/^[0-9a-f]{24}$/),
    unsealedSince: expect.stringMatching(/Z$/),
  });
});

test('a long chain takes several answers, and a head can be asked for', async () => {
  for (let round = 0; round < 25; round += 1) {
    await audit.append(10);
    await audit.seal();
  }
  const wanted = 'e'.repeat(64);
  const first = await http.get(`/api/audit/verify?head=${wanted}`);
  expect(first.body).toEqual({
    ...{ state: 'checking', rows: 251, sealed: 101 },
    cursor: expect.stringMatching(/^[\w-]+$/),
  });
  const second = await http.get(`/api/audit/verify?cursor=${first.body.cursor}`);
  expect(second.body).toMatchObject({ state: 'checking', sealed: 201 });
  const third = await http.get(`/api/audit/verify?cursor=${second.body.cursor}`);
  expect(third.body).toMatchObject({
    ...{ state: 'checked', ok: false, sealed: 251, firstBroken: null },
    problems: [{ why: 'published_head_missing' }],
  });
});

describe('a changed chain', () => {
  test('is 200 with what is wrong and where', async () => {
    await http.post('/api/halt', { reason: 'a wrong list' });
    await audit.seal();
    const id = await audit.idOf(1);
    await bench.redis.xdel(bench.keys.audit, id);
    const answer = await http.get('/api/audit/verify');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ok: false, firstBroken: { index: 1, id, why: 'row_missing' } });
    expect(codeOf(answer)).toBeUndefined();
  });
});

test.each([
  ['cursor', 'cursor=made-up'],
  ['head', 'head=1234'],
])('a %s that cannot be one is 400', async (name, search) => {
  const answer = await http.get(`/api/audit/verify?${search}`);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(JSON.stringify(answer.body)).toContain(name);
});
