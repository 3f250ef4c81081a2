// Risk: a job is lost, done twice or retried for ever, or a damaged one disappears where nobody sees it.
import {
  type DispatchActionJob,
  draftStatusSchema,
  jobCatalogue,
  type QueueName,
  type RunPipelineJob,
} from '@caio/contracts';
import { waitFor } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createJobQueue, createJobWorker, UnrecoverableError } from './queues.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
let toClose: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterEach(async () => {
  for (const close of toClose.reverse()) await close();
  toClose = [];
});
afterAll(() => fixture.close());

const queueOf = <Q extends QueueName>(queue: Q) => {
  const made = createJobQueue({ queue, redis: gate.redis, keys: gate.keys, onError: () => undefined });
  toClose.push(made.close);
  return made;
};

const work = (handle: (payload: RunPipelineJob, job: { id: string; attempt: number }) => Promise<void>) => {
  const redis = new Redis(fixture.server.url, { maxRetriesPerRequest: null });
  const errors: string[] = [];
  const worker = createJobWorker({
    queue: 'pipeline',
    redis,
    keys: gate.keys,
    concurrency: 4,
    lockMs: 10_000,
    stalledMs: 10_000,
    handle,
    onError: (error) => void errors.push(error.message),
  });
  worker.start();
  toClose.push(async () => {
    await worker.close();
    redis.disconnect();
  });
  return { errors, worker };
};

const run = (): RunPipelineJob => ({ runId: fixture.ids.runId(), correlationId: 'correlation-1' });
type Pipeline = ReturnType<typeof queueOf<'pipeline'>>;
const settled = (queue: Pipeline, state: string, count: number) =>
  waitFor(async () => (await queue.counts())[state] === count, {
    timeoutMs: 5_000,
    describe: `${count} jobs ${state}`,
  });

test('a queue whose first look at the store fails is usable once the store answers', async () => {
  await gate.redis.call('ACL', 'SETUSER', 'default', '-info');
  const queue = queueOf('pipeline');
  try {
    await expect(queue.add({ id: 'run-1', payload: run() })).rejects.toThrow('NOPERM');
  } finally {
    await gate.redis.call('ACL', 'SETUSER', 'default', '+info');
  }
  await queue.add({ id: 'run-1', payload: run() });
  expect((await queue.counts())['waiting']).toBe(1);
});

describe('a job', () => {
  test('with an id that was used is the same job, alone and in a crowd', async () => {
    const queue = queueOf('pipeline');
    const payload = run();
    await queue.add({ id: 'run-1', payload });
    await queue.add({ id: 'run-1', payload: run() });
    await queue.addMany(
      Array.from({ length: 1_200 }, (_, number) => ({ id: `run-${number % 600}`, payload })),
    );
    expect(await queue.counts()).toMatchObject({ waiting: 600 });
    const seen: RunPipelineJob[] = [];
    work(async (job) => void seen.push(job));
    await settled(queue, 'completed', 600);
    expect(seen).toHaveLength(600);
    expect(seen[0]).toEqual(payload);
    await queue.add({ id: 'run-1', payload });
    expect(await queue.counts()).toMatchObject({ waiting: 0, completed: 600 });
  });

  test('is handed over with its id and the number of the try', async () => {
    const queue = queueOf('pipeline');
    const tries: { id: string; attempt: number }[] = [];
    const { errors } = work(async (_, job) => {
      tries.push(job);
      if (tries.length === 1) throw new Error('the first try fails');
    });
    await queue.add({ id: 'run-1', payload: run() });
    await settled(queue, 'completed', 1);
    expect(tries).toEqual([
      { id: 'run-1', attempt: 1 },
      { id: 'run-1', attempt: 2 },
    ]);
    expect(errors).toEqual(['the first try fails']);
  });

  test.each([
    ['a single one', (queue: Pipeline, payload: RunPipelineJob) => queue.add({ id: 'run-1', payload })],
    ['one of many', (queue: Pipeline, payload: RunPipelineJob) => queue.addMany([{ id: 'run-1', payload }])],
  ])('whose payload does not fit is refused when it is added: %s', async (_, add) => {
    const queue = queueOf('pipeline');
    await expect(add(queue, { ...run(), correlationId: 'no' })).rejects.toThrow(/correlationId/);
    expect(await queue.counts()).toMatchObject({ waiting: 0 });
  });

  test('whose stored payload does not fit fails at once, is seen, and never reaches the handler', async () => {
    const queue = queueOf('pipeline');
    const handled: unknown[] = [];
    await queue.add({ id: 'run-1', payload: run() });
    const key = `${gate.keys.queuePrefix}:pipeline:run-1`;
    await gate.redis.hset(key, 'data', JSON.stringify({ runId: 'run_of_nobody', address: 'a@b.example' }));
    const { errors } = work(async (payload) => void handled.push(payload));
    await settled(queue, 'failed', 1);
    expect(handled).toEqual([]);
    expect(errors).toEqual(['job run-1 does not fit its schema']);
    expect(await gate.redis.hget(key, 'failedReason')).toBe('job run-1 does not fit its schema');
    expect(await gate.redis.hget(key, 'atm')).toBe('1');
  });

  test('that cannot be helped by another try fails at once; a retry puts it back in line', async () => {
    const queue = queueOf('pipeline');
    let broken = true;
    const done: string[] = [];
    work(async (_, { id }) => {
      if (broken) throw new UnrecoverableError('the file is gone');
      done.push(id);
    });
    await queue.addMany([1, 2, 3].map((number) => ({ id: `run-${number}x`, payload: run() })));
    await settled(queue, 'failed', 3);
    broken = false;
    expect(await queue.retryFailed()).toBe(3);
    await settled(queue, 'completed', 3);
    expect(done.sort()).toEqual(['run-1x', 'run-2x', 'run-3x']);
    expect(await queue.retryFailed()).toBe(0);
  });

  test('in hand is finished before the worker is closed', async () => {
    const queue = queueOf('pipeline');
    let finish = (): void => undefined;
    let started = (): void => undefined;
    const begun = new Promise<void>((resolve) => (started = resolve));
    const { worker } = work(async () => {
      started();
      await new Promise<void>((resolve) => (finish = resolve));
    });
    await queue.add({ id: 'run-1', payload: run() });
    await begun;
    let closed = false;
    const closing = worker.close().then(() => (closed = true));
    for (let look = 0; look < 20; look += 1) await queue.counts();
    expect(closed).toBe(false);
    finish();
    await closing;
    expect(await queue.counts()).toMatchObject({ completed: 1, active: 0 });
  });
});

