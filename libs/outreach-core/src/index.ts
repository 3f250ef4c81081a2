export { domainWithParents, normaliseDomain, registrableDomainOf } from './identity/domain.ts';
export { emailKeyOf, foldPlusTag } from './identity/email-key.ts';
export type { EmailKey } from './identity/email-key.ts';
export { normaliseExclusionKey } from './identity/exclusion-key.ts';
export type { NormalisedExclusion } from './identity/exclusion-key.ts';
export { linkedinKeyOf, linkedinUrlOf } from './identity/linkedin-key.ts';
export { isDisposable, isFreeMail, isRoleMailbox } from './identity/mailbox-kind.ts';
export { exclusionKeysOf, identityKeysOf, suppressionKeysOf } from './identity/person-keys.ts';
export type { PersonNames } from './identity/person-keys.ts';
