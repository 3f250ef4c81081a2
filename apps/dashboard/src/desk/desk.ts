import type { QueueStatus } from '@caio/contracts';
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { createApiClient } from '../api/api-client.ts';
import { createDeskApi, type DeskApi } from '../api/desk-api.ts';
import { createLiveQuery, type LiveQuery, type Timers } from './live-query.ts';
import { parseReviewLog, type Reviewed, withReviewed } from './review-log.ts';
import type { SessionState } from './session.ts';
import { createThemeSwitch, recall, remember, type ThemeSwitch } from './theme.ts';
import { createToasts, type Toasts } from './toasts.ts';

// The gateway gives a service 30 seconds.
const timeoutMs = { GET: 12_000, POST: 35_000 };
const statusEveryMs = 5_000;
const tickMs = 1_000;
const logKey = 'desk-reviewed';

/** Everything the screens share. One per page. */
export interface Desk {
  readonly api: DeskApi;
  readonly timers: Timers;
  /** Milliseconds on the server's clock, moving every second. */
  readonly clock: ReadonlySignal<number>;
  readonly session: Signal<SessionState>;
  readonly status: LiveQuery<QueueStatus>;
  readonly toasts: Toasts;
  readonly themes: ThemeSwitch;
  readonly reviewed: ReadonlySignal<readonly Reviewed[]>;
  readonly noteReviewed: (entry: Omit<Reviewed, 'at'>) => void;
  readonly stopAsked: Signal<boolean>;
  /** Asks again who is signed in; true if the token against forged requests is another one now. */
  readonly askSession: () => Promise<boolean>;
  /** What a person has begun to write, kept in this tab until it is sent or given up. */
  readonly notes: {
    readonly read: (name: string) => string | null;
    readonly keep: (name: string, text: string | null) => void;
  };
  readonly isWatched: () => boolean;
}

/** Builds the desk on a browser window and starts asking. */
export const createDesk = (page: Window & typeof globalThis): Desk => {
  const clock = signal(Date.now());
  let serverAheadMs = 0;
  const timers: Timers = {
    now: () => Date.now() + serverAheadMs,
    chance: () => Math.random(),
    after: (ms, then) => {
      const timer = page.setTimeout(then, ms);
      return () => page.clearTimeout(timer);
    },
  };
  const session = signal<SessionState>({ kind: 'asking' });
  const csrfToken = (): string | null =>
    session.value.kind === 'signed_in' ? session.value.session.csrfToken : null;
  const askSession = async (): Promise<boolean> => {
    const before = csrfToken();
    const outcome = await api.session();
    if (outcome.ok) session.value = { kind: 'signed_in', session: outcome.value };
    else if (outcome.failure.kind !== 'signed_out' && session.value.kind !== 'signed_in')
      session.value = { kind: 'unreachable', failure: outcome.failure };
    return outcome.ok && csrfToken() !== before;
  };
  const api = createDeskApi(
    createApiClient({
      fetch: (...request) => page.fetch(...request),
      newCorrelationId: () => `desk-${page.crypto.getRandomValues(new Uint32Array(3)).join('-')}`,
      csrfToken,
      renewCsrfToken: askSession,
      onSignedOut: () => {
        session.value = { kind: 'signed_out' };
      },
      onServerDate: (date) => {
        const ahead = Date.parse(date) - Date.now();
        // The header counts whole seconds, so a smaller difference says nothing.
        if (Number.isFinite(ahead)) serverAheadMs = Math.abs(ahead) > 2_000 ? ahead : 0;
      },
      timeoutMs,
    }),
  );
  const isWatched = (): boolean => page.document.visibilityState === 'visible';
  const tabStorage = (): Storage => page.sessionStorage;
  const reviewed = signal(parseReviewLog(recall(tabStorage, logKey)));
  page.setInterval(() => {
    if (isWatched()) clock.value = timers.now();
  }, tickMs);
  return {
    api,
    timers,
    clock,
    session,
    status: createLiveQuery({ load: api.status, everyMs: statusEveryMs, timers, isWatched }),
    toasts: createToasts(timers),
    themes: createThemeSwitch(page.document.documentElement, () => page.localStorage),
    reviewed,
    noteReviewed: (entry) => {
      reviewed.value = withReviewed(reviewed.value, { ...entry, at: timers.now() });
      remember(tabStorage, logKey, JSON.stringify(reviewed.value));
    },
    stopAsked: signal(false),
    askSession,
    notes: {
      read: (name) => recall(tabStorage, name),
      keep: (name, text) => remember(tabStorage, name, text),
    },
    isWatched,
  };
};

export const DeskContext = createContext<Desk | null>(null);

/** The desk of the page a component is on. Throws where there is none, which is a bug. */
export const useDesk = (): Desk => {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('This component is not on a desk.');
  return desk;
};