test('every queue keeps its jobs as its catalogue entry says', async () => {
  const dispatch: DispatchActionJob = {
    actionId: fixture.ids.actionId(),
    batchId: fixture.ids.batchId(),
    executionId: fixture.ids.executionId(),
    fence: 1,
    attempt: 1,
    correlationId: 'correlation-1',
  };
  await queueOf('dispatch').add({ id: 'act-1', payload: dispatch });
  await queueOf('pipeline').addMany([{ id: 'run-1', payload: run() }]);
  for (const [queue, id] of [
    ['dispatch', 'act-1'],
    ['pipeline', 'run-1'],
  ] as const) {
    const stored = await gate.redis.hgetall(`${gate.keys.queuePrefix}:${queue}:${id}`);
    expect(stored['name']).toBe(jobCatalogue[queue].name);
    expect(JSON.parse(stored['opts'] ?? '{}')).toMatchObject({ attempts: jobCatalogue[queue].attempts });
  }
});

test('what a queue keeps in Redis is under none of our own keys, and on their slot', async () => {
  for (const queue of ['drafts', 'dispatch', 'pipeline', 'signals'] as const) {
    const made = queueOf(queue);
    await made.counts();
    await made.retryFailed();
  }
  await queueOf('pipeline').add({ id: 'run-1', payload: run() });
  const handled: string[] = [];
  work(async (_, { id }) => void handled.push(id));
  await waitFor(() => handled.length === 1, { timeoutMs: 5_000, describe: 'the job' });
  const kept = await gate.redis.keys(`${gate.keys.root}:*`);
  const ours = new Set(draftStatusSchema.options.map((status) => gate.keys.draftsByStatus(status)));
  const ofQueues = kept.filter((key) => key !== gate.keys.store);
  expect(ofQueues.length).toBeGreaterThan(4);
  for (const key of ofQueues) {
    expect(key.startsWith(`${gate.keys.queuePrefix}:`)).toBe(true);
    expect(ours.has(key)).toBe(false);
  }
});

test.each(['completed', 'failed'] as const)(
  'dispatch jobs that %s are kept up to a number, so that an hour of stop does not fill the store',
  async (state) => {
    const queue = queueOf('dispatch');
    const { keepFinishedMax } = jobCatalogue.dispatch;
    const count = keepFinishedMax + 100;
    const payload: DispatchActionJob = {
      ...{ actionId: fixture.ids.actionId(), batchId: fixture.ids.batchId() },
      ...{ executionId: fixture.ids.executionId(), fence: 1, attempt: 1, correlationId: 'correlation-1' },
    };
    await queue.addMany(Array.from({ length: count }, (_, number) => ({ id: `job-${number}`, payload })));
    const redis = new Redis(fixture.server.url, { maxRetriesPerRequest: null });
    const worker = createJobWorker({
      ...{ queue: 'dispatch', redis, keys: gate.keys, concurrency: 32, lockMs: 10_000, stalledMs: 10_000 },
      onError: () => undefined,
      handle: () => (state === 'failed' ? Promise.reject(new Error('no')) : Promise.resolve()),
    });
    worker.start();
    toClose.push(async () => {
      await worker.close();
      redis.disconnect();
    });
    await waitFor(
      async () => {
        const { waiting = 0, active = 0 } = await queue.counts();
        return waiting + active === 0;
      },
      { timeoutMs: 25_000, describe: 'every job finished' },
    );
    expect((await queue.counts())[state]).toBe(keepFinishedMax);
  },
);
