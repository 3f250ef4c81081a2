import type { AdmissionCode } from '@caio/contracts';
import type { Logger } from '@caio/trace-envelope';
import { runInContext } from '@caio/trace-envelope';
import { createJobQueue, createJobWorker, type Keys, type StoreConnection } from '@caio/state-store';

import type { ApplySignal } from './use-cases/apply-signal.ts';
import type { DispatchAction } from './use-cases/dispatch-action.ts';
import type { SubmitDraft } from './use-cases/submit-draft.ts';
import { createTakeDrafts } from './use-cases/take-drafts.ts';

/** Jobs, each of which holds many drafts. */
const intakeConcurrency = 4;
const signalConcurrency = 8;

/** Answers of the last check that hold for every action. */
const holdsForAll: ReadonlySet<AdmissionCode | null> = new Set<AdmissionCode>(['halted', 'store_recovering']);

/** The queues this service feeds, reads or counts. */
export const createQueues = (options: { redis: StoreConnection; keys: Keys; logger: Logger }) => {
  const onError = (error: Error): void => {
    options.logger.warn({ err: error }, 'a queue reports an error');
  };
  return {
    dispatch: createJobQueue({ queue: 'dispatch', redis: options.redis, keys: options.keys, onError }),
    intake: createJobQueue({ queue: 'drafts', redis: options.redis, keys: options.keys, onError }),
  };
};

/** Workers for drafts, dispatch and signals. They start paused; `start` lets them take jobs. */
export const createWorkers = (options: {
  redis: StoreConnection;
  keys: Keys;
  logger: Logger;
  dispatchConcurrency: number;
  lockMs: number;
  stalledMs: number;
  submitDraft: SubmitDraft;
  dispatchAction: DispatchAction;
  applySignal: ApplySignal;
}) => {
  const { redis, keys, logger, lockMs, stalledMs } = options;
  const onError = (error: Error): void => {
    logger.error({ err: error }, 'a worker reports an error');
  };
  const dispatch = createJobWorker({
    queue: 'dispatch',
    redis,
    keys,
    lockMs,
    stalledMs,
    concurrency: options.dispatchConcurrency,
    onError,
    handle: async (job) => {
      const refused = await runInContext({ correlationId: job.correlationId, caseId: null }, () =>
        options.dispatchAction(job),
      );
      if (holdsForAll.has(refused)) await dispatch.pause();
    },
  });
  const workers = [
    dispatch,
    createJobWorker({
      queue: 'drafts',
      redis,
      keys,
      lockMs,
      stalledMs,
      concurrency: intakeConcurrency,
      onError,
      handle: createTakeDrafts({ submitDraft: options.submitDraft }),
    }),
    createJobWorker({
      queue: 'signals',
      redis,
      keys,
      lockMs,
      stalledMs,
      concurrency: signalConcurrency,
      onError,
      handle: (signal) =>
        runInContext({ correlationId: signal.correlationId, caseId: null }, () =>
          options.applySignal(signal),
        ),
    }),
  ];
  return {
    /** The one that sends; the others go on whatever is stopped. */
    dispatch: { pause: dispatch.pause, resume: dispatch.resume },
    start: (): void => workers.forEach((worker) => worker.start()),
    close: async (): Promise<void> => {
      await Promise.all(workers.map((worker) => worker.close()));
    },
  };
};
