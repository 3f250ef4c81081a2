import type { Icp, Lead, ParsedTitle } from '@caio/contracts';
import { normaliseDomain, registrableDomainOf } from '../identity/domain.ts';
import type { EmailKey } from '../identity/email-key.ts';
import { isDisposable, isFreeMail, isRoleMailbox } from '../identity/mailbox-kind.ts';
import { isCertainlyAbove, isCertainlyBelow } from './bounds.ts';
import type { CompiledIcp } from './compiled-icp.ts';
import { matchesIn, nameWordsOf } from './phrase-match.ts';
import { codeOf } from './reason-codes.ts';
import type { Place } from './reason-codes.ts';

/** `gov.*` fits "city.gov.example" and not "gov.example": somebody has to be named in front. */
const endsWith = (domain: string, end: string): boolean => {
  const labels = domain.split('.').reverse();
  const wanted = end.split('.').reverse();
  if (labels.length <= wanted.length) return false;
  return wanted.every((label, index) => label === '*' || label === labels[index]);
};

const sizeCodes = (lead: Lead, { employees, revenueUsd }: Icp): string[] => [
  ...(isCertainlyBelow(lead.employees, employees.min) ? ['size_below_min'] : []),
  ...(isCertainlyAbove(lead.employees, employees.max) ? ['size_above_max'] : []),
  ...(isCertainlyBelow(lead.revenueUsd, revenueUsd.min) ? ['revenue_below_min'] : []),
  ...(isCertainlyAbove(lead.revenueUsd, revenueUsd.max) ? ['revenue_above_max'] : []),
];

const neverContactCodes = (
  lead: Lead,
  email: EmailKey | null,
  title: ParsedTitle,
  { icp, neverByIndustry, neverByCompany, neverByTitle }: CompiledIcp,
): string[] => {
  const company = lead.companyDomain === null ? null : normaliseDomain(lead.companyDomain);
  const domains = [...(email?.ok === true ? [email.domain] : []), ...(company === null ? [] : [company])];
  const found: Record<Place, ReadonlySet<unknown>> = {
    industry: new Set(matchesIn(neverByIndustry, nameWordsOf(lead.industry ?? ''))),
    company: new Set(matchesIn(neverByCompany, nameWordsOf(lead.company ?? ''))),
    title: new Set(matchesIn(neverByTitle, title.tokens)),
    domain: new Set(
      icp.neverContact.filter(({ domainEnds }) =>
        domains.some((domain) => domainEnds.some((end) => endsWith(domain, end))),
      ),
    ),
  };
  const places: readonly Place[] = ['industry', 'company', 'title', 'domain'];
  return icp.neverContact.flatMap((kind) =>
    places.flatMap((place) => (found[place].has(kind) ? [codeOf.neverContact(kind.code, place)] : [])),
  );
};

/** What the ICP's mailbox rules say about an address; `rule` picks the stage that asks. */
export const mailboxCodes = (
  lead: Lead,
  email: EmailKey | null,
  { mailboxes }: Icp,
  rule: 'park' | 'disqualify',
): string[] => {
  if (email?.ok !== true) return [];
  const free = isFreeMail(email.domain);
  const disposable = isDisposable(email.domain);
  const company = lead.companyDomain === null ? null : registrableDomainOf(lead.companyDomain);
  const elsewhere = company !== null && company !== registrableDomainOf(email.domain);
  return [
    ...(free && mailboxes.freeMail === rule ? ['free_mail'] : []),
    ...(disposable && mailboxes.disposable === rule ? ['disposable_mail'] : []),
    ...(isRoleMailbox(email.localPart) && mailboxes.role === rule ? ['role_mailbox'] : []),
    // A free or throw-away host is never the company's; its own rule has answered.
    ...(elsewhere && !free && !disposable && mailboxes.otherDomain === rule ? ['email_domain_mismatch'] : []),
  ];
};

/**
 * Every reason never to contact this lead, in the order asked: size and revenue certainly out of bounds, a
 * kind of organisation that is never contacted, the mailbox, a person who left. Empty means go on.
 */
export const disqualifierCodes = (
  lead: Lead,
  email: EmailKey | null,
  title: ParsedTitle,
  compiled: CompiledIcp,
): string[] => [
  ...sizeCodes(lead, compiled.icp),
  ...neverContactCodes(lead, email, title, compiled),
  ...mailboxCodes(lead, email, compiled.icp, 'disqualify'),
  ...(title.left ? ['person_left_company'] : []),
];
