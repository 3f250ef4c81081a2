import { getDomain } from 'tldts';
import { toASCII } from 'tr46';

const domainLengthMax = 253;
const labelPattern = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const topLevelPattern = /^(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})$/;

/** IDNA maps plain ASCII labels to their lower case only, so the tables need not be asked for those. */
const toAscii = (text: string): string | null =>
  /^[a-z0-9.-]+$/i.test(text) && !/xn--/i.test(text)
    ? text.toLowerCase()
    : toASCII(text, { checkBidi: true, checkJoiners: true, useSTD3ASCIIRules: true });

/**
 * The one spelling of a DNS name: trimmed, lower case, IDNA in ASCII, without the root dot.
 * Null when it is no public name (one label, an IP address, a numeric top level, forbidden characters).
 * Source: UTS #46 non-transitional, RFC 1035 lengths.
 */
export const normaliseDomain = (raw: string): string | null => {
  const text = raw.trim().replace(/\.$/, '');
  if (text === '' || text.length > domainLengthMax) return null;
  const ascii = toAscii(text);
  if (ascii === null || ascii.length > domainLengthMax) return null;
  const labels = ascii.split('.');
  const top = labels.at(-1) ?? '';
  if (labels.length < 2 || !labels.every((label) => labelPattern.test(label))) return null;
  return topLevelPattern.test(top) ? ascii : null;
};

/**
 * The domain one organisation registered: a label below a public suffix, private suffixes included (a shop
 * on a hosting platform is its own organisation). A top level without an entry in the public suffix list
 * counts as a suffix, so the last two labels remain. Null for a bare public suffix or an invalid name.
 */
export const registrableDomainOf = (domain: string): string | null => {
  const name = normaliseDomain(domain);
  return name === null ? null : getDomain(name, { allowPrivateDomains: true, extractHostname: false });
};

/**
 * A domain and its parents, longest first. It goes on past private suffixes, to the domain registered
 * under an ICANN suffix, because an exclusion of a hosting platform has to cover what is hosted there.
 * Empty for an invalid name or a bare public suffix.
 */
export const domainWithParents = (domain: string): readonly string[] => {
  const name = normaliseDomain(domain);
  const shortest = name === null ? null : getDomain(name, { extractHostname: false });
  if (name === null || shortest === null) return [];
  const labels = name.split('.');
  const steps = labels.length - shortest.split('.').length;
  return Array.from({ length: steps + 1 }, (_, index) => labels.slice(index).join('.'));
};
