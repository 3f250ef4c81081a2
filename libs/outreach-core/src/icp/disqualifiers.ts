import type { Icp, Lead } from '@caio/contracts';
import { isCertainlyAbove, isCertainlyBelow } from './bounds.ts';
import type { CompiledIcp } from './compiled-icp.ts';
import { mailboxCodes } from './lead-reading.ts';
import type { LeadReading } from './lead-reading.ts';
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
  { lead, title, domains }: LeadReading,
  { icp, neverByIndustry, neverByCompany, neverByTitle }: CompiledIcp,
): string[] => {
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

/**
 * Every reason never to contact this lead, in the order asked: size and revenue certainly out of bounds, a
 * kind of organisation that is never contacted, the mailbox, a person who left. Empty means go on.
 */
export const disqualifierCodes = (reading: LeadReading, compiled: CompiledIcp): string[] => [
  ...sizeCodes(reading.lead, compiled.icp),
  ...neverContactCodes(reading, compiled),
  ...mailboxCodes(reading, compiled.icp, 'disqualify'),
  ...(reading.title.left ? ['person_left_company'] : []),
];
