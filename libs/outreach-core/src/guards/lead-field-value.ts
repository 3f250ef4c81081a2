import type { Lead, Range } from '@caio/contracts';
import { leadValuesOf } from '../drafting/lead-values.ts';

/** What a lead field stands for: the ways to write it, and the counts it holds; `money` says what they count. */
export interface LeadFieldValue {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
  readonly unit: 'count' | 'money';
}

const isRange = (value: unknown): value is Range =>
  typeof value === 'object' && value !== null && 'min' in value && 'max' in value;

/** The value of a field by its name in the lead contract; null when there is no such field. */
export const leadFieldValue = (lead: Lead, field: string): LeadFieldValue | null => {
  const entry = Object.entries<unknown>(lead).find(([name]) => name === field);
  if (entry === undefined) return null;
  const value = entry[1];
  const unit = field === 'revenueUsd' ? 'money' : 'count';
  if (isRange(value)) {
    return { texts: [], numbers: [value.min, value.max].filter((bound) => bound !== null), unit };
  }
  if (typeof value !== 'string' || value.trim() === '') return { texts: [], numbers: [], unit };
  const spoken: unknown = Object.entries(leadValuesOf(lead)).find(([name]) => name === field)?.[1];
  return { texts: [value, ...(typeof spoken === 'string' ? [spoken] : [])], numbers: [], unit };
};

const scales: readonly { readonly mark: RegExp; readonly factor: number }[] = [
  { mark: /(?:k|thousand)$/, factor: 1e3 },
  { mark: /(?:bn|billion)$/, factor: 1e9 },
  { mark: /(?:m|million)$/, factor: 1e6 },
];

const moneyMark = /[$€£¥₹]|\busd\b|\beur\b/;

/** `$1,200` → 1200 of money, `12.5M` → 12500000 of anything, `40 %` → null: a share is no count of a field. */
const countIn = (text: string): { amount: number; isMoney: boolean } | null => {
  const lower = text.toLowerCase();
  const plain = lower.replace(/[\s$€£¥₹#+]|usd|eur/g, '');
  const scale = scales.find(({ mark }) => mark.test(plain));
  const digits = plain.replace(scale?.mark ?? /$^/, '').replace(/,(?=\d{3}(?:\D|$))/g, '');
  if (!/^\d+(?:\.\d+)?$/.test(digits)) return null;
  return { amount: Number(digits) * (scale?.factor ?? 1), isMoney: moneyMark.test(lower) };
};

/** Whether a number as written is one of the field's: same amount, and money only for money. */
export const isFieldNumber = (value: LeadFieldValue, written: string): boolean => {
  const count = countIn(written);
  return count !== null && value.numbers.includes(count.amount) && (!count.isMoney || value.unit === 'money');
};
