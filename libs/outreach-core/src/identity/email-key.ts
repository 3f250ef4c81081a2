import { normaliseDomain } from './domain.ts';

/** `address` and `domain` are canonical (lower case, ASCII domain); `reason` is for a person to read. */
export type EmailKey =
  | { ok: true; personKey: `email:${string}`; address: string; domain: string; localPart: string }
  | { ok: false; reason: string };

const addressLengthMax = 254;
const localLengthMax = 64;

// `%` and `!` are left out of RFC 5322's atoms: old relays read them as routes to somebody else.
const localPattern = /^[a-z0-9_](?:[a-z0-9#$&'*+/=?^_`{|}~-]|\.(?!\.|$))*$/;

const refused = (reason: string): EmailKey => ({ ok: false, reason });

/**
 * The identity of an e-mail address: trimmed, lower case, IDNA domain. Dots and plus-tags are kept, so
 * `a.b@x` and `a_b@x` are two people. Refuses what no mailbox we could write to would have: control and
 * invisible characters, spaces, quoted or non-ASCII local parts, leading dots or slashes, no top level.
 */
export const emailKeyOf = (raw: string): EmailKey => {
  const text = raw.trim();
  if (text === '') return refused('the address is empty');
  if (/[\p{Cc}\p{Cf}]/u.test(text)) return refused('the address holds a control or invisible character');
  if (/\s/u.test(text)) return refused('the address holds a space');
  const at = text.lastIndexOf('@');
  if (at < 0) return refused('the address has no @');
  const localPart = text.slice(0, at).toLowerCase();
  const domain = normaliseDomain(text.slice(at + 1));
  if (localPart === '') return refused('the address has nothing before the @');
  if (localPart.includes('@')) return refused('the address has more than one @');
  if (!/^[\x21-\x7e]+$/.test(localPart)) return refused('the part before the @ is not plain ASCII');
  if (localPart.length > localLengthMax) return refused('the part before the @ is over 64 characters');
  if (!localPattern.test(localPart)) return refused('the part before the @ is not a mailbox name');
  if (domain === null) return refused('the part after the @ is not a domain with a top level');
  const address = `${localPart}@${domain}`;
  if (address.length > addressLengthMax) return refused('the address is over 254 characters');
  return { ok: true, personKey: `email:${address}`, address, domain, localPart };
};

/**
 * The one spelling of a mailbox where its host says that several spellings are the same: Gmail reads no dots and has
 * two names. Takes a canonical address without a tag.
 */
export const foldMailboxHost = (address: string): string =>
  address.replace(
    /^([^@]+)@(?:gmail|googlemail)\.com$/,
    (_, local: string) => `${local.replaceAll('.', '')}@gmail.com`,
  );

/** The address without its plus-tag: what an opt-out covers. Takes and gives a canonical address. */
export const foldPlusTag = (address: string): string => address.replace(/^([^+@]+)\+[^@]*@/, '$1@');
