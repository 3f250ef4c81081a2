import type { QueueStatus, SessionAnswer } from '@caio/contracts';
import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { createApiClient, type RenewedSession } from '../api/api-client.ts';
import { createDeskApi, type DeskApi } from '../api/desk-api.ts';
import { createLiveQuery, type LiveQuery, type Timers } from './live-query.ts';
import { type LostField, watchLostField } from './lost-field.ts';
import { parseReviewLog, type Reviewed, withReviewed } from './review-log.ts';
import type { SessionState } from './session.ts';
import { createTabStorage } from './tab-storage.ts';
import { createThemeSwitch, type ThemeSwitch } from './theme.ts';
import { createToasts, type Toasts } from './toasts.ts';

// The gateway gives a service 30 seconds.
const timeoutMs = { GET: 12_000, POST: 35_000 };
const statusEveryMs = 5_000;
const tickMs = 1_000;
const logName = 'reviewed';
/** A question this soon after somebody touched the page counts as theirs. */
const attendedMs = 5_000;

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
  /** Asks again who is signed in. */
  readonly askSession: () => Promise<RenewedSession>;
  /** Whose desk this tab showed until somebody else signed in, while nobody has said that they have seen that. */
  readonly takenOverFrom: Signal<string | null>;
  /** Forgets what this tab keeps of anybody, for who signs out. */
  readonly forgetTab: () => void;
  /** What a person has begun to write, kept in this tab, for them alone, until it is sent or given up. */
  readonly notes: {
    readonly read: (name: string) => string | null;
    readonly keep: (name: string, text: string | null) => void;
  };
  readonly lostField: LostField;
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
  const tab = createTabStorage(() => page.sessionStorage);
  const toasts = createToasts(timers);
  const reviewed = signal<readonly Reviewed[]>([]);
  const stopAsked = signal(false);
  const takenOverFrom = signal<string | null>(null);
  let person: string | null = null;
  const otherTabs = new page.BroadcastChannel('desk-session');
  /** What is on the screen, and in this tab, is of the person who is signed in and of nobody before them. */
  const takeSession = (next: SessionAnswer): RenewedSession => {
    const before = csrfToken();
    const { name } = next.principal;
    const shown = person;
    person = name;
    if (shown !== name) {
      tab.clearExcept(name);
      reviewed.value = parseReviewLog(tab.read(name, logName));
      toasts.clear();
      stopAsked.value = false;
      takenOverFrom.value = shown;
    }
    session.value = { kind: 'signed_in', session: next };
    if (shown === null) otherTabs.postMessage('signed in');
    if (shown !== null && shown !== name) return 'other_person';
    return next.csrfToken === before ? 'same' : 'renewed';
  };
  const askSession = async (): Promise<RenewedSession> => {
    const outcome = await api.session();
    if (outcome.ok) return takeSession(outcome.value);
    if (outcome.failure.kind !== 'signed_out' && session.value.kind !== 'signed_in')
      session.value = { kind: 'unreachable', failure: outcome.failure };
    return 'same';
  };
  otherTabs.addEventListener('message', () => {
    if (session.value.kind === 'signed_in') void askSession();
  });
  let touchedAt = Date.now();
  for (const act of ['pointerdown', 'keydown', 'wheel', 'touchmove'])
    page.addEventListener(act, () => (touchedAt = Date.now()), { capture: true, passive: true });
  const api = createDeskApi(
    createApiClient({
      fetch: (...request) => page.fetch(...request),
      newCorrelationId: () => `desk-${page.crypto.getRandomValues(new Uint32Array(3)).join('-')}`,
      csrfToken,
      renewSession: askSession,
      isAttended: () => Date.now() - touchedAt < attendedMs,
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
  page.setInterval(() => {
    if (isWatched()) clock.value = timers.now();
  }, tickMs);
  return {
    api,
    timers,
    clock,
    session,
    status: createLiveQuery({ load: api.status, everyMs: statusEveryMs, timers, isWatched }),
    toasts,
    themes: createThemeSwitch(page.document.documentElement, () => page.localStorage),
    reviewed,
    noteReviewed: (entry) => {
      reviewed.value = withReviewed(reviewed.value, { ...entry, at: timers.now() });
      if (person !== null) tab.keep(person, logName, JSON.stringify(reviewed.value));
    },
    stopAsked,
    askSession,
    takenOverFrom,
    forgetTab: () => tab.clearExcept(null),
    notes: {
      read: (name) => (person === null ? null : tab.read(person, name)),
      keep: (name, text) => {
        if (person !== null) tab.keep(person, name, text);
      },
    },
    lostField: watchLostField(page),
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
