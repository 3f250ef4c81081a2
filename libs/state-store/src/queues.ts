import { jobCatalogue, type JobPayload, type QueueName } from '@caio/contracts';
import { type Job, Queue, UnrecoverableError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';

export interface QueuedJob<Q extends QueueName> {
  /** Unique within the queue; a second job with the same id is the same job. No `:` and not a bare integer. */
  readonly id: string;
  readonly payload: JobPayload<Q>;
}

const addChunk = 500;

/** The sending side of one queue. Closing it leaves the jobs where they are. */
export const createJobQueue = <Q extends QueueName>(options: {
  queue: Q;
  redis: Redis;
  keys: Keys;
  onError: (error: Error) => void;
}) => {
  const entry = jobCatalogue[options.queue];
  const kept = entry.keepFinishedMax === null ? {} : { count: entry.keepFinishedMax };
  const open = (): Queue => {
    const made = new Queue(options.keys.queueName(options.queue), {
      connection: options.redis,
      prefix: options.keys.queuePrefix,
      defaultJobOptions: {
        attempts: entry.attempts,
        backoff: { type: entry.backoff.type, delay: entry.backoff.delayMs },
        removeOnComplete: { age: entry.keepCompletedSeconds, ...kept },
        removeOnFail: { age: 30 * 86_400, ...kept },
      },
    });
    made.on('error', options.onError);
    return made;
  };
  let current: Queue | null = open();
  /**
   * BullMQ asks the store for its version once and keeps a failure for good: a store that goes away in that moment
   * would end the queue for the life of the process. The call that meets the failure fails; the next one begins anew.
   */
  const ready = async (): Promise<Queue> => {
    const queue = (current ??= open());
    try {
      await queue.waitUntilReady();
    } catch (error) {
      if (queue === current) {
        current = null;
        await queue.close().catch(options.onError);
      }
      throw error;
    }
    return queue;
  };
  return {
    add: async (job: QueuedJob<Q>): Promise<void> => {
      await (await ready()).add(entry.name, entry.schema.parse(job.payload), { jobId: job.id });
    },
    /** None is added when one payload does not fit. */
    addMany: async (jobs: readonly QueuedJob<Q>[]): Promise<void> => {
      const fitting = jobs.map(({ id, payload }) => ({
        name: entry.name,
        data: entry.schema.parse(payload),
        opts: { jobId: id },
      }));
      const queue = await ready();
      for (let start = 0; start < fitting.length; start += addChunk) {
        await queue.addBulk(fitting.slice(start, start + addChunk));
      }
    },
    counts: async (): Promise<Record<string, number>> =>
      (await ready()).getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed'),
    /** Failed jobs are put back in line; returns how many there were. */
    retryFailed: async (): Promise<number> => {
      const queue = await ready();
      const failed = await queue.getJobCountByTypes('failed');
      await queue.retryJobs({ state: 'failed' });
      return failed;
    },
    /** The newest failed jobs, at most `limit`; one whose payload does not fit any more is left out. */
    failed: async (limit: number): Promise<QueuedJob<Q>[]> =>
      (await (await ready()).getJobs('failed', 0, limit - 1)).flatMap((job) => {
        const parsed = entry.schema.safeParse(job.data);
        return parsed.success && job.id !== undefined
          ? [{ id: job.id, payload: parsed.data as JobPayload<Q> }]
          : [];
      }),
    /** Takes a job away that nobody works on. */
    remove: async (id: string): Promise<void> => {
      await (await ready()).remove(id);
    },
    close: async (): Promise<void> => {
      await current?.close();
    },
  };
};

export type JobQueue<Q extends QueueName> = ReturnType<typeof createJobQueue<Q>>;

/** Thrown by a handler when trying the job again cannot help. */
export { UnrecoverableError };

/** A connection that comes back within this time was only interrupted. */
const storeAwayMs = 1_000;

/** How long Redis may take to hear of the last job, when that is done. */
const goodbyeMs = 4_000;

/** Resolves with true after this time, with false once nobody asks any more. */
const isAfter = (waitMs: number, ended: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(true), waitMs);
    ended.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve(false);
    });
  });

