import type { Range, SizeBand } from '@caio/contracts';

/** A range whose ends contradict each other says nothing. */
const knownOf = (range: Range | null): Range | null => {
  if (range === null || (range.min === null && range.max === null)) return null;
  return range.min !== null && range.max !== null && range.min > range.max ? null : range;
};

/** True only when every value the range allows lies below `min`: "5–20" is not certainly below 10. */
export const isCertainlyBelow = (range: Range | null, min: number | null): boolean => {
  const max = knownOf(range)?.max ?? null;
  return min !== null && max !== null && max < min;
};

/** True only when every value the range allows lies above `max`. */
export const isCertainlyAbove = (range: Range | null, max: number | null): boolean => {
  const min = knownOf(range)?.min ?? null;
  return max !== null && min !== null && min > max;
};

export const isCertainlyOutside = (range: Range | null, bounds: Range | undefined): boolean =>
  bounds !== undefined && (isCertainlyBelow(range, bounds.min) || isCertainlyAbove(range, bounds.max));

/** `unknown`: no usable range. `no_band`: known, but no band overlaps it. */
export type BandOutcome = { band: SizeBand } | { band: null; why: 'unknown' | 'no_band' };

/** The band with the fewest points among those a range overlaps: what is certain, not what is hoped for. */
export const bandOf = (range: Range | null, bands: readonly SizeBand[]): BandOutcome => {
  const known = knownOf(range);
  if (known === null) return { band: null, why: 'unknown' };
  const overlapped = bands.filter((band) => !isCertainlyOutside(known, { min: band.min, max: band.max }));
  const [first, ...rest] = overlapped;
  if (first === undefined) return { band: null, why: 'no_band' };
  return { band: rest.reduce((least, band) => (band.points < least.points ? band : least), first) };
};
