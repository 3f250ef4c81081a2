/** A clock that moves only when told to, wall time and monotonic time together. */
export interface ManualClock {
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Milliseconds since the clock was made. */
  monotonicMs(): number;
  nowIso(): string;
  advance(milliseconds: number): void;
}

/** Monday noon UTC, so that "a weekday in office hours" is the default and not luck. */
export const defaultInstant = '2026-01-05T12:00:00.000Z';

export function createManualClock(startsAt: string = defaultInstant): ManualClock {
  const startMs = Date.parse(startsAt);
  if (Number.isNaN(startMs)) throw new TypeError(`not an instant: ${startsAt}`);
  let passedMs = 0;
  return {
    nowMs: () => startMs + passedMs,
    monotonicMs: () => passedMs,
    nowIso: () => new Date(startMs + passedMs).toISOString(),
    advance: (milliseconds) => {
      if (milliseconds < 0) throw new RangeError('a clock does not run backwards');
      passedMs += milliseconds;
    },
  };
}
