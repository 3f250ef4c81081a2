import type { LiveState } from './live-query.ts';

/** The last value that came, fresh or stale; null before the first. */
export const knownValue = <T>(state: LiveState<T>): T | null =>
  state.kind === 'ready' || state.kind === 'stale' ? state.value : null;
