// Risk: a schedule approved for one zone that the vendor keeps by another clock.
import { describe, expect, test } from '@jest/globals';
import { vendorTimezoneOf, zoneAliases } from './timezones.ts';

const hoursIn = (zone: string): string => {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'short',
  });
  const instants = Array.from(
    { length: 2 * 366 * 4 },
    (_, index) => Date.UTC(2026, 0, 1) + index * 6 * 3_600_000,
  );
  return instants.map((instant) => format.format(instant)).join();
};

describe('vendor zones', () => {
  test.each(zoneAliases)('%s and %s show the same wall clock for two years', (zone, stand) => {
    expect(vendorTimezoneOf(stand)).toBe(stand);
    expect(hoursIn(stand)).toBe(hoursIn(zone));
  });

  test('an accepted zone is handed over as it is', () => {
    expect(vendorTimezoneOf('America/Chicago')).toBe('America/Chicago');
  });

  test('a zone nobody stands in for is refused rather than guessed', () => {
    expect(vendorTimezoneOf('America/Los_Angeles')).toBeNull();
    expect(vendorTimezoneOf('constructor')).toBeNull();
  });
});
