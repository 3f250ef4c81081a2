import type { IncomingMessage, ServerResponse } from 'node:http';
import { digestOf } from '@caio/auth';
import { inngestBytesMax } from '@caio/contracts';
import { HttpProblem, readBytes } from '@caio/service-kit';
import { createBodyBudget } from '../../body-budget.ts';
import type { PassedBody } from '../../request-body.ts';

const bytesOfAllMax = 64 * 1024 * 1024;
const bytesOfOneMax = 2 * inngestBytesMax;

/** How much of the memory for such bodies one address may hold, so that no stranger takes it all. */
const createShares = () => {
  const all = createBodyBudget(bytesOfAllMax);
  const held = new Map<string, number>();
  return (address: string, bytes: number): (() => void) | null => {
    const before = held.get(address) ?? 0;
    if (before + bytes > bytesOfOneMax) return null;
    const release = all.reserve(bytes);
    if (release === null) return null;
    held.set(address, before + bytes);
    return () => {
      release();
      const left = (held.get(address) ?? bytes) - bytes;
      if (left > 0) held.set(address, left);
      else held.delete(address);
    };
  };
};

const readSoon = async (req: IncomingMessage, withinMs: number): Promise<Buffer> => {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HttpProblem('request_timeout')), withinMs);
  });
  try {
    return await Promise.race([readBytes(req, inngestBytesMax), deadline]);
  } finally {
    clearTimeout(timer);
  }
};

/**
 * Reads the body of a call that only says it is Inngest's, whole, because the service token names its digest. Throws
 * `payload_too_large` before anything is read, `overloaded` while its address or all together hold too much, and
 * `request_timeout` when it does not arrive within `withinMs`.
 */
export const createInngestBodies = (options: { withinMs: number }) => {
  const hold = createShares();
  return async (req: IncomingMessage, res: ServerResponse, address: string): Promise<PassedBody | null> => {
    const announced = Number(req.headers['content-length'] ?? inngestBytesMax);
    if (announced > inngestBytesMax)
      throw new HttpProblem('payload_too_large', {
        message: `The body is larger than ${inngestBytesMax} bytes.`,
      });
    const release = hold(address, announced);
    if (release === null)
      throw new HttpProblem('overloaded', { message: 'Too many large bodies are on their way.' });
    res.once('close', release);
    const bytes = await readSoon(req, options.withinMs);
    return bytes.length === 0 ? null : { content: bytes, digest: digestOf(bytes), refusal: () => null };
  };
};
