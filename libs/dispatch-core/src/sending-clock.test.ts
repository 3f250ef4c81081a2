// Risk: a day, an hour or a window rolls twice, never, or in the wrong zone, and caps stop meaning anything.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSendingClock, readSendingClock } from './sending-clock.ts';

const at = (iso: string): number => Date.parse(iso);
const policy = {
  timezone: 'America/Detroit',
  window: { days: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' },
};

test.each([
  ['before opening', '2026-01-05T12:59:59.000Z', false, '2026-01-05', '2026-01-05T13:00:00.000Z'],
  ['at opening', '2026-01-05T13:00:00.000Z', true, '2026-01-05', '2026-01-05T13:00:00.000Z'],
  ['last moment', '2026-01-05T22:59:59.999Z', true, '2026-01-05', '2026-01-05T22:59:59.999Z'],
  ['at closing', '2026-01-05T23:00:00.000Z', false, '2026-01-05', '2026-01-06T13:00:00.000Z'],
  [
    'late evening is still the same day',
    '2026-01-06T04:59:59.000Z',
    false,
    '2026-01-05',
    '2026-01-06T13:00:00.000Z',
  ],
  [
    'Friday evening waits for Monday',
    '2026-01-10T00:00:00.000Z',
    false,
    '2026-01-09',
    '2026-01-12T13:00:00.000Z',
  ],
  ['after the spring change', '2026-03-09T12:00:00.000Z', true, '2026-03-09', '2026-03-09T12:00:00.000Z'],
])('%s', (_name, instant, open, day, next) => {
  const clock = readSendingClock(policy, at(instant));
  expect({
    open: clock.windowOpen,
    day: clock.dayKey,
    next: new Date(clock.nextOpenMs).toISOString(),
  }).toEqual({ open, day, next });
});

test('the two one o’clock hours of the autumn change are two hours', () => {
  const first = readSendingClock(policy, at('2026-11-01T05:30:00.000Z'));
  const second = readSendingClock(policy, at('2026-11-01T06:30:00.000Z'));
  expect(first.dayKey).toBe(second.dayKey);
  expect(first.hourKey).not.toBe(second.hourKey);
});

test('facts stay true until validUntil and change keys at the edges they name', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: at('2026-01-01T00:00:00.000Z'), max: at('2027-01-01T00:00:00.000Z') }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (nowMs, part) => {
        const clock = readSendingClock(policy, nowMs);
        expect(clock.validFromMs).toBeLessThanOrEqual(nowMs);
        expect(clock.validUntilMs).toBeGreaterThan(nowMs);
        const at = clock.validFromMs + Math.floor((clock.validUntilMs - 1 - clock.validFromMs) * part);
        const later = readSendingClock(policy, at);
        expect([later.dayKey, later.hourKey, later.windowOpen]).toEqual([
          clock.dayKey,
          clock.hourKey,
          clock.windowOpen,
        ]);
        expect(readSendingClock(policy, clock.nextDayMs).dayKey).not.toBe(clock.dayKey);
        expect(readSendingClock(policy, clock.nextMonthMs).monthKey).not.toBe(clock.monthKey);
        expect(readSendingClock(policy, clock.nextOpenMs).windowOpen).toBe(true);
      },
    ),
    { numRuns: 80 },
  );
});

/** Days on which clocks are turned, with the zone's day before and after; and one in a zone with half an hour. */
const turns = [
  ['America/New_York', '2026-03-08'],
  ['America/New_York', '2026-11-01'],
  ['Europe/Berlin', '2026-03-29'],
  ['Europe/Berlin', '2026-10-25'],
  // Midnight is skipped; 23:00 comes twice.
  ['America/Santiago', '2026-09-06'],
  ['America/Santiago', '2026-04-04'],
  ['Africa/Cairo', '2026-04-24'],
  ['Africa/Cairo', '2026-10-29'],
  // Midnight comes twice.
  ['America/Havana', '2026-11-01'],
  ['Asia/Kolkata', '2026-06-10'],
  // The clocks are turned by half an hour.
  ['Australia/Lord_Howe', '2026-04-04'],
  ['Australia/Lord_Howe', '2026-10-03'],
] as const;
const windows = [
  { days: [1, 2, 3, 4, 5, 6, 7], from: '00:00', to: '24:00' },
  { days: [1, 2, 3, 4, 5, 6, 7], from: '00:30', to: '02:30' },
  { days: [1, 2, 3, 4, 5, 6, 7], from: '01:15', to: '01:45' },
  { days: [1, 3, 7], from: '02:15', to: '23:30' },
];
const minute = 60_000;
const step = 15 * minute;

/** What the platform itself says a wall clock shows; the code under test asks a library. */
const wallClock = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  return (nowMs: number) => {
    const parts = new Map(format.formatToParts(nowMs).map(({ type, value }) => [type, value]));
    const [year, month, day] = [parts.get('year'), parts.get('month'), parts.get('day')];
    const minutes = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    return { date: `${year}-${month}-${day}`, minutes };
  };
};

