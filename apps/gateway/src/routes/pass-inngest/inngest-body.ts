import type { IncomingMessage } from 'node:http';
import { inngestBytesMax } from '@caio/contracts';
import { HttpProblem, readBytes } from '@caio/service-kit';
import { createBodyShares } from '../../body-shares.ts';
import { type PassedBody, wholeBody } from '../../request-body.ts';

const megabyte = 1024 * 1024;
/** A call with a few steps behind it has some kilobytes. */
const rooms = {
  all: { bytes: 48 * megabyte, bytesOfOne: 2 * inngestBytesMax },
  small: { bytes: 16 * megabyte, bytesOfOne: 4 * megabyte },
  smallBytes: 64 * 1024,
};

const readSoon = async (
  req: IncomingMessage,
  hasRoom: (bytes: number) => boolean,
  withinMs: number,
): Promise<Buffer> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HttpProblem('request_timeout')), withinMs);
  });
  try {
    return await Promise.race([readBytes(req, inngestBytesMax, hasRoom), deadline]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Reads the body of a call that only says it is Inngest's, whole, because the service token names its digest. Throws
 * `payload_too_large` before anything is read or past the limit, `overloaded` while its address or all together hold
 * too much, and `request_timeout` when it does not arrive within `withinMs`.
 */
export const createInngestBodies = (options: { withinMs: number }) => {
  const openShare = createBodyShares(rooms);
  return async (req: IncomingMessage, address: string): Promise<PassedBody | null> => {
    const share = openShare(address);
    try {
      return wholeBody(await readSoon(req, share.add, options.withinMs), share.release);
    } catch (error) {
      share.release();
      throw error;
    }
  };
};
