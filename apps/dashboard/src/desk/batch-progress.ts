import {
  type BatchId,
  type BatchProgress,
  batchProgressSchema,
  type BatchStatus,
  progressTroubleSchema,
} from '@caio/contracts';
import { signal, type ReadonlySignal } from '@preact/signals';
import type { z } from 'zod';

const finalStates: ReadonlySet<BatchStatus> = new Set<BatchStatus>([
  'executed',
  'partially_executed',
  'failed',
  'rejected',
  'revoked',
  'expired',
]);

/** Nothing happens to a batch in one of these any more. */
export const isFinal = (status: BatchStatus): boolean => finalStates.has(status);

/** `events` come by themselves; `polling` asks again and again, because the stream cannot be had. */
export interface ProgressState {
  readonly via: 'connecting' | 'events' | 'polling';
  readonly progress: BatchProgress | null;
  /** Why nothing is known at the moment, while that is so. */
  readonly trouble: string | null;
}

/** The newest of two readings: what comes late over another way must not turn the count back. */
export const newerProgress = (known: BatchProgress | null, next: BatchProgress): BatchProgress => {
  if (known === null) return next;
  if (isFinal(known.status) && !isFinal(next.status)) return known;
  return Date.parse(next.updatedAt) >= Date.parse(known.updatedAt) ? next : known;
};

const parseData = <T>(schema: z.ZodType<T>, data: unknown): T | null => {
  if (typeof data !== 'string') return null;
  try {
    return schema.safeParse(JSON.parse(data)).data ?? null;
  } catch {
    return null;
  }
};

/** Parses the data of one `progress` event; null when it is not what the contract says. */
export const parseProgress = (data: unknown): BatchProgress | null => parseData(batchProgressSchema, data);

const parseTrouble = (data: unknown): string =>
  parseData(progressTroubleSchema, data)?.message ?? 'Nothing is known at the moment.';

const failuresMax = 3;
const pollMs = 2_000;
/** After a stream that could not be had, so many questions are answered before it is tried again. */
const pollsBetweenStreams = 15;

export interface ProgressSource {
  readonly open: (address: string) => EventSource;
  readonly poll: () => Promise<BatchProgress | null>;
  readonly every: (ms: number, then: () => void) => () => void;
  readonly onEnd: () => void;
}

/**
 * Follows a batch by server-sent events. The browser reconnects and says where it was; when the stream cannot be had,
 * the batch is asked for every two seconds, and the stream is tried again as soon as one of these is answered.
 * `onEnd` is called once when the batch is done.
 */
export const followBatch = (
  batchId: BatchId,
  source: ProgressSource,
): { readonly state: ReadonlySignal<ProgressState>; readonly stop: () => void } => {
  const state = signal<ProgressState>({ via: 'connecting', progress: null, trouble: null });
  let events: EventSource | null = null;
  let failuresLeft = failuresMax;
  let pollsLeft = 1;
  let ended = false;
  let stopPolling: (() => void) | null = null;
  const closeStream = (): void => {
    events?.close();
    events = null;
  };
  const endPolling = (): void => {
    stopPolling?.();
    stopPolling = null;
  };
  const stop = (): void => {
    ended = true;
    closeStream();
    endPolling();
  };
  const take = (via: ProgressState['via'], progress: BatchProgress): void => {
    if (ended) return;
    state.value = { via, progress: newerProgress(state.value.progress, progress), trouble: null };
    if (!isFinal(progress.status)) return;
    stop();
    source.onEnd();
  };
  const poll = (): void => {
    void source.poll().then((progress) => {
      if (progress === null || stopPolling === null) return;
      take('polling', progress);
      pollsLeft -= 1;
      if (ended || pollsLeft > 0 || events !== null) return;
      // One failure is enough to go on asking.
      failuresLeft = 1;
      openStream();
    });
  };
  const startPolling = (): void => {
    closeStream();
    pollsLeft = stopPolling === null ? 1 : pollsBetweenStreams;
    if (ended || stopPolling !== null) return;
    state.value = { ...state.value, via: 'polling' };
    stopPolling = source.every(pollMs, poll);
    poll();
  };
  const openStream = (): void => {
    const stream = source.open(`/api/batches/${batchId}/events`);
    events = stream;
    const onProgress = (event: MessageEvent): void => {
      const progress = parseProgress(event.data);
      if (progress === null) return;
      failuresLeft = failuresMax;
      endPolling();
      take('events', progress);
    };
    stream.addEventListener('progress', onProgress);
    stream.addEventListener('unavailable', (event: MessageEvent) => {
      state.value = { ...state.value, trouble: parseTrouble(event.data) };
    });
    stream.addEventListener('end', (event: MessageEvent) => {
      onProgress(event);
      if (ended) return;
      stop();
      source.onEnd();
    });
    stream.addEventListener('error', () => {
      if (ended || events !== stream) return;
      failuresLeft -= 1;
      if (stream.readyState === stream.CLOSED || failuresLeft <= 0) startPolling();
    });
  };
  openStream();
  return { state, stop };
};
