import type { Icp, Lead, ParsedTitle } from '@caio/contracts';
import { normaliseDomain, registrableDomainOf } from '../identity/domain.ts';
import { emailKeyOf } from '../identity/email-key.ts';
import type { EmailKey } from '../identity/email-key.ts';
import { isDisposable, isFreeMail, isRoleMailbox } from '../identity/mailbox-kind.ts';
import { parseTitle } from '../titles/parsed-title.ts';

/** What a lead's fields say, read once and asked by every stage. */
export interface LeadReading {
  readonly lead: Lead;
  readonly title: ParsedTitle;
  /** Null when there is no address at all. */
  readonly email: EmailKey | null;
  /** The domains of the address and of the company, as far as they can be read. */
  readonly domains: readonly string[];
  /** Codes of what is unusual about the mailbox, each with the ICP's rule that decides about it. */
  readonly mailbox: readonly { readonly code: string; readonly rule: keyof Icp['mailboxes'] }[];
}

const mailboxOf = (email: EmailKey | null, company: string | null): LeadReading['mailbox'] => {
  if (email?.ok !== true) return [];
  const role = isRoleMailbox(email.localPart) ? [{ code: 'role_mailbox', rule: 'role' } as const] : [];
  if (isFreeMail(email.domain)) return [{ code: 'free_mail', rule: 'freeMail' }, ...role];
  if (isDisposable(email.domain)) return [{ code: 'disposable_mail', rule: 'disposable' }, ...role];
  // Only here: a free or throw-away host is never the company's, and its own rule answers for it.
  if (company === null || email.domain === company) return role;
  return registrableDomainOf(email.domain) === registrableDomainOf(company)
    ? role
    : [...role, { code: 'email_domain_mismatch', rule: 'otherDomain' }];
};

export const readLeadForJudging = (lead: Lead): LeadReading => {
  const email = lead.email === null || lead.email.trim() === '' ? null : emailKeyOf(lead.email);
  const company = lead.companyDomain === null ? null : normaliseDomain(lead.companyDomain);
  return {
    lead,
    title: parseTitle(lead.title),
    email,
    domains: [...(email?.ok === true ? [email.domain] : []), ...(company === null ? [] : [company])],
    mailbox: mailboxOf(email, company),
  };
};

/** The mailbox codes that the ICP lets decide in this stage. */
export const mailboxCodes = (
  { mailbox }: LeadReading,
  { mailboxes }: Icp,
  stage: 'park' | 'disqualify',
): string[] => mailbox.filter(({ rule }) => mailboxes[rule] === stage).map(({ code }) => code);
