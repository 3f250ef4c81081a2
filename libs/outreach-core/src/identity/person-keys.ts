import type { PersonKey } from '@caio/contracts';
import { domainWithParents } from './domain.ts';
import { emailKeyOf, foldMailboxHost, foldPlusTag } from './email-key.ts';
import { linkedinKeyOf } from './linkedin-key.ts';

/** What names a person on the channels we know. Unreadable values contribute no key. */
export interface PersonNames {
  readonly email: string | null;
  readonly linkedinUrl: string | null;
}

/** The keys a person is one person by: e-mail as written (plus-tag kept), then LinkedIn. */
export const identityKeysOf = (person: PersonNames): PersonKey[] => {
  const email = person.email === null ? null : emailKeyOf(person.email);
  const linkedin = person.linkedinUrl === null ? null : linkedinKeyOf(person.linkedinUrl);
  return [...(email?.ok === true ? [email.personKey] : []), ...(linkedin === null ? [] : [linkedin])];
};

/** The keys under which a suppression of one identity key is written: itself, and the mailbox it means. */
export const suppressionKeysOfKey = (personKey: PersonKey): PersonKey[] => {
  if (!personKey.startsWith('email:')) return [personKey];
  const untagged = foldPlusTag(personKey);
  return [...new Set([personKey, untagged, foldMailboxHost(untagged)])];
};

/**
 * The keys under which a suppression is written and looked up: the identity keys and the mailbox an e-mail key
 * means, so an opt-out of any tag or spelling of a mailbox covers every other.
 */
export const suppressionKeysOf = (person: PersonNames): PersonKey[] => {
  const keys = identityKeysOf(person);
  return [...new Set([...keys, ...keys.flatMap(suppressionKeysOfKey)])];
};

/**
 * Every exclusion key that would exclude this person: the suppression keys, and `domain:` for the domain of
 * the e-mail address and of the company and for each of their parents.
 */
export const exclusionKeysOf = (
  person: PersonNames & { readonly companyDomain: string | null },
): string[] => {
  const email = person.email === null ? null : emailKeyOf(person.email);
  const domains = [
    ...(email?.ok === true ? domainWithParents(email.domain) : []),
    ...(person.companyDomain === null ? [] : domainWithParents(person.companyDomain)),
  ];
  return [...new Set([...suppressionKeysOf(person), ...domains.map((domain) => `domain:${domain}`)])];
};
