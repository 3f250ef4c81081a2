import { emailKeyOf, isDisposable, isFreeMail, normaliseExclusionKey } from '@caio/outreach-core';
import type { Customer } from './customer-source.ts';

/**
 * The exclusion keys of one customer: the address, and the company's domain by its website and by the address unless
 * anybody can have a mailbox there. Empty when neither can be read.
 */
export const customerExclusionKeys = ({ email, website }: Customer): string[] => {
  const keys = new Set<string>();
  const address = email === null || email.trim() === '' ? null : emailKeyOf(email);
  if (address?.ok === true) {
    keys.add(address.personKey);
    if (!isFreeMail(address.domain) && !isDisposable(address.domain)) {
      const domain = normaliseExclusionKey(address.domain);
      if (domain.ok) keys.add(domain.key);
    }
  }
  const site = website === null || website.trim() === '' ? null : normaliseExclusionKey(website);
  if (site?.ok === true && site.key.startsWith('domain:') && !isFreeMail(site.key.slice('domain:'.length)))
    keys.add(site.key);
  return [...keys];
};
