import type { Range } from '@caio/contracts';
import { cellText } from './cell-text.ts';

/** `range` null is a blank cell. Bounds are inclusive; head counts and dollars are whole numbers. */
export type AmountReading = { ok: true; range: Range | null } | { ok: false; reason: string };

type Interval = { min: number; max: number };

const scales: Readonly<Record<string, number>> = {
  ...{ k: 1e3, thousand: 1e3 },
  ...{ m: 1e6, mm: 1e6, mn: 1e6, mio: 1e6, mil: 1e6, million: 1e6, millions: 1e6 },
  ...{ b: 1e9, bn: 1e9, billion: 1e9, billions: 1e9 },
};
const amountMax = 1e15;
const numberPattern = /^(\d[\d.,' ]*)(k|thousand|millions?|mm|mn|mio|mil|m|billions?|bn|b)?$/;

const refused = (reason: string): AmountReading => ({ ok: false, reason });

/**
 * The value of digits with separators. One separator before exactly three digits is a thousands separator
 * (nobody employs 1.2 people), unless a scale follows: `1.200M` can be 1.2 or 1,200 million, so both bounds
 * are kept.
 */
const digitsOf = (digits: string, hasScale: boolean): Interval | null => {
  const text = digits.trim();
  const one = (value: number): Interval => ({ min: value, max: value });
  if (/^\d+$/.test(text)) return one(Number(text));
  if (/^0[.,]\d+$/.test(text)) return one(Number(text.replace(',', '.')));
  if (/^\d{1,3}([.,' ])\d{3}$/.test(text)) {
    const thousands = Number(text.replace(/\D/g, ''));
    return hasScale && /[.,]/.test(text) ? { min: thousands / 1000, max: thousands } : one(thousands);
  }
  if (/^\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*$/.test(text)) return one(Number(text.replace(/\D/g, '')));
  if (/^\d{1,3}(?:,\d{3})+\.\d+$/.test(text)) return one(Number(text.replace(/,/g, '')));
  if (/^\d{1,3}(?:[.' ]\d{3})+,\d+$/.test(text))
    return one(Number(text.replace(/[.' ]/g, '').replace(',', '.')));
  return /^\d+[.,]\d+$/.test(text) ? one(Number(text.replace(',', '.'))) : null;
};

const numberOf = (text: string, scaleOfRange: string | undefined): Interval | null => {
  const [, digits = '', ownScale] = numberPattern.exec(text.trim()) ?? [];
  const scale = ownScale ?? scaleOfRange;
  const value = digitsOf(digits, scale !== undefined);
  const factor = scale === undefined ? 1 : (scales[scale] ?? 1);
  return value === null ? null : { min: value.min * factor, max: value.max * factor };
};

const rounded = ({ min, max }: { min: number | null; max: number | null }): Range => ({
  min: min === null ? null : Math.floor(min),
  max: max === null ? null : Math.ceil(max),
});

const atMostOf = (text: string, smallest: number): Range | null => {
  const [, sign, rest = ''] = /^(<=|≤|up to|max|<|under|below|less than|fewer than)\s*(.+)$/.exec(text) ?? [];
  const value = sign === undefined ? null : numberOf(rest, undefined);
  if (value === null) return null;
  const isInclusive = sign === '<=' || sign === '≤' || sign === 'up to' || sign === 'max';
  return rounded({ min: null, max: Math.max(smallest, value.max - (isInclusive ? 0 : 1)) });
};

const atLeastOf = (text: string): Range | null => {
  const [, sign, rest = '', plus] =
    /^(>=|≥|>|over|above|more than|at least)?\s*(.+?)\s*(\+)?$/.exec(text) ?? [];
  const value = sign === undefined && plus === undefined ? null : numberOf(rest, undefined);
  if (value === null) return null;
  const isExclusive = plus === undefined && sign !== '>=' && sign !== '≥' && sign !== 'at least';
  return rounded({ min: value.min + (isExclusive ? 1 : 0), max: null });
};

const spanOf = (text: string, sharesScale: 'shared_scale' | 'own_scale'): AmountReading | null => {
  const parts = text.split(/\s*-\s*|\s+to\s+/);
  const [first = '', second = ''] = parts;
  if (parts.length !== 2) return null;
  const scale = sharesScale === 'shared_scale' ? numberPattern.exec(second.trim())?.[2] : undefined;
  const low = numberOf(first, scale);
  const high = numberOf(second, undefined);
  if (low === null || high === null) return null;
  if (low.min > high.max) return refused('the range runs backwards');
  return { ok: true, range: rounded({ min: low.min, max: high.max }) };
};

const month = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';
const monthPattern = new RegExp(`^(?:\\d{1,4}[-/ ]${month}|${month}[-/ ]\\d{1,4})$`);

const readAmount = (text: string, smallest: number, scaling: 'shared_scale' | 'own_scale'): AmountReading => {
  if (monthPattern.test(text)) return refused('a spreadsheet turned this range into a date');
  const single = numberOf(text, undefined);
  if (single !== null) return { ok: true, range: rounded(single) };
  const open = atMostOf(text, smallest) ?? atLeastOf(text);
  if (open !== null) return { ok: true, range: open };
  return spanOf(text, scaling) ?? refused('this is not a number or a range of numbers');
};

const bounded = (reading: AmountReading): AmountReading => {
  const bounds = reading.ok ? [reading.range?.min, reading.range?.max] : [];
  return bounds.some((bound) => (bound ?? 0) > amountMax) ? refused('the number is too large') : reading;
};

const normalised = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\u2010-\u2015\u2212]/g, '-')
    .replace(/[’`]/g, "'")
    .replace(/\s*\(.*\)$/, '')
    .replace(/^(?:~|ca\.?|circa|about|approx(?:imately|\.)?)\s*/, '')
    .trim();

/**
 * A head count: `250`, `1,200`, `1.200`, `51-200`, `51 – 200 employees`, `1k-5k`, `10,000+`, `<10`,
 * `self-employed`. A count of 0 says nothing about a firm and is unreadable rather than small.
 */
export const readCount = (cell: string | undefined): AmountReading => {
  const typed = cellText(cell, 'other');
  if (typed === null) return { ok: true, range: null };
  const text = normalised(typed)
    .replace(/\s*(?:employees?|people|staff|fte|ftes)$/, '')
    .replace(/^(\d+)\.0{1,2}$/, '$1');
  if (/^self[- ]employed$/.test(text)) return { ok: true, range: { min: 1, max: 1 } };
  const reading = readAmount(text, 1, 'own_scale');
  if (reading.ok && reading.range?.max === 0) return refused('0 is not a head count');
  if (/^\d+[.,]\d{1,2}$/.test(text)) return refused('a head count is a whole number');
  return bounded(reading);
};

/** Rates move and none is at hand, so an amount in these currencies is kept as half to double. */
const currenciesNearDollar = /€|£|\b(?:eur|euros?|gbp|chf|cad|aud|ca\$|au\$)\b|\bc\$|\ba\$/g;

const widened = ({ min, max }: Range): Range =>
  rounded({ min: min === null ? null : min / 2, max: max === null ? null : max * 2 });

/**
 * An amount of US dollars: `$12M`, `1,200,000`, `$10M - $50M`, `$5-10M` (the scale counts for both), `<$1M`,
 * `€3.5m` (kept as half to double). Other currencies are unreadable.
 */
export const readMoney = (cell: string | undefined): AmountReading => {
  const typed = cellText(cell, 'other');
  if (typed === null) return { ok: true, range: null };
  const text = normalised(typed);
  const isForeign = text.search(currenciesNearDollar) >= 0;
  const bare = text
    .replace(currenciesNearDollar, ' ')
    .replace(/us\$|\$|\busd\b|\bdollars?\b/g, ' ')
    .replace(/\s*(?:per year|a year|\/\s*(?:yr|year)|p\.a\.|annually)\s*$/, '')
    .replace(/\s+/g, ' ')
    .replace(/(\d) (?=(?:k|thousand|millions?|mm|mn|mio|mil|m|billions?|bn|b)\b)/g, '$1')
    .replace(/([<>≤≥=]) /g, '$1')
    .trim();
  const reading = bounded(readAmount(bare, 0, 'shared_scale'));
  return reading.ok && reading.range !== null && isForeign
    ? { ok: true, range: widened(reading.range) }
    : reading;
};
