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
  const queue = new Queue(options.keys.queueName(options.queue), {
    connection: options.redis,
    prefix: options.keys.queuePrefix,
    defaultJobOptions: {
      attempts: entry.attempts,
      backoff: { type: entry.backoff.type, delay: entry.backoff.delayMs },
      removeOnComplete: { age: entry.keepCompletedSeconds, ...kept },
      removeOnFail: { age: 30 * 86_400, ...kept },
    },
  });
  queue.on('error', options.onError);
  return {
    add: async (job: QueuedJob<Q>): Promise<void> => {
      await queue.add(entry.name, entry.schema.parse(job.payload), { jobId: job.id });
    },
    /** None is added when one payload does not fit. */
    addMany: async (jobs: readonly QueuedJob<Q>[]): Promise<void> => {
      const fitting = jobs.map(({ id, payload }) => ({
        name: entry.name,
        data: entry.schema.parse(payload),
        opts: { jobId: id },
      }));
      for (let start = 0; start < fitting.length; start += addChunk) {
        await queue.addBulk(fitting.slice(start, start + addChunk));
      }
    },
    counts: (): Promise<Record<string, number>> =>
      queue.getJobCounts('waiting', 'active', 'delayed', 'failed', 'completed'),
    /** Failed jobs are put back in line; returns how many there were. */
    retryFailed: async (): Promise<number> => {
      const failed = await queue.getJobCountByTypes('failed');
      await queue.retryJobs({ state: 'failed' });
      return failed;
    },
    /** The newest failed jobs, at most `limit`; one whose payload does not fit any more is left out. */
    failed: async (limit: number): Promise<QueuedJob<Q>[]> =>
      (await queue.getJobs('failed', 0, limit - 1)).flatMap((job) => {
        const parsed = entry.schema.safeParse(job.data);
        return parsed.success && job.id !== undefined
          ? [{ id: job.id, payload: parsed.data as JobPayload<Q> }]
          : [];
      }),
    /** Takes a job away that nobody works on. */
    remove: async (id: string): Promise<void> => {
      await queue.remove(id);
    },
    close: () => queue.close(),
  };
};

export type JobQueue<Q extends QueueName> = ReturnType<typeof createJobQueue<Q>>;

/** Thrown by a handler when trying the job again cannot help. */
export { UnrecoverableError };

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
  const worker = new Worker(
    options.keys.queueName(options.queue),
    async (job: Job) => {
      const parsed = entry.schema.safeParse(job.data);
      if (!parsed.success) throw new UnrecoverableError(`job ${job.id ?? ''} does not fit its schema`);
      await options.handle(parsed.data as JobPayload<Q>, { id: job.id ?? '', attempt: job.attemptsMade + 1 });
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
    /** Stops taking jobs and waits for those in hand. */
    close: () => worker.close(),
  };
};

export type JobWorker = ReturnType<typeof createJobWorker>;