/** Resolves with true once the connection has been down for this long, with false once it is up or nobody asks any more. */
const isAwayFor = (redis: Redis, awayMs: number, ended: AbortSignal): Promise<boolean> =>
  new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const isDown = (): void => {
      timer ??= setTimeout(() => settle(true), awayMs);
    };
    const isBack = (): void => {
      clearTimeout(timer);
      timer = undefined;
    };
    const isOver = (): void => settle(false);
    const settle = (isAway: boolean): void => {
      clearTimeout(timer);
      redis.off('close', isDown).off('ready', isBack);
      ended.removeEventListener('abort', isOver);
      resolve(isAway);
    };
    redis.on('close', isDown).on('ready', isBack);
    ended.addEventListener('abort', isOver);
    if (redis.status !== 'ready') isDown();
  });

/** The working side of one queue: payloads are parsed with the catalogue's schema before the handler sees them. */
export const createJobWorker = <Q extends QueueName>(options: {
  queue: Q;
  redis: Redis;
  keys: Keys;
  concurrency: number;
  lockMs: number;
  stalledMs: number;
  handle: (payload: JobPayload<Q>, job: { id: string; attempt: number }) => Promise<void>;
  onError: (error: Error) => void;
}) => {
  const entry = jobCatalogue[options.queue];
  const inHand = new Set<Promise<void>>();
  const worker = new Worker(
    options.keys.queueName(options.queue),
    async (job: Job) => {
      const parsed = entry.schema.safeParse(job.data);
      if (!parsed.success) throw new UnrecoverableError(`job ${job.id ?? ''} does not fit its schema`);
      const work = options.handle(parsed.data as JobPayload<Q>, {
        id: job.id ?? '',
        attempt: job.attemptsMade + 1,
      });
      inHand.add(work);
      await work.finally(() => inHand.delete(work));
    },
    {
      connection: options.redis,
      prefix: options.keys.queuePrefix,
      concurrency: options.concurrency,
      lockDuration: options.lockMs,
      stalledInterval: options.stalledMs,
      maxStalledCount: 5,
      autorun: false,
    },
  );
  worker.on('error', options.onError);
  worker.on('failed', (_job, error) => options.onError(error));
  let isStarted = false;
  return {
    /** Starts taking jobs; while paused, only with `resume`. */
    start: (): void => {
      isStarted = true;
      worker
        .run()
        .catch((error: unknown) =>
          options.onError(error instanceof Error ? error : new Error(String(error))),
        );
    },
    /** Takes no further jobs; those in hand go on. May be said again. */
    pause: (): Promise<void> => worker.pause(true),
    /** Takes jobs again. May be said again: it also revives a worker whose loop ended while it was being resumed. */
    resume: async (): Promise<void> => {
      if (isStarted && (worker.isPaused() || !worker.isRunning())) await worker.resume();
    },
    /**
     * Stops taking jobs and waits for those in hand, and for Redis to hear of them however slow it is. One that is away
     * will not hear of them: then only the jobs in hand are waited for, and they are seen as stalled and tried again.
     */
    close: async (): Promise<void> => {
      const { redis } = options;
      await worker.pause(true);
      // BullMQ waits for the end of a connection that is between two attempts, which never comes: its force is needed.
      if (redis.status !== 'ready') {
        const back = new AbortController();
        redis.once('ready', () => back.abort());
        if (await isAwayFor(redis, storeAwayMs, back.signal)) {
          await Promise.allSettled(inHand);
          return worker.close(true);
        }
      }
      const closed = new AbortController();
      const closing = worker.close().finally(() => closed.abort());
      const isLost = await Promise.race([
        closing.then(() => false),
        isAwayFor(redis, storeAwayMs, closed.signal),
        // Its second connection can be between two attempts while this one is back.
        Promise.allSettled(inHand).then(() => isAfter(goodbyeMs, closed.signal)),
      ]);
      if (isLost) await Promise.allSettled(inHand);
    },
  };
};

export type JobWorker = ReturnType<typeof createJobWorker>;
