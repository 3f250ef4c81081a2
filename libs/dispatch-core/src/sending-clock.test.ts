// Risk: a day, an hour or a window rolls twice, never, or in the wrong zone, and caps stop meaning anything.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readSendingClock } from './sending-clock.ts';

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
        const later = readSendingClock(policy, nowMs + Math.floor((clock.validUntilMs - 1 - nowMs) * part));
        expect([later.dayKey, later.hourKey, later.windowOpen]).toEqual([
          clock.dayKey,
          clock.hourKey,
          clock.windowOpen,
        ]);
        expect(readSendingClock(policy, clock.nextDayMs).dayKey).not.toBe(clock.dayKey);
        expect(readSendingClock(policy, clock.nextDayMs - 1).dayKey).toBe(clock.dayKey);
        expect(readSendingClock(policy, clock.nextMonthMs - 1).monthKey).toBe(clock.monthKey);
        expect(readSendingClock(policy, clock.nextOpenMs).windowOpen).toBe(true);
      },
    ),
    { numRuns: 500 },
  );
});

test('an unknown zone is refused instead of read as another one', () => {
  expect(() => readSendingClock({ ...policy, timezone: 'Mars/Olympus' }, 0)).toThrow(/Mars\/Olympus/);
});
