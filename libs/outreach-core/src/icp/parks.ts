import type { EmailStatus, Icp, Lead } from '@caio/contracts';
import type { EmailKey } from '../identity/email-key.ts';
import { mailboxCodes } from './disqualifiers.ts';
import { nameWordsOf } from './phrase-match.ts';
import type { TitleFit } from './title-fit.ts';

const statusCodes: Readonly<Record<Exclude<EmailStatus, 'verified'>, string>> = {
  unverified: 'email_unverified',
  catch_all: 'email_catch_all',
  invalid: 'email_invalid',
  unknown: 'email_status_unknown',
};

const addressCodes = (lead: Lead, email: EmailKey | null, { acceptedEmailStatuses }: Icp): string[] => {
  if (email === null) return ['missing_email'];
  if (!email.ok) return ['email_invalid'];
  const { emailStatus } = lead;
  return emailStatus === 'verified' || acceptedEmailStatuses.includes(emailStatus)
    ? []
    : [statusCodes[emailStatus]];
};

/** Every question a person has to settle before the lead can be scored, in the order asked. */
export const parkCodes = (lead: Lead, email: EmailKey | null, fit: TitleFit, icp: Icp): string[] => [
  ...addressCodes(lead, email, icp),
  ...mailboxCodes(lead, email, icp, 'park'),
  ...(fit.outcome === 'unknown' ? ['title_unknown'] : []),
  ...(fit.outcome === 'unclear' ? ['title_field_unknown'] : []),
  ...(nameWordsOf(lead.industry ?? '').length === 0 ? ['industry_unknown'] : []),
];
