// Risk: a batch is approved unread, or in the name of somebody else.
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

const frozen = async () => {
  await bench.approvedDrafts(1);
  return (await bench.freeze()).batch;
};
const path = (batchId: string): string => `/api/operator/approve-batch/${batchId}`;

test('with the hash that was read, as the person of the token, whoever the body names', async () => {
  const { batchId, previewHash } = await frozen();
  const answer = await http.post(path(batchId), { previewHash, approved_by: 'ceo' });
  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    ...{ status: 'approved', ignored: ['approved_by'] },
    batch: { batch_id: batchId, status: 'approved', approved_by: userName },
  });
  expect(await bench.executeBatch({ ...bench.by, batchId })).toMatchObject({ outcome: 'claimed' });
});

test.each([
  ['no body', undefined],
  ['no hash', {}],
  ['half of one', { previewHash: 'abc' }],
])('%s is 400 that says where the hash is', async (_, body) => {
  const { batchId } = await frozen();
  const answer = await http.post(path(batchId), body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(answer.body.error.message).toContain('preview_hash');
  expect(await bench.batches.read(batchId)).toMatchObject({ status: 'pending' });
});

test('another hash is 409, past its expiry 409, twice 409 with who, unknown 404', async () => {
  const { batchId, previewHash } = await frozen();
  expect(codeOf(await http.post(path(batchId), { previewHash: 'd'.repeat(64) }))).toBe('hash_mismatch');
  await http.post(path(batchId), { previewHash });
  const twice = await http.post(path(batchId), { previewHash });
  expect([twice.status, codeOf(twice)]).toEqual([409, 'state_conflict']);
  expect(twice.body.error.details).toMatchObject({ status: 'approved', by: userName });
  const late = await frozen();
  await bench.redis.hset(bench.keys.batch(late.batchId), 'expiresAtMs', '1');
  expect(codeOf(await http.post(path(late.batchId), { previewHash: late.previewHash }))).toBe(
    'batch_expired',
  );
  const unknown = await http.post(path('bat_01TE0000000000000000000000'), { previewHash });
  expect([unknown.status, codeOf(unknown)]).toEqual([404, 'not_found']);
});
