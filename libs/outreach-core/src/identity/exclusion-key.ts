import { domainWithParents, normaliseDomain } from './domain.ts';
import { emailKeyOf } from './email-key.ts';
import { linkedinKeyOf } from './linkedin-key.ts';

/** `key` is an exclusionKey of the contracts; `reason` is for the person who typed the text. */
export type NormalisedExclusion = { ok: true; key: string } | { ok: false; reason: string };

const refused = (reason: string): NormalisedExclusion => ({ ok: false, reason });

const fromDomain = (typed: string): NormalisedExclusion => {
  const name = normaliseDomain(typed);
  if (name === null) return refused('this is not a domain, an e-mail address or a LinkedIn profile');
  const parents = domainWithParents(name);
  if (parents.length === 0) return refused('this is a public suffix and would exclude everyone below it');
  // A person who pastes a web address means the organisation, whose mail does not live under `www`.
  const bare = name.replace(/^www\./, '');
  return { ok: true, key: `domain:${parents.includes(bare) ? bare : name}` };
};

const fromAddress = (typed: string): NormalisedExclusion => {
  const wholeDomain = /^\*?@([^@]+)$/.exec(typed)?.[1];
  if (wholeDomain !== undefined) return fromDomain(wholeDomain);
  if (typed.includes('*')) return refused('a pattern of addresses cannot be excluded; exclude the domain');
  const email = emailKeyOf(typed);
  return email.ok ? { ok: true, key: email.personKey } : refused(email.reason);
};

const fromProfile = (typed: string): NormalisedExclusion => {
  const key = linkedinKeyOf(typed);
  return key === null ? refused('this is not the address of a personal LinkedIn profile') : { ok: true, key };
};

const urlPattern = /^(?:https?:)?\/\/([^/?#\\@:\s]+)(?::\d{1,5})?(?:[/?#]|$)/i;

/**
 * The exclusion key a person means by what they type: `acme.example`, `*.acme.example`, `@acme.example`,
 * a web address, an e-mail address, a LinkedIn profile, or a key as we write it. Upper case and spaces
 * around it do not matter, and a normalised key normalises to itself.
 */
export const normaliseExclusionKey = (text: string): NormalisedExclusion => {
  const typed = text.trim();
  if (typed === '') return refused('nothing was typed');
  if (/[\s,;\p{Cc}]/u.test(typed)) return refused('one exclusion at a time: no spaces, commas or semicolons');
  const [, prefix, rest = ''] = /^(domain|email|mailto|linkedin):(.*)$/i.exec(typed) ?? [];
  if (prefix !== undefined) {
    const kind = prefix.toLowerCase();
    if (kind === 'domain') return fromDomain(rest.replace(/^(?:\*?\.|@)/, ''));
    if (kind !== 'linkedin') return fromAddress(rest);
    return fromProfile(
      /\/in\//i.test(rest) ? rest : `https://www.linkedin.com/in/${encodeURIComponent(rest)}`,
    );
  }
  if (/^(?:(?:https?:)?\/\/)?(?:[a-z0-9-]+\.)*linkedin\.com\/+[^/?#]/i.test(typed)) return fromProfile(typed);
  const host =
    urlPattern.exec(typed)?.[1] ?? /^([^/?#\\@:\s]+\.[^/?#\\@:\s]+)(?::\d{1,5})?[/?#]/.exec(typed)?.[1];
  if (host !== undefined) return fromDomain(host);
  if (typed.includes('@')) return fromAddress(typed);
  return fromDomain(typed.replace(/^\*?\./, ''));
};
