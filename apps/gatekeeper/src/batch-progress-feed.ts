import type { BatchId, BatchStatus } from '@caio/contracts';
import { batchArrows } from '@caio/dispatch-core';
import type { BatchStore, NumberedProgress } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';

/** Nothing happens to a batch any more once no arrow leaves its state. */
const left: ReadonlySet<BatchStatus> = new Set(Object.values(batchArrows).flatMap(({ from }) => from));
export const isFinalBatch = (status: BatchStatus): boolean => !left.has(status);

/** Somebody who follows a batch. None of these may throw. */
export interface ProgressReader {
  readonly onProgress: (state: NumberedProgress) => void;
  /** The store does not answer; `onProgress` follows when it does again. */
  readonly onTrouble: () => void;
  /** Nothing more will come: the batch is gone, or the service stops. */
  readonly onOver: () => void;
}

interface Followed {
  readonly readers: Set<ProgressReader>;
  /** What every reader was told; null while the store does not answer. */
  told: NumberedProgress | null;
}

/**
 * Tells readers how far batches are. One poller a batch, however many readers it has; none when nobody reads. Ask
 * `hasRoom` before `follow`: it is false when `readersMax` read already and when the service stops.
 */
export const createBatchProgressFeed = (options: {
  batches: Pick<BatchStore, 'progress'>;
  logger: Logger;
  pollMs: number;
  readersMax: number;
}) => {
  const followed = new Map<BatchId, Followed>();
  const timers = new Set<NodeJS.Timeout>();
  let reading = 0;
  let closed = false;

  const poll = async (batchId: BatchId, entry: Followed): Promise<void> => {
    let state: NumberedProgress | null;
    try {
      state = await options.batches.progress(batchId);
    } catch (error) {
      if (entry.told !== null) {
        options.logger.warn({ batchId, err: error }, 'the progress of a batch cannot be read');
        entry.told = null;
        entry.readers.forEach((reader) => reader.onTrouble());
      }
      return;
    }
    if (state === null) {
      entry.readers.forEach((reader) => reader.onOver());
      return;
    }
    if (entry.told?.change === state.change && entry.told.progress.status === state.progress.status) return;
    entry.told = state;
    for (const reader of entry.readers) reader.onProgress(state);
  };

  const pollLater = (batchId: BatchId, entry: Followed): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (entry.readers.size === 0 || closed) return;
      void poll(batchId, entry).finally(() => pollLater(batchId, entry));
    }, options.pollMs);
    timers.add(timer);
  };

  return {
    hasRoom: (): boolean => !closed && reading < options.readersMax,

    /** `known` is what the reader was told already; every other state from now on comes by itself. */
    follow: (batchId: BatchId, known: NumberedProgress, reader: ProgressReader): (() => void) => {
      let entry = followed.get(batchId);
      if (entry === undefined) {
        entry = { readers: new Set(), told: known };
        followed.set(batchId, entry);
        pollLater(batchId, entry);
      }
      const joined = entry;
      joined.readers.add(reader);
      reading += 1;
      // The others may have been told of a newer state while this reader was on its way.
      if (joined.told === null) reader.onTrouble();
      else if (joined.told.change !== known.change) reader.onProgress(joined.told);
      return () => {
        if (!joined.readers.delete(reader)) return;
        reading -= 1;
        if (joined.readers.size === 0 && followed.get(batchId) === joined) followed.delete(batchId);
      };
    },

    reading: (): number => reading,

    /** Tells every reader that it is over and takes no more. */
    close: (): void => {
      closed = true;
      timers.forEach((timer) => clearTimeout(timer));
      for (const { readers } of followed.values()) [...readers].forEach((reader) => reader.onOver());
    },
  };
};

export type BatchProgressFeed = ReturnType<typeof createBatchProgressFeed>;
