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

export interface ProgressSource {
  readonly open: (address: string) => EventSource;
  readonly poll: () => Promise<BatchProgress | null>;
  readonly every: (ms: number, then: () => void) => () => void;
  readonly onEnd: () => void;
}

/**
 * Follows a batch by server-sent events. The browser reconnects and says where it was; when the stream cannot be
 * had at all, the batch is asked for every two seconds, and `onEnd` is called once when it is done.
 */
export const followBatch = (
  batchId: BatchId,
  source: ProgressSource,
): { readonly state: ReadonlySignal<ProgressState>; readonly stop: () => void } => {
  const state = signal<ProgressState>({ via: 'connecting', progress: null, trouble: null });
  const events = source.open(`/api/batches/${batchId}/events`);
  let failures = 0;
  let ended = false;
  let stopPolling = (): void => undefined;
  const stop = (): void => {
    ended = true;
    events.close();
    stopPolling();
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
      if (progress !== null) take('polling', progress);
    });
  };
  const startPolling = (): void => {
    events.close();
    if (ended) return;
    state.value = { ...state.value, via: 'polling' };
    stopPolling = source.every(pollMs, poll);
    poll();
  };
  const onProgress = (event: MessageEvent): void => {
    const progress = parseProgress(event.data);
    if (progress === null) return;
    failures = 0;
    take('events', progress);
  };
  events.addEventListener('progress', onProgress);
  events.addEventListener('unavailable', (event: MessageEvent) => {
    state.value = { ...state.value, trouble: parseTrouble(event.data) };
  });
  events.addEventListener('end', (event: MessageEvent) => {
    onProgress(event);
    if (ended) return;
    stop();
    source.onEnd();
  });
  events.addEventListener('error', () => {
    failures += 1;
    const isGivenUp = events.readyState === events.CLOSED;
    if (!ended && (isGivenUp || failures >= failuresMax)) startPolling();
  });
  return { state, stop };
};
