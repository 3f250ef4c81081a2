import { normaliseDomain } from './domain.ts';
import { disposableDomains } from './disposable-domains.ts';
import { freeMailDomains } from './free-mail-domains.ts';
import { roleMailboxes } from './role-mailboxes.ts';

const freeMail: ReadonlySet<string> = new Set(freeMailDomains);
const disposable: ReadonlySet<string> = new Set(disposableDomains);
const roles: ReadonlySet<string> = new Set(roleMailboxes);

/** The listed hosts are not all registrable domains, so every parent is asked, not only the shortest. */
const isListed = (list: ReadonlySet<string>, domain: string): boolean => {
  const labels = (normaliseDomain(domain) ?? '').split('.');
  return labels.some((_, index) => list.has(labels.slice(index).join('.')));
};

/** True for a free-mail host or a sub-domain of one. */
export const isFreeMail = (domain: string): boolean => isListed(freeMail, domain);

/** True for a throw-away mail host or a sub-domain of one. */
export const isDisposable = (domain: string): boolean => isListed(disposable, domain);

/**
 * True for a mailbox of a function (`info`, `no-reply`, `Sales+fairs`). Case and tags do not matter, and
 * words may be separated; a single letter before a separator is a person's initial (`j.obs`), not a word.
 */
export const isRoleMailbox = (localPart: string): boolean => {
  const name = localPart.trim().toLowerCase().replace(/\+.*$/, '');
  const words = name.split(/[._-]/);
  return roles.has(name) || (words.every((word) => word.length > 1) && roles.has(words.join('')));
};
