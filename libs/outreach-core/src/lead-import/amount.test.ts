// Risk: a head count or revenue read wrongly lets an unfit company in or drops a good one.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCount, readMoney } from '../index.ts';

const range = (reading: ReturnType<typeof readCount>): unknown =>
  reading.ok ? reading.range && [reading.range.min, reading.range.max] : reading.reason;

describe('counts', () => {
  test.each<[string, unknown]>([
    ['250', [250, 250]],
    ['1.200', [1200, 1200]],
    ['1.000', [1000, 1000]],
    ['1.200', [1200, 1200]],
    ['1.000', [1000, 1000]],
    ['1.200.000', [1200000, 1200000]],
    ['1.200', [1200, 1200]],
    ['1.000', [1000, 1000]],
    ["1'200", [1200, 1200]],
    ['250.0', [250, 250]],
    ['51-200', [51, 200]],
    ['51 – 200 employees', [51, 200]],
    ['51 to 200', [51, 200]],
    ['1,001-5,000', [1001, 5000]],
    ['1k-5k', [1000, 5000]],
    ['1-5k', [1, 5000]],
    ['1.5k', [1500, 1500]],
    ['10,000+', [10000, null]],
    ['10001+ employees', [10001, null]],
    ['>500', [501, null]],
    ['≥ 500', [500, null]],
    ['<10', [null, 9]],
    ['up to 10', [null, 10]],
    ['~300', [300, 300]],
    ['200 (per LinkedIn)', [200, 200]],
    ['Self-employed', [1, 1]],
    ['', null],
    [' N/A ', null],
    ['-', null],
    ['unknown', null],
    ['Oct-50', 'a spreadsheet turned this range into a date'],
    ['10-Jan', 'a spreadsheet turned this range into a date'],
    ['200-51', 'the range runs backwards'],
    ['0', '0 is not a head count'],
    ['12.5', 'a head count is a whole number'],
    ['-5', 'this is not a number or a range of numbers'],
    ['many', 'this is not a number or a range of numbers'],
    ['1,20,0', 'this is not a number or a range of numbers'],
    ['9'.repeat(17), 'the number is too large'],
    ['=1+1', 'this is not a number or a range of numbers'],
  ])('%j reads as %j', (cell, expected) => {
    expect(range(readCount(cell))).toEqual(expected);
  });

  test('any count written with separators reads as itself', () => {
    const written = fc.constantFrom('en-US', 'de-DE', 'de-CH', 'fr-FR');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000_000 }), written, (count, locale) => {
        expect(range(readCount(count.toLocaleString(locale)))).toEqual([count, count]);
      }),
    );
  });

  test('no text makes it throw or yields bounds out of order', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[0-9kmb.,<>+$€ -]{0,14}$/), (text) => {
        for (const reading of [readCount(text), readMoney(text)]) {
          if (!reading.ok || reading.range === null) continue;
          const { min, max } = reading.range;
          expect(min === null || max === null || min <= max).toBe(true);
          expect(Number.isNaN(min ?? 0) || Number.isNaN(max ?? 0)).toBe(false);
        }
      }),
    );
  });
});

describe('money', () => {
  test.each<[string, unknown]>([
    ['$12M', [12e6, 12e6]],
    ['12000000', [12e6, 12e6]],
    ['$1,234,567.89', [1234567, 1234568]],
    ['US$ 2.5 million', [2.5e6, 2.5e6]],
    ['$10M - $50M', [10e6, 50e6]],
    ['$5-10M', [5e6, 10e6]],
    ['1.5b', [1.5e9, 1.5e9]],
    ['$1.2MM', [1.2e6, 1.2e6]],
    ['<$1M', [null, 999999]],
    ['$100M+', [100e6, null]],
    ['€3.5m', [1.75e6, 7e6]],
    ['EUR 2M–4M', [1e6, 8e6]],
    ['1.200M', [1.2e6, 1200e6]],
    ['0.500M', [500000, 500000]],
    ['1,5M', [1.5e6, 1.5e6]],
    ['0', [0, 0]],
    ['N/A', null],
    ['¥500M', 'this is not a number or a range of numbers'],
    ['undisclosed', 'this is not a number or a range of numbers'],
  ])('%j reads as %j', (cell, expected) => {
    expect(range(readMoney(cell))).toEqual(expected);
  });
});
