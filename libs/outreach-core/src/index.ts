export { domainWithParents, normaliseDomain, registrableDomainOf } from './identity/domain.ts';
export { emailKeyOf, foldPlusTag } from './identity/email-key.ts';
export type { EmailKey } from './identity/email-key.ts';
export { normaliseExclusionKey } from './identity/exclusion-key.ts';
export type { NormalisedExclusion } from './identity/exclusion-key.ts';
export { linkedinKeyOf, linkedinUrlOf } from './identity/linkedin-key.ts';
export { isDisposable, isFreeMail, isRoleMailbox } from './identity/mailbox-kind.ts';
export { exclusionKeysOf, identityKeysOf, suppressionKeysOf } from './identity/person-keys.ts';
export type { PersonNames } from './identity/person-keys.ts';
export { readCount, readMoney } from './lead-import/amount.ts';
export type { AmountReading } from './lead-import/amount.ts';
export { cleanText, excerptOf } from './lead-import/cell-text.ts';
export { readCompanyDomain } from './lead-import/company-domain.ts';
export type { CompanyDomainReading } from './lead-import/company-domain.ts';
export { readEmailStatus } from './lead-import/email-status.ts';
export {
  columnMappingOf,
  ignoredColumnsOf,
  recogniseHeader,
  withLaterColumns,
} from './lead-import/header.ts';
export type { HeaderMapping, HeaderReading, MapProblem } from './lead-import/header.ts';
export { leadColumns } from './lead-import/lead-columns.ts';
export type { LeadColumn } from './lead-import/lead-columns.ts';
export { readLead } from './lead-import/lead-row.ts';
export type { LeadReading } from './lead-import/lead-row.ts';
export { splitName } from './lead-import/person-name.ts';
