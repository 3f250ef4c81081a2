import { IANAZone } from 'luxon';

const minuteMs = 60_000;
const dayMs = 86_400_000;
const daysKept = 64;

/** One calendar day of a zone, as the instants it lasts from and to (exclusive). All instants are Unix milliseconds. */
export interface ZoneDay {
  /** `2026-03-08` */
  readonly key: string;
  /** 1 Monday … 7 Sunday */
  readonly weekday: number;
  readonly startMs: number;
  readonly endMs: number;
  /** The first instant of the day at which a clock on the wall shows these minutes after midnight, or more. */
  readonly atMinutes: (minutes: number) => number;
}

/** What one zone's clocks show. A day that loses or repeats an hour has one beginning and one end all the same. */
export interface ZoneCalendar {
  readonly dayAt: (nowMs: number) => ZoneDay;
  /** The hour a wall clock shows; one that is repeated is another hour, with a name that sorts behind the first. */
  readonly hourAt: (nowMs: number) => {
    readonly key: string;
    readonly startMs: number;
    readonly endMs: number;
  };
  readonly monthAt: (nowMs: number) => { readonly key: string; readonly endMs: number };
}

/** The first instant in (`low`, `high`] for which `holds`, which is false at `low`, true at `high` and turns once. */
const firstInstant = (low: number, high: number, holds: (at: number) => boolean): number => {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (holds(middle)) after = middle;
    else before = middle;
  }
  return after;
};

const textOf = (wallMs: number, length: number): string => new Date(wallMs).toISOString().slice(0, length);

/** Throws RangeError for a zone this runtime does not know. */
export const createZoneCalendar = (timezone: string): ZoneCalendar => {
  const zone = IANAZone.create(timezone);
  if (!zone.isValid) throw new RangeError(`the policy's time zone "${timezone}" is not known here`);
  const offsetAt = (at: number): number => zone.offset(at) * minuteMs;
  /** What a wall clock shows, written as if it were UTC. */
  const wallAt = (at: number): number => at + offsetAt(at);

  /** When the date that begins at `midnight` (a wall clock's) begins; at 01:00 where midnight is skipped. */
  const beginningOf = (midnight: number): number => {
    const guess = midnight - offsetAt(midnight - offsetAt(midnight));
    if (wallAt(guess) === midnight && wallAt(guess - 1) === midnight - 1) return guess;
    return firstInstant(midnight - dayMs, midnight + dayMs, (at) => wallAt(at) >= midnight);
  };

  /** Days asked for before: asking a zone for its offset is slow, and every admission asks. */
  const days = new Map<number, ZoneDay>();
  const dayOf = (midnight: number): ZoneDay => {
    const known = days.get(midnight);
    if (known !== undefined) return known;
    if (days.size === daysKept) days.clear();
    const day = measuredDay(midnight);
    days.set(midnight, day);
    return day;
  };

  const measuredDay = (midnight: number): ZoneDay => {
    const startMs = beginningOf(midnight);
    const endMs = beginningOf(midnight + dayMs);
    const [before, after] = [offsetAt(startMs), offsetAt(endMs - 1)];
    const turnMs =
      before === after ? endMs : firstInstant(startMs, endMs - 1, (at) => offsetAt(at) !== before);
    return {
      key: textOf(midnight, 10),
      weekday: ((new Date(midnight).getUTCDay() + 6) % 7) + 1,
      startMs,
      endMs,
      atMinutes: (minutes) => {
        const wall = midnight + minutes * minuteMs;
        const early = Math.max(startMs, wall - before);
        return Math.min(endMs, early < turnMs ? early : Math.max(turnMs, wall - after));
      },
    };
  };

  return {
    dayAt: (nowMs) => {
      const wall = wallAt(nowMs);
      return dayOf(wall - (((wall % dayMs) + dayMs) % dayMs));
    },
    hourAt: (nowMs) => {
      const offset = offsetAt(nowMs);
      const wall = nowMs + offset;
      const into = ((wall % (60 * minuteMs)) + 60 * minuteMs) % (60 * minuteMs);
      const [start, end] = [nowMs - into, nowMs - into + 60 * minuteMs];
      const isSame = (at: number): boolean => offsetAt(at) === offset;
      return {
        // In UTC, because the wall clock's names repeat and do not sort.
        key: `${textOf(start, 16)}Z`,
        startMs: isSame(start) ? start : firstInstant(start, nowMs, isSame),
        endMs: isSame(end - 1) ? end : firstInstant(nowMs, end - 1, (at) => !isSame(at)),
      };
    },
    monthAt: (nowMs) => {
      const wall = new Date(wallAt(nowMs));
      const next = Date.UTC(wall.getUTCFullYear(), wall.getUTCMonth() + 1, 1);
      return { key: textOf(wall.getTime(), 7), endMs: dayOf(next).startMs };
    },
  };
};
