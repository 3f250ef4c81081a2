import { type ReadonlySignal, signal } from '@preact/signals';
import type { ApiOutcome } from '../api/api-client.ts';
import { type ApiFailure, passesByItself } from '../api/api-failure.ts';
import { backoffMs } from '../api/backoff.ts';

/** What is known about something that is loaded again and again. `stale` still has the last value that came. */
export type LiveState<T> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly value: T; readonly loadedAt: number }
  | {
      readonly kind: 'stale';
      readonly value: T;
      readonly loadedAt: number;
      readonly failure: ApiFailure;
      readonly retryAt: number;
    }
  | { readonly kind: 'failed'; readonly failure: ApiFailure; readonly retryAt: number };

/** The next state after an answer. What was loaded once is never thrown away for a failure. */
const afterAnswer = <T>(
  state: LiveState<T>,
  outcome: ApiOutcome<T>,
  at: { readonly now: number; readonly retryAt: number },
): LiveState<T> => {
  if (outcome.ok) return { kind: 'ready', value: outcome.value, loadedAt: at.now };
  const { failure } = outcome;
  if (failure.kind === 'aborted') return state;
  if (state.kind !== 'ready' && state.kind !== 'stale')
    return { kind: 'failed', failure, retryAt: at.retryAt };
  // A record that is gone, or that one may not see any more, must not go on being shown as if it were there.
  if (failure.kind === 'missing' || failure.kind === 'forbidden')
    return { kind: 'failed', failure, retryAt: at.retryAt };
  return { kind: 'stale', value: state.value, loadedAt: state.loadedAt, failure, retryAt: at.retryAt };
};

export interface Timers {
  readonly now: () => number;
  readonly chance: () => number;
  /** Calls back once after the time; the answer takes the call back. */
  readonly after: (ms: number, then: () => void) => () => void;
}

/** How long after an answer to ask again, for every answer or by what it says; null asks only when told to. */
export type Pace<T> = number | null | ((value: T) => number);

export interface LiveQueryOptions<T> {
  readonly load: (signal: AbortSignal) => Promise<ApiOutcome<T>>;
  readonly everyMs: Pace<T>;
  readonly timers: Timers;
  /** Whether anybody is looking; a page in the background does not ask. */
  readonly isWatched: () => boolean;
}

export interface LiveQuery<T> {
  readonly state: ReadonlySignal<LiveState<T>>;
  /** Asks now, giving up a question that is under way. */
  readonly refresh: () => Promise<void>;
  /** Puts in a value that came with another answer; one that was asked for before would be older. */
  readonly put: (value: T) => void;
  readonly stop: () => void;
}

/** Loads a value and keeps it fresh: again after `everyMs`, and with growing pauses while it fails. */
export const createLiveQuery = <T>(options: LiveQueryOptions<T>): LiveQuery<T> => {
  const { timers } = options;
  const state = signal<LiveState<T>>({ kind: 'loading' });
  let failures = 0;
  let stopped = false;
  let asking = new AbortController();
  let cancelTimer = (): void => undefined;

  const plan = (ms: number): void => {
    cancelTimer();
    cancelTimer = timers.after(ms, () => {
      if (options.isWatched()) void refresh();
      else plan(ms);
    });
  };

  const paceOf = (value: T): number | null =>
    typeof options.everyMs === 'function' ? options.everyMs(value) : options.everyMs;
  const pauseAfter = (outcome: ApiOutcome<T>): number | null => {
    if (outcome.ok) return paceOf(outcome.value);
    if (outcome.failure.kind === 'signed_out') return null;
    const wanted = outcome.failure.kind === 'too_many' ? outcome.failure.retryAfterMs : 0;
    const pause = Math.max(wanted, backoffMs(failures, timers.chance()));
    if (passesByItself(outcome.failure)) return pause;
    const known = state.value;
    const usual = 'value' in known ? paceOf(known.value) : options.everyMs;
    return typeof usual === 'number' ? Math.max(pause, usual) : usual === null ? null : pause;
  };
  const refresh = async (): Promise<void> => {
    asking.abort();
    cancelTimer();
    const own = new AbortController();
    asking = own;
    const outcome = await options.load(own.signal);
    if (stopped || own.signal.aborted) return;
    failures = outcome.ok ? 0 : failures + 1;
    const pause = pauseAfter(outcome);
    const now = timers.now();
    state.value = afterAnswer(state.value, outcome, { now, retryAt: now + (pause ?? 0) });
    if (pause !== null) plan(pause);
  };

  return {
    state,
    refresh,
    put: (value) => {
      if (stopped) return;
      asking.abort();
      failures = 0;
      state.value = { kind: 'ready', value, loadedAt: timers.now() };
      const pause = paceOf(value);
      if (pause !== null) plan(pause);
    },
    stop: () => {
      stopped = true;
      asking.abort();
      cancelTimer();
    },
  };
};
