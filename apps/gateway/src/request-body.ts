import { PassThrough } from 'node:stream';
import { digestOf, parseContentDigest } from '@caio/auth';
import { HttpProblem, readBytes } from '@caio/service-kit';
import type { Request } from 'express';

/** A body on its way to a service, with the digest that its service token names. */
export interface PassedBody {
  readonly content: Buffer | PassThrough;
  readonly digest: string;
}

const bufferedBytesMax = 8 * 1024 * 1024;
const publicBytesMax = 16 * 1024;
const lateBytesMax = 1024 * 1024;

/**
 * Streams through a copy: when the service answers early or goes away, the copy is destroyed with it, and the
 * client's connection stays open for the answer. What the client still sends then is thrown away, within bounds.
 * A client that goes away ends the whole call, and the copy with it.
 */
const passOn = (req: Request): PassThrough => {
  const copy = new PassThrough();
  // Either may still fail after nobody waits for it any more.
  req.on('error', () => undefined);
  copy.on('error', () => undefined);
  copy.once('close', () => {
    // First, because the pipe would pause the request when it unplugs itself.
    req.unpipe(copy);
    if (req.readableEnded) return;
    let late = 0;
    req.on('data', (chunk: Buffer) => {
      late += chunk.length;
      if (late > lateBytesMax) req.destroy();
    });
    req.resume();
  });
  return req.pipe(copy);
};

const buffered = (bytes: Buffer): PassedBody | null =>
  bytes.length === 0 ? null : { content: bytes, digest: digestOf(bytes) };

/**
 * The body of an authenticated request: streamed when its digest was announced, otherwise read here, within
 * bounds, so that the service token can name it. Throws `digest_required` past the bound.
 */
export const authenticatedBody = async (req: Request): Promise<PassedBody | null> => {
  const announced = req.get('content-digest');
  if (announced !== undefined) {
    const digest = parseContentDigest(announced);
    if (digest === null)
      throw new HttpProblem('digest_required', { message: 'The Content-Digest header cannot be read.' });
    return { content: passOn(req), digest };
  }
  try {
    return buffered(await readBytes(req, bufferedBytesMax));
  } catch (error) {
    if (!(error instanceof HttpProblem) || error.code !== 'payload_too_large') throw error;
    throw new HttpProblem('digest_required', {
      message: `A body over ${bufferedBytesMax} bytes needs a Content-Digest header.`,
    });
  }
};

/** The body of a request anybody can send: small, whatever it announces. Throws `payload_too_large`. */
export const publicBody = async (req: Request): Promise<PassedBody | null> =>
  buffered(await readBytes(req, publicBytesMax));