/** Where the values that `read` gives change, as runs of one value. */
const runsOf = <T>(instants: readonly number[], read: (at: number) => T) => {
  const runs: { value: T; fromMs: number }[] = [];
  for (const at of instants) {
    const value = read(at);
    if (runs.at(-1)?.value !== value) runs.push({ value, fromMs: at });
  }
  return runs;
};

describe.each(turns)('in %s around %s', (timezone, date) => {
  const noon = at(`${date}T12:00:00.000Z`);
  const instants = Array.from(
    { length: (36 * 60 * minute) / step },
    (_, n) => noon - 18 * 60 * minute + n * step,
  );
  const wall = wallClock(timezone);

  test('each instant has one day, one hour and one month, each in one piece, in order, and as long as it says', () => {
    const clockOf = createSendingClock({ timezone, window: windows[0] ?? policy.window });
    for (const key of ['dayKey', 'hourKey', 'monthKey'] as const) {
      const values = runsOf(instants, (now) => clockOf(now)[key]).map(({ value }) => value);
      expect(new Set(values).size).toBe(values.length);
      expect(values).toEqual([...values].sort());
    }
    for (const now of instants) expect(clockOf(now).dayKey).toBe(wall(now).date);
    const hours = runsOf(instants, (now) => clockOf(now).hourKey);
    hours.slice(1).forEach(({ fromMs }, index) => {
      const lasted = fromMs - (hours[index]?.fromMs ?? 0);
      expect(lasted).toBeLessThanOrEqual(60 * minute);
      // An hour begins where the wall clock shows a full one, or where it was turned.
      const [before, here] = [wall(fromMs - minute), wall(fromMs)];
      expect(here.minutes % 60 === 0 || here.minutes !== before.minutes + 1).toBe(true);
    });
    const days = runsOf(instants, (now) => clockOf(now).dayKey);
    days.slice(1).forEach(({ fromMs }, index) => {
      // The window is open all day, so the day after begins where a deferral by the day ends.
      expect(clockOf(days[index]?.fromMs ?? 0).nextDayMs).toBe(fromMs);
    });
  });

  test.each(windows)(
    'the window $from–$to opens and closes once a day, and deferrals end at its first moment',
    (window) => {
      const clockOf = createSendingClock({ timezone, window });
      const open = (now: number): boolean => clockOf(now).windowOpen;
      const runs = runsOf(instants, open);
      const openings = runs.filter(({ value }) => value).map(({ fromMs }) => clockOf(fromMs).dayKey);
      if (window.to !== '24:00') expect(new Set(openings).size).toBe(openings.length);
      const [from = 0, to = 0] = [window.from, window.to].map((text) => {
        const [hours = 0, minutes = 0] = text.split(':').map(Number);
        return hours * 60 + minutes;
      });
      const turned = new Set(
        instants
          .filter((now) => wall(now + step).minutes !== (wall(now).minutes + 15) % 1440)
          .map((now) => wall(now).date),
      );
      for (const now of instants) {
        const clock = clockOf(now);
        const { date: today, minutes } = wall(now);
        const weekday = ((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
        if (!turned.has(today))
          expect(clock.windowOpen).toBe(window.days.includes(weekday) && minutes >= from && minutes < to);
        for (const [due, changed] of [
          [clock.nextOpenMs, () => true],
          [clock.nextHourMs, (then: number) => clockOf(then).hourKey !== clock.hourKey],
          [clock.nextDayMs, (then: number) => clockOf(then).dayKey !== clock.dayKey],
        ] as const) {
          expect(open(due) && changed(due) && due >= now).toBe(true);
          // Nothing earlier would have done: right before it, either the window is closed or it is the same period.
          if (due > now) expect(open(due - 1) && changed(due - 1)).toBe(false);
        }
      }
    },
  );
});

test('a deferral by the month ends in the first open moment of the next one', () => {
  const clock = readSendingClock(policy, at('2026-10-30T21:00:00.000Z'));
  expect(new Date(clock.nextMonthMs).toISOString()).toBe('2026-11-02T13:00:00.000Z');
});

test('a clock that is kept answers as one that is made anew, in whatever order it is asked', () => {
  const kept = createSendingClock(policy);
  fc.assert(
    fc.property(
      fc.integer({ min: at('2026-10-30T00:00:00.000Z'), max: at('2026-11-03T00:00:00.000Z') }),
      (now) => {
        expect(kept(now)).toEqual(readSendingClock(policy, now));
      },
    ),
    { numRuns: 120 },
  );
});

test('an unknown zone is refused instead of read as another one', () => {
  expect(() => readSendingClock({ ...policy, timezone: 'Mars/Olympus' }, 0)).toThrow(/Mars\/Olympus/);
});
