import type { Channel, EmailStatus, Icp } from '@caio/contracts';
import { mailboxCodes } from './lead-reading.ts';
import type { LeadReading } from './lead-reading.ts';
import { nameWordsOf } from './phrase-match.ts';
import type { TitleFit } from './title-fit.ts';

const statusCodes: Readonly<Record<Exclude<EmailStatus, 'verified'>, string>> = {
  unverified: 'email_unverified',
  catch_all: 'email_catch_all',
  invalid: 'email_invalid',
  unknown: 'email_status_unknown',
};

const addressCodes = ({ lead, email }: LeadReading, { acceptedEmailStatuses }: Icp): string[] => {
  if (email === null) return ['missing_email'];
  if (!email.ok) return ['email_invalid'];
  const { emailStatus } = lead;
  return emailStatus === 'verified' || acceptedEmailStatuses.includes(emailStatus)
    ? []
    : [statusCodes[emailStatus]];
};

/**
 * Every question a person has to settle before the lead can be scored, in the order asked. The state of an address
 * matters to mail alone: over LinkedIn the profile is the address.
 */
export const parkCodes = (reading: LeadReading, fit: TitleFit, icp: Icp, channel: Channel): string[] => [
  ...(channel === 'email' ? addressCodes(reading, icp) : []),
  ...mailboxCodes(reading, icp, 'park'),
  ...(fit.outcome === 'unknown' ? ['title_unknown'] : []),
  ...(fit.outcome === 'unclear' ? ['title_field_unknown'] : []),
  ...(nameWordsOf(reading.lead.industry ?? '').length === 0 ? ['industry_unknown'] : []),
];
