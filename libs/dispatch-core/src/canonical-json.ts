import canonicalize from 'canonicalize';

/**
 * RFC 8785 canonical JSON of a value: equal values give equal text whatever their key order or spelling.
 * Shells hash the UTF-8 bytes of this text. Throws on values JSON cannot hold (functions, NaN, cycles).
 */
export const canonicalJson = (value: unknown): string => {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('a value without a JSON form cannot be made canonical');
  return text;
};
