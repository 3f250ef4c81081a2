import canonicalize from 'canonicalize';
import type { Message } from '@caio/contracts';

/** The message's RFC 8785 text. Its SHA-256 is the content digest; key order does not matter, all else does. */
export const messageBytes = (message: Message): string => {
  const text = canonicalize(message);
  if (text === undefined) throw new TypeError('a message is always representable as JSON');
  return text;
};
