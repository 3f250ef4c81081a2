// Risk: a run that sent something is missing from the history, or told otherwise than it ended.
import { operatorHistorySchema } from '@caio/contracts';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { GateBench } from '../../testing/gate-bench.ts';
import type { Http } from '../../testing/http-bench.ts';
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

const history = async (query = '') =>
  operatorHistorySchema.parse((await http.get(`/api/operator/history${query}`)).body).history;

test('the newest first, with what was handed over and how each ended', async () => {
  const { batchId, job } = await bench.executing(1);
  await bench.dispatch(job);
  await bench.approvedDrafts(1);
  const { batch } = await bench.freeze();
  const [newest, executed] = await history();
  expect(newest).toMatchObject({ batch_id: batch.batchId, result: 'pending', run_id: null, dispatched: 0 });
  expect(executed).toMatchObject({
    ...{ batch_id: batchId, result: 'executed', dispatched: 1, platform: 'sandbox' },
    ...{ run_id: expect.stringMatching(/^exe_/), approved_by: 'operator' },
    ...{ started_at: expect.any(String), completed_at: expect.any(String) },
  });
  expect(await history('?limit=1')).toHaveLength(1);
});

test('an empty one is an object with an empty list', async () => {
  expect((await http.get('/api/operator/history')).body).toEqual({ history: [] });
});

test.each(['limit=0', 'limit=-1', 'limit=201'])('%s is 400', async (query) => {
  expect(codeOf(await http.get(`/api/operator/history?${query}`))).toBe('bad_request');
});
