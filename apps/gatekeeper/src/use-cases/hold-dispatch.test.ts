// Risk: a stop keeps workers and store busy with work that is put off, holds back after it is lifted, or lets a send by.
import { createFaultPoints, createRedisConnections, type RedisConnections } from '@caio/service-kit';
import { createJobQueue, createOptOuts, type JobQueue } from '@caio/state-store';
import { waitFor } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createWorkers } from '../queues.ts';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider, type ScriptedProvider } from '../testing/scripted-provider.ts';
import { createApplySignal } from './apply-signal.ts';
import { createEnqueueDueActions } from './enqueue-due-actions.ts';
import { createHoldDispatch, createReadHold } from './hold-dispatch.ts';

const actionsOfBatch = 30;

let benches: GateBenches;
let bench: GateBench;
let provider: ScriptedProvider;
let dispatch: JobQueue<'dispatch'>;
let workers: ReturnType<typeof createWorkers>;
let connections: RedisConnections;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  provider = createScriptedProvider();
  bench = await benches.createBench({ provider: provider.adapter });
  connections = createRedisConnections({
    ...{ url: benches.store.server.url, role: 'worker', logger: bench.log.logger, now: Date.now },
  });
  dispatch = createJobQueue({
    ...{ queue: 'dispatch', redis: bench.redis, keys: bench.keys, onError: () => undefined },
  });
  workers = createWorkers({
    ...{ redis: connections.connect('workers'), keys: bench.keys, logger: bench.log.logger },
    ...{ dispatchConcurrency: 2, lockMs: 10_000, stalledMs: 10_000 },
    ...{ submitDraft: bench.submitDraft, dispatchAction: bench.dispatch },
    applySignal: createApplySignal({
      ...bench,
      ...{ optOuts: createOptOuts(bench.session), pseudonym: benches.pseudonym },
    }),
  });
  const { batchId } = await bench.approvedBatch(actionsOfBatch);
  await bench.executeBatch({ ...bench.by, batchId });
  await sweep();
});
afterEach(async () => {
  await workers.close();
  await dispatch.close();
  await connections.close();
});
afterAll(() => benches.close());

const readHold = () => createReadHold(bench)();
const sweep = () =>
  createEnqueueDueActions({
    ...{ actions: bench.actions, dispatch, isHeld: readHold, graceMs: 60_000 },
    ...{ faults: createFaultPoints([]), logger: bench.log.logger },
  })();
const look = () => createHoldDispatch({ readHold, worker: workers.dispatch })();
const halt = (command: 'stop' | 'lift') =>
  bench.lists.setHalt(command, 'ann', 'a wrong list', 'correlation-1');
const count = async (state: string): Promise<number> => (await dispatch.counts())[state] ?? 0;
const untilWorkerRests = () =>
  waitFor(async () => (await count('completed')) > 0 && (await count('active')) === 0, {
    timeoutMs: 10_000,
    describe: 'the worker to have nothing in hand',
  });
/** As the sweeper would, once the second that the last check put them off for is over. */
const makeDue = async (): Promise<void> => {
  for (const actionId of await bench.redis.zrange(bench.keys.actionsQueued, '0', '-1'))
    await bench.redis.zadd(bench.keys.actionsQueued, 1, actionId);
};
const untilAllIsSent = () =>
  waitFor(() => new Set(provider.handovers.map(({ actionId }) => actionId)).size === actionsOfBatch, {
    timeoutMs: 10_000,
    describe: 'every action to be sent',
  });

test('the first action that meets a stop is the last that is tried, and nothing is sent', async () => {
  await halt('stop');
  workers.start();
  await untilWorkerRests();
  expect(await count('waiting')).toBeGreaterThan(actionsOfBatch / 2);
  await look();
  await makeDue();
  expect(await sweep()).toBe(0);
  await untilWorkerRests();
  expect(await count('waiting')).toBeGreaterThan(actionsOfBatch / 2);
  expect(provider.handovers).toEqual([]);
});

test('one look after the stop is lifted everything goes out, each once', async () => {
  await halt('stop');
  workers.start();
  await untilWorkerRests();
  await halt('lift');
  await makeDue();
  await Promise.all([look(), look()]);
  await sweep();
  await untilAllIsSent();
  expect(provider.handovers).toHaveLength(actionsOfBatch);
});

test('a store that is being compared holds as a stop does', async () => {
  await bench.redis.hset(bench.keys.store, 'recovering', '1');
  workers.start();
  await untilWorkerRests();
  await look();
  expect(await count('waiting')).toBeGreaterThan(actionsOfBatch / 2);
  await bench.redis.hset(bench.keys.store, 'recovering', '0');
  await makeDue();
  await look();
  await sweep();
  await untilAllIsSent();
  expect(provider.handovers).toHaveLength(actionsOfBatch);
});

test('a worker that begins under a stop takes nothing until the stop is lifted', async () => {
  await halt('stop');
  await look();
  workers.start();
  await look();
  expect(await dispatch.counts()).toMatchObject({ waiting: actionsOfBatch, active: 0, completed: 0 });
  await halt('lift');
  await look();
  await untilAllIsSent();
});

test('a stop in the middle of a batch is met by the very next action, before anybody looked', async () => {
  let sent = 0;
  provider.script.send = async () => {
    sent += 1;
    if (sent === 3) await halt('stop');
    return { outcome: 'accepted', providerMessageId: `p-${sent}`, holdsBeforeMailing: true, proof: 'yes' };
  };
  workers.start();
  await waitFor(async () => (await readHold()) && (await count('active')) === 0, {
    timeoutMs: 10_000,
    describe: 'the worker to stop',
  });
  // The other of the two workers may have been admitted before the stop was stored.
  expect(provider.handovers.length).toBeLessThanOrEqual(4);
  expect(await count('waiting')).toBeGreaterThan(actionsOfBatch / 2);
});
