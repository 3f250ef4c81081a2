// Risk: a job that failed once nags for a month although its message went out, or one whose message hangs is hidden.
import { createRedisConnections } from '@caio/service-kit';
import { createJobQueue, createJobWorker, type JobQueue } from '@caio/state-store';
import { waitFor } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createClearSettledJobs } from './clear-settled-jobs.ts';

let benches: GateBenches;
let bench: GateBench;
let dispatch: JobQueue<'dispatch'>;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
  dispatch = createJobQueue({
    ...{ queue: 'dispatch', redis: bench.redis, keys: bench.keys, onError: () => undefined },
  });
});
afterEach(() => dispatch.close());
afterAll(() => benches.close());

const clear = () => createClearSettledJobs({ dispatch, actions: bench.actions })();
/** A batch all of whose jobs failed before their action was tried. */
const failedJobs = async (count: number) => {
  const { jobs } = await bench.executing(count);
  await dispatch.addMany(jobs.map((payload) => ({ id: `${payload.actionId}-${payload.attempt}`, payload })));
  const connections = createRedisConnections({
    ...{ url: benches.store.server.url, role: 'worker', logger: bench.log.logger, now: Date.now },
  });
  const worker = createJobWorker({
    ...{ queue: 'dispatch', redis: connections.connect('workers'), keys: bench.keys },
    ...{ concurrency: 1, lockMs: 10_000, stalledMs: 10_000, onError: () => undefined },
    handle: () => Promise.reject(new Error('the store was away')),
  });
  worker.start();
  await waitFor(async () => (await dispatch.counts())['failed'] === count, {
    timeoutMs: 10_000,
    describe: 'the jobs to fail',
  });
  await worker.close();
  await connections.close();
  return jobs;
};
const failedIds = async () => (await dispatch.failed(10)).map(({ payload }) => payload.actionId).sort();

test('a failed job goes when its action was settled by another; one whose action waits or hangs stays', async () => {
  const [sent, queued, unknown] = await failedJobs(3);
  if (sent === undefined || queued === undefined || unknown === undefined) throw new Error('three jobs');
  expect(await clear()).toBe(0);
  await bench.dispatch(sent);
  await bench.redis.zrem(bench.keys.actionsQueued, unknown.actionId);
  await bench.redis.zadd(bench.keys.actionsUnknown, 1, unknown.actionId);
  expect(await clear()).toBe(1);
  expect(await failedIds()).toEqual([queued.actionId, unknown.actionId].sort());
  expect(await dispatch.counts()).toMatchObject({ failed: 2, waiting: 0 });
  await bench.dispatch(queued);
  expect(await clear()).toBe(1);
  expect(await failedIds()).toEqual([unknown.actionId]);
});
