import type { Policy } from '@caio/contracts';
import { DateTime } from 'luxon';

/**
 * What the calendar says at one instant in the policy's zone. The names of day, hour and month key the
 * counters; `validUntilMs` is when the first of them or the window's state changes, so that a caller that
 * was slow can be refused. All instants are Unix milliseconds.
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

const minutesOf = (text: string): number => {
  const [hours = '0', minutes = '0'] = text.split(':');
  return Number(hours) * 60 + Number(minutes);
};

const atMinutes = (day: DateTime, minutes: number): DateTime =>
  minutes >= 24 * 60
    ? day.plus({ days: 1 }).startOf('day')
    : day.set({ hour: Math.floor(minutes / 60), minute: minutes % 60, second: 0, millisecond: 0 });

/** The window of one calendar day, or null where the policy does not send on that weekday. */
const windowOn = (day: DateTime, window: Policy['window']): { from: number; to: number } | null =>
  window.days.includes(day.weekday)
    ? {
        from: atMinutes(day, minutesOf(window.from)).toMillis(),
        to: atMinutes(day, minutesOf(window.to)).toMillis(),
      }
    : null;

/** Calendar facts at `nowMs`. Throws when the policy names a time zone this runtime does not know. */
export const readSendingClock = (
  policy: Pick<Policy, 'timezone' | 'window'>,
  nowMs: number,
): SendingClock => {
  const now = DateTime.fromMillis(nowMs, { zone: policy.timezone });
  if (!now.isValid) throw new RangeError(`the policy's time zone "${policy.timezone}" is not known here`);
  const day = now.startOf('day');
  const hour = now.startOf('hour');
  const today = windowOn(day, policy.window);
  const windowOpen = today !== null && nowMs >= today.from && nowMs < today.to;
  const nextHourMs = hour.plus({ hours: 1 }).toMillis();
  const nextDayMs = day.plus({ days: 1 }).startOf('day').toMillis();
  const edges = [nextHourMs, nextDayMs];
  if (today !== null && nowMs < today.from) edges.push(today.from);
  if (windowOpen) edges.push(today.to);
  return {
    dayKey: now.toFormat('yyyy-MM-dd'),
    // The offset keeps the two 01:00 hours of an autumn change apart.
    hourKey: now.toFormat("yyyy-MM-dd'T'HHZZZ"),
    monthKey: now.toFormat('yyyy-MM'),
    validFromMs: Math.max(hour.toMillis(), windowOpen ? today.from : 0),
    validUntilMs: Math.min(...edges),
    windowOpen,
    nextOpenMs: nextOpening(day, policy.window, nowMs),
    nextHourMs,
    nextDayMs,
    nextMonthMs: day.startOf('month').plus({ months: 1 }).toMillis(),
  };
};

const nextOpening = (day: DateTime, window: Policy['window'], nowMs: number): number => {
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const hours = windowOn(day.plus({ days: ahead }).startOf('day'), window);
    if (hours === null || hours.to <= nowMs) continue;
    return Math.max(hours.from, nowMs);
  }
  return nowMs + 7 * 86_400_000;
};
