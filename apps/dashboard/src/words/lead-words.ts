import type { Lead, Range } from '@caio/contracts';

const number = new Intl.NumberFormat('en-US');
const amount = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

const rangeWords = (range: Range | null, format: Intl.NumberFormat): string | null => {
  if (range === null || (range.min === null && range.max === null)) return null;
  const { min, max } = range;
  if (min !== null && min === max) return format.format(min);
  if (min === null) return `up to ${format.format(max ?? 0)}`;
  return max === null ? `${format.format(min)} or more` : `${format.format(min)}–${format.format(max)}`;
};

/** What is known about a lead, as label and value; what is not known is left out. */
export const leadFacts = (lead: Lead): readonly (readonly [label: string, value: string])[] => {
  const revenue = rangeWords(lead.revenueUsd, amount);
  const place = [lead.city, lead.country].filter((part) => part !== null && part !== '').join(', ');
  const facts: readonly (readonly [string, string | null])[] = [
    ['Title', lead.title],
    ['Company', lead.company],
    ['Industry', lead.industry],
    ['People', rangeWords(lead.employees, number)],
    ['Revenue', revenue === null ? null : `US$ ${revenue}`],
    ['Place', place],
    ['Website', lead.companyDomain],
    [
      'Address',
      lead.emailStatus === 'unknown' ? 'not verified by the source' : lead.emailStatus.replace('_', '-'),
    ],
  ];
  return facts.flatMap(([label, value]) => (value === null || value === '' ? [] : [[label, value] as const]));
};

/** A person or a domain as a reader writes it, from the key it is stored under. */
export const personWords = (key: string): string => key.replace(/^(email|domain|linkedin):/, '');

/** The field of a lead a claim rests on, as a reader calls it. */
export const leadFieldWords = (field: string): string =>
  field.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
