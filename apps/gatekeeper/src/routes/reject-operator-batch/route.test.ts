// Risk: an executed batch is rejected, or a rejection has no reason.
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
const path = (batchId: string): string => `/api/operator/reject-batch/${batchId}`;

test('with a reason, and its drafts wait approved', async () => {
  const { batchId } = await frozen();
  const answer = await http.post(path(batchId), { reason: 'not this month' });
  expect(answer.body).toMatchObject({
    status: 'rejected',
    batch: { status: 'rejected', rejected_reason: 'not this month', rejected_at: expect.any(String) },
  });
  expect(await bench.batches.read(batchId)).toMatchObject({ closedBy: userName });
  expect(await bench.drafts.counts()).toMatchObject({ approved: 1, batched: 0 });
});

test.each([
  ['no body', undefined],
  ['no reason', {}],
  ['a blank one', { reason: '  ' }],
])('%s is 400, and it stays pending', async (_, body) => {
  const { batchId } = await frozen();
  const answer = await http.post(path(batchId), body);
  expect([answer.status, codeOf(answer)]).toEqual([400, 'bad_request']);
  expect(await bench.batches.read(batchId)).toMatchObject({ status: 'pending' });
});

test('one that is executing is 409 with who started it, an unknown one 404', async () => {
  const { batchId } = await bench.executing(1);
  const answer = await http.post(path(batchId), { reason: 'too late' });
  expect([answer.status, codeOf(answer)]).toEqual([409, 'state_conflict']);
  expect(answer.body.error.details).toMatchObject({ status: 'executing', by: 'operator' });
  const unknown = await http.post(path('bat_01TE0000000000000000000000'), { reason: 'not there' });
  expect([unknown.status, codeOf(unknown)]).toEqual([404, 'not_found']);
});
