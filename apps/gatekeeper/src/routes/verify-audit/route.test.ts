// Risk: a broken audit is answered with a server error, or a whole one with a doubt.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type GateBench, testSecrets } from '../../testing/gate-bench.ts';
import { type Http, userName } from '../../testing/http-bench.ts';
import { codeOf, openRouteBenches, type RouteBenches } from '../../testing/route-bench.ts';
import { createSealAudit } from '../../use-cases/seal-audit.ts';

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

const seal = () =>
  createSealAudit({ audit: bench.audit, key: testSecrets.auditSeal, logger: bench.log.logger })();

test('a whole chain says how much of it is sealed', async () => {
  await http.post('/api/halt', { reason: 'a wrong list' }, { user: userName });
  await seal();
  await http.post('/api/halt/lift', { reason: 'list was mended' });
  const answer = await http.get('/api/audit/verify');
  expect(answer.status).toBe(200);
  expect(answer.body).toEqual({
    ok: true,
    sealedRows: 1,
    unsealedRows: 1,
    head: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

describe('a changed chain', () => {
  test('is 200 with what is wrong and where', async () => {
    await http.post('/api/halt', { reason: 'a wrong list' });
    await seal();
    const [row] = await bench.audit.rowsAfter('', 1);
    await bench.redis.xdel(bench.keys.audit, row?.id ?? '');
    const answer = await http.get('/api/audit/verify');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({ ok: false, problem: 'row_missing', rowId: row?.id });
    expect(codeOf(answer)).toBeUndefined();
  });
});
