import type { BarredList, Exclusion, Provenance, Suppression } from '@caio/contracts';

export type SuppressionReason = Suppression['reason'];

/** Why somebody must not be written to, for good. */
export const suppressionWords: Readonly<Record<SuppressionReason, string>> = {
  unsubscribed: 'Unsubscribed',
  complained: 'Complained',
  bounced: 'The address does not work',
  manual: 'Asked not to be contacted',
  erased: 'Erased on request',
};

/** Why a person or company is on the exclusion list. */
export const exclusionWords: Readonly<Record<Exclusion['kind'], string>> = {
  customer: 'Customer',
  competitor: 'Competitor',
  own: 'Our own',
  personal: 'Personal contact',
  other: 'Other',
};

/** The kind or the reason of an entry as a reader says it; a word of another version is shown as it is. */
export const wordOfEntry = (list: BarredList, word: string): string => {
  const words: Readonly<Record<string, string>> = list === 'exclusions' ? exclusionWords : suppressionWords;
  return words[word] ?? word;
};

/** How an entry came onto its list and why, for the end of a sentence; empty for one that does not say. */
export const originWords = (provenance: Provenance | undefined): string => {
  if (provenance === undefined) return '';
  const { via, file, reference, why } = provenance;
  const how =
    via === 'file' && file !== undefined
      ? `, by the file ${file.name} (${file.digest.slice(0, 8)})`
      : via === 'signal'
        ? `, by the delivery ${reference ?? 'unknown'}`
        : via === 'crm'
          ? ', as a customer in the CRM'
          : '';
  return `${how}${why === undefined || via === 'crm' ? '' : `: ${why}`}`;
};
