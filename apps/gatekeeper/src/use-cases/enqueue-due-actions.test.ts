// Risk: an action of a running batch never gets to a worker, or a retained job swallows its retry.
import { createFaultPoints } from '@caio/service-kit';
import { createJobQueue, type JobQueue } from '@caio/state-store';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type GateBench, type GateBenches, openGateBenches } from '../testing/gate-bench.ts';
import { createScriptedProvider } from '../testing/scripted-provider.ts';
import { createEnqueueDueActions } from './enqueue-due-actions.ts';
import { createReadHold } from './hold-dispatch.ts';

let benches: GateBenches;
let bench: GateBench;
let dispatch: JobQueue<'dispatch'>;
beforeAll(async () => {
  benches = await openGateBenches();
});
beforeEach(async () => {
  bench = await benches.createBench({ provider: createScriptedProvider().adapter });
  dispatch = createJobQueue({
    queue: 'dispatch',
    redis: bench.redis,
    keys: bench.keys,
    onError: () => undefined,
  });
});
afterEach(() => dispatch.close());
afterAll(() => benches.close());

const enqueue = (faults = createFaultPoints([]), part: { waitingMax?: number } = {}) =>
  createEnqueueDueActions({
    actions: bench.actions,
    dispatch,
    faults,
    graceMs: 60_000,
    logger: bench.log.logger,
    isHeld: createReadHold(bench),
    ...part,
  })();
const claimed = async (count: number): Promise<string[]> => {
  const { batchId, preview } = await bench.approvedBatch(count);
  await bench.executeBatch({ ...bench.by, batchId });
  return preview.actions.map(({ actionId }) => actionId);
};
const jobIds = async (): Promise<string[]> =>
  (await bench.redis.lrange(`${bench.keys.queuePrefix}:dispatch:wait`, 0, -1)).sort();
const makeDue = (actionId: string) => bench.redis.zadd(bench.keys.actionsQueued, 1, actionId);

test('every due action gets one job, of this try, and the next sweep finds nothing to do', async () => {
  const ids = await claimed(3);
  expect(await enqueue()).toBe(3);
  expect(await enqueue()).toBe(0);
  expect(await jobIds()).toEqual(ids.map((id) => `${id}-1`).sort());
});

test('more than one sweep takes at once are all enqueued', async () => {
  const [first = ''] = await claimed(2);
  const action = await bench.redis.hgetall(bench.keys.action(first));
  for (let number = 0; number < 600; number += 1) {
    const actionId = benches.ids.action();
    await bench.redis.hset(bench.keys.action(actionId), { ...action, actionId });
    await makeDue(actionId);
  }
  expect(await enqueue()).toBe(602);
  expect(await dispatch.counts()).toMatchObject({ waiting: 602 });
});

test('an action that is due again gets a job of its own number, so that the old one does not swallow it', async () => {
  const [id = ''] = await claimed(1);
  await enqueue();
  await makeDue(id);
  expect(await enqueue()).toBe(1);
  expect(await jobIds()).toEqual([`${id}-1`, `${id}-2`]);
});

test('a process that dies between taking and enqueuing loses nothing: the action comes by again', async () => {
  const [id = ''] = await claimed(1);
  const dies = createFaultPoints([{ kind: 'kill', point: 'before-enqueue', hit: 1 }], () => {
    throw new Error('the process dies here');
  });
  await expect(enqueue(dies)).rejects.toThrow('dies here');
  expect(await jobIds()).toEqual([]);
  expect(await enqueue()).toBe(0);
  const dueAt = Number(await bench.redis.zscore(bench.keys.actionsQueued, id));
  expect(dueAt - Date.now()).toBeGreaterThan(50_000);
  await makeDue(id);
  expect(await enqueue()).toBe(1);
});

test('a damaged action is named in the log and holds up nobody', async () => {
  const [damaged = '', whole = ''] = await claimed(2);
  await bench.redis.hdel(bench.keys.action(damaged), 'executionId');
  expect(await enqueue()).toBe(1);
  expect(await jobIds()).toEqual([`${whole}-1`]);
  expect(bench.log.lines().filter(({ level }) => level === 'error')).toMatchObject([{ actionId: damaged }]);
});

test('a queue nobody works on gets no further jobs once enough wait, and its actions come by later', async () => {
  const ids = await claimed(3);
  const sweep = () => enqueue(undefined, { waitingMax: 3 });
  expect(await sweep()).toBe(3);
  for (let round = 0; round < 4; round += 1) {
    for (const id of ids) await makeDue(id);
    expect(await sweep()).toBe(0);
  }
  expect(await jobIds()).toEqual(ids.map((id) => `${id}-1`).sort());
  await bench.redis.del(`${bench.keys.queuePrefix}:dispatch:wait`);
  expect(await sweep()).toBe(3);
});

test('nothing is enqueued while everything is stopped or the store is compared, and everything after', async () => {
  await claimed(2);
  await bench.lists.setHalt('stop', 'ann', 'a wrong list', 'correlation-1');
  expect(await enqueue()).toBe(0);
  await bench.lists.setHalt('lift', 'ann', 'the list is right', 'correlation-1');
  await bench.redis.hset(bench.keys.store, 'recovering', '1');
  expect(await enqueue()).toBe(0);
  await bench.redis.hset(bench.keys.store, 'recovering', '0');
  expect(await enqueue()).toBe(2);
});
