// Risk: a text that waited too long looks fresh, or an expired batch looks as if there were time.
import { describe, expect, test } from '@jest/globals';
import { agoWords, countdownWords, draftAge, lengthWords } from './age-words.ts';

const now = Date.parse('2026-01-05T12:00:00.000Z');
const before = (ms: number): string => new Date(now - ms).toISOString();
const minute = 60_000;
const hour = 60 * minute;

test.each([
  [0, 'just now'],
  [59_999, 'just now'],
  [-hour, 'just now'],
  [minute, '1 minute ago'],
  [59 * minute, '59 minutes ago'],
  [hour, '1 hour ago'],
  [47 * hour, '47 hours ago'],
  [48 * hour, '2 days ago'],
])('%d ms old reads %s', (ms, words) => {
  expect(agoWords(before(ms), now)).toBe(words);
});

test('no length is less than nothing', () => {
  expect(lengthWords(-5)).toBe('less than a minute');
});

describe('a draft', () => {
  test.each([
    [72 * hour - 1, false],
    [72 * hour, true],
    [2_000 * hour, true],
  ])('%d ms old is stale: %s', (ms, stale) => {
    expect(draftAge(before(ms), now, 72).stale).toBe(stale);
  });
  test('is not called stale while nobody has said from when on', () => {
    expect(draftAge(before(2_000 * hour), now, null)).toEqual({ words: '83 days ago', stale: false });
  });
});

test.each([
  [25 * hour + 7 * minute, '25 h 07 min'],
  [12 * minute + 5_000, '12 min 05 s'],
  [1, '0 min 00 s'],
  [0, null],
  [-1, null],
])('%d ms left reads %s', (ms, words) => {
  expect(countdownWords(new Date(now + ms).toISOString(), now)).toBe(words);
});
