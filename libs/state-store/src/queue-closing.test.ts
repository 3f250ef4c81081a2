// Risk: a process that is asked to stop hangs on a store that died, or drops what a slow one was about to hear.
import type { RunPipelineJob } from '@caio/contracts';
import { createIdSource, type RedisServer, startRedis, waitFor } from '@caio/test-kit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createKeys } from './keys.ts';
import { createJobQueue, createJobWorker } from './queues.ts';

const keys = createKeys('test-closing');
const payload: RunPipelineJob = { runId: createIdSource().runId(), correlationId: 'correlation-1' };
let server: RedisServer;
let redis: Redis;
let queue: ReturnType<typeof createJobQueue<'pipeline'>>;
beforeEach(async () => {
  server = await startRedis();
  redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 100 });
  redis.on('error', () => undefined);
  queue = createJobQueue({ queue: 'pipeline', redis, keys, onError: () => undefined });
});
afterEach(async () => {
  // What still tries to connect gets to say goodbye: a try that goes on would be met by the tests after this one.
  await server.restart();
  redis.disconnect();
  const last = new Redis(server.url);
  const others = async (): Promise<number> =>
    String(await last.client('LIST'))
      .trim()
      .split('\n').length - 1;
  let quiet = 0;
  await waitFor(
    async () => {
      quiet = (await others()) === 0 ? quiet + 1 : 0;
      return quiet >= 5;
    },
    { timeoutMs: 15_000, intervalMs: 100, describe: 'every connection of the test to be gone' },
  );
  last.disconnect();
  await server.stop();
});

/** A worker whose jobs wait for `finish`. */
const working = (finish: Promise<void> = Promise.resolve()) => {
  let started = 0;
  let done = 0;
  const worker = createJobWorker({
    ...{ queue: 'pipeline', redis, keys, concurrency: 1, lockMs: 10_000, stalledMs: 500 },
    handle: async () => {
      started += 1;
      await finish;
      done += 1;
    },
    onError: () => undefined,
  });
  worker.start();
  return { worker, started: () => started, done: () => done };
};
const soon = (what: string, check: () => boolean) =>
  waitFor(check, { timeoutMs: 5_000, describe: () => what });

test('an idle worker closes soon after its store died', async () => {
  const { worker, done } = working();
  await queue.add({ id: 'run-1', payload });
  await soon('the job', () => done() === 1);
  await server.kill9();
  await soon('the loss to be seen', () => redis.status !== 'ready');
  const startedMs = performance.now();
  await worker.close();
  expect(performance.now() - startedMs).toBeLessThan(2_500);
});

test('what is in hand is waited for, also without a store', async () => {
  let finish = (): void => undefined;
  const { worker, started, done } = working(new Promise<void>((resolve) => (finish = resolve)));
  await queue.add({ id: 'run-1', payload });
  await soon('the job to be taken', () => started() === 1);
  await server.kill9();
  await soon('the loss to be seen', () => redis.status !== 'ready');
  let closed = false;
  const closing = worker.close().then(() => (closed = true));
  const until = performance.now() + 1_500;
  await soon('longer than a loss is borne', () => performance.now() > until);
  expect([closed, done()]).toEqual([false, 0]);
  finish();
  await closing;
  expect(done()).toBe(1);
});

test('a store that is merely slow hears of the job before the worker is closed', async () => {
  let finish = (): void => undefined;
  const { worker, started } = working(new Promise<void>((resolve) => (finish = resolve)));
  await queue.add({ id: 'run-1', payload });
  await soon('the job to be taken', () => started() === 1);
  const other = new Redis(server.url);
  await other.call('CLIENT', 'PAUSE', '1800', 'ALL');
  finish();
  const startedMs = performance.now();
  await worker.close();
  expect(performance.now() - startedMs).toBeGreaterThan(1_000);
  expect(await queue.counts()).toMatchObject({ active: 0, completed: 1 });
  other.disconnect();
});

test('a store that dies while the worker waits for it holds it up no longer than a dead one', async () => {
  let finish = (): void => undefined;
  const { worker, started } = working(new Promise<void>((resolve) => (finish = resolve)));
  await queue.add({ id: 'run-1', payload });
  await soon('the job to be taken', () => started() === 1);
  const closing = worker.close();
  await server.kill9();
  await soon('the loss to be seen', () => redis.status !== 'ready');
  finish();
  const startedMs = performance.now();
  await closing;
  expect(performance.now() - startedMs).toBeLessThan(2_500);
});

test('a store that comes back in time hears of everything', async () => {
  const { worker, done } = working();
  await queue.add({ id: 'run-1', payload });
  await soon('the job', () => done() === 1);
  await server.restart();
  await worker.close();
  expect(redis.status).toBe('ready');
});
