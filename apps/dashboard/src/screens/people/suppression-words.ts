import type { Exclusion, Suppression } from '@caio/contracts';

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
