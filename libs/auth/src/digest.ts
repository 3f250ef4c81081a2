import { createHash, timingSafeEqual } from 'node:crypto';

const form = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;

/** The RFC 9530 form of a body's SHA-256: `sha-256=:<base64>:`, as the Content-Digest header and service tokens carry it. */
export const digestOf = (bytes: Uint8Array | string): string =>
  formatDigest(createHash('sha256').update(bytes).digest());

/** Writes 32 digest bytes in the RFC 9530 form. */
export const formatDigest = (digest: Uint8Array): string =>
  `sha-256=:${Buffer.from(digest.buffer, digest.byteOffset, digest.byteLength).toString('base64')}:`;

/**
 * Reads the `sha-256` member of a Content-Digest header value, other algorithms beside it are passed over.
 * Returns the one canonical spelling, or null when there is none or it is malformed.
 */
export const parseContentDigest = (header: string): string | null => {
  for (const member of header.slice(0, 1_000).split(',')) {
    const found = form.exec(member.trim());
    const bytes = found?.[1] === undefined ? null : Buffer.from(found[1], 'base64');
    if (bytes?.length === 32) return formatDigest(bytes);
  }
  return null;
};

const sha256 = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();

/**
 * Whether two strings are equal, in time that tells nothing about either: their SHA-256 digests are compared,
 * because comparing strings directly leaks a prefix and `timingSafeEqual` throws on different lengths.
 */
export const secretsMatch = (left: string, right: string): boolean =>
  timingSafeEqual(sha256(left), sha256(right));

/** Whether two digests in the RFC 9530 form are the same bytes. A malformed one matches nothing. */
export const digestsMatch = (left: string, right: string): boolean => {
  const a = parseContentDigest(left);
  const b = parseContentDigest(right);
  return a !== null && b !== null && secretsMatch(a, b);
};
