import type { Policy } from '@caio/contracts';
import { createZoneCalendar, type ZoneCalendar, type ZoneDay } from './zone-calendar.ts';

/**
 * What the calendar says at one instant in the policy's zone. The names of day, hour and month key the
 * counters; `validUntilMs` is when the first of them or the window's state changes, so that a caller that
 * was slow can be refused. The `next…` instants are when to ask again: the first moment of an open window at
 * which the window, hour, day or month is another one. All instants are Unix milliseconds.
 */
export interface SendingClock {
  readonly dayKey: string;
  readonly hourKey: string;
  readonly monthKey: string;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly windowOpen: boolean;
  readonly nextOpenMs: number;
  readonly nextHourMs: number;
  readonly nextDayMs: number;
  readonly nextMonthMs: number;
}

type ClockPolicy = Pick<Policy, 'timezone' | 'window'>;

const minutesOf = (text: string): number => {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
};

interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * The stretch of a day in which is sent, or null on a day that is none. It opens and closes once: where the clocks
 * are turned it reaches from the first moment that shows `from` to the first that shows `to`; skipped altogether,
 * it does not open.
 */
const windowOn = (day: ZoneDay, window: Policy['window']): Stretch | null => {
  if (!window.days.includes(day.weekday)) return null;
  const fromMs = day.atMinutes(minutesOf(window.from));
  const toMs = day.atMinutes(minutesOf(window.to));
  return fromMs < toMs ? { fromMs, toMs } : null;
};

/** A window of one weekday that the clocks skip comes a week later. */
const daysAheadMax = 15;

/** The first moment from `atMs` on at which the window is open. */
const firstOpenFrom = (zone: ZoneCalendar, window: Policy['window'], atMs: number): number => {
  let day = zone.dayAt(atMs);
  for (let ahead = 0; ahead < daysAheadMax; ahead += 1) {
    const stretch = windowOn(day, window);
    if (stretch !== null && atMs < stretch.toMs) return Math.max(stretch.fromMs, atMs);
    day = zone.dayAt(day.endMs);
  }
  return day.startMs;
};

/**
 * A clock that keeps the facts of the moment, which are true for as long as they say; nothing else is remembered.
 * Throws RangeError when the policy names a time zone this runtime does not know.
 */
export const createSendingClock = ({ timezone, window }: ClockPolicy): ((nowMs: number) => SendingClock) => {
  const zone = createZoneCalendar(timezone);

  const readAt = (nowMs: number): SendingClock => {
    const day = zone.dayAt(nowMs);
    const hour = zone.hourAt(nowMs);
    const month = zone.monthAt(nowMs);
    const today = windowOn(day, window);
    const edges = [day.startMs, hour.startMs, day.endMs, hour.endMs];
    if (today !== null) edges.push(today.fromMs, today.toMs);
    return {
      dayKey: day.key,
      hourKey: hour.key,
      monthKey: month.key,
      validFromMs: Math.max(...edges.filter((edge) => edge <= nowMs)),
      validUntilMs: Math.min(...edges.filter((edge) => edge > nowMs)),
      windowOpen: today !== null && nowMs >= today.fromMs && nowMs < today.toMs,
      nextOpenMs: firstOpenFrom(zone, window, nowMs),
      nextHourMs: firstOpenFrom(zone, window, hour.endMs),
      nextDayMs: firstOpenFrom(zone, window, day.endMs),
      nextMonthMs: firstOpenFrom(zone, window, month.endMs),
    };
  };

  let facts: SendingClock | null = null;
  return (nowMs) => {
    if (facts === null || nowMs < facts.validFromMs || nowMs >= facts.validUntilMs) facts = readAt(nowMs);
    return facts.windowOpen ? { ...facts, nextOpenMs: nowMs } : facts;
  };
};

/** Calendar facts at `nowMs`. Throws RangeError when the policy names a time zone this runtime does not know. */
export const readSendingClock = (policy: ClockPolicy, nowMs: number): SendingClock =>
  createSendingClock(policy)(nowMs);
