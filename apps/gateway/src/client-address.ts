import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

/** One household or host of the IPv6 world owns a /64, so anything finer could be changed at will. */
const networkOf = (address: string): string => {
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const [head = '', tail = ''] = groups;
  const left = head === '' ? [] : head.split(':');
  const right = tail === '' ? [] : tail.split(':');
  const zeros = groups.length === 1 ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0');
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::`;
};

const normalised = (text: string): string | null => {
  const address = text
    .trim()
    .replace(/^::ffff:(?=\d+\.)/i, '')
    .replace(/%.*$/, '');
  switch (isIP(address)) {
    case 4:
      return address;
    case 6:
      return networkOf(address);
    default:
      return null;
  }
};

/**
 * Who is at the other end, for counting tries: the address of the socket, or, behind `trustedHops` proxies of ours,
 * the one that the outermost of them saw. What a client writes itself stands left of that and counts for nothing.
 */
export const clientAddressOf = (req: IncomingMessage, trustedHops: number): string => {
  const socket = normalised(req.socket.remoteAddress ?? '') ?? 'unknown';
  if (trustedHops === 0) return socket;
  const hops = String(req.headers['x-forwarded-for'] ?? '').split(',');
  return normalised(hops.at(-trustedHops) ?? '') ?? socket;
};
