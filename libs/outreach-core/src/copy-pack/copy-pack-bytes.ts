import canonicalize from 'canonicalize';
import type { CopyPack } from '@caio/contracts';

/** The pack's RFC 8785 text: the shell's SHA-256 of it makes the version. Key order does not matter. */
export const copyPackBytes = (pack: CopyPack): string => {
  const text = canonicalize(pack);
  if (text === undefined) throw new TypeError('a copy pack is always representable as JSON');
  return text;
};
