import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { digestOf, parseContentDigest } from '@caio/auth';
import { HttpProblem, readBytes } from '@caio/service-kit';
import type { BodyShares } from './body-shares.ts';

/** A body on its way to a service, with the digest that its service token names. */
export interface PassedBody {
  readonly content: Buffer | Transform;
  readonly digest: string;
  /** Why we stopped passing it on, when it turned out to be something that nobody takes. */
  readonly refusal: () => HttpProblem | null;
  /** To be called when nothing holds the bytes any more, however the call ended. */
  readonly release: () => void;
}

const nothingHeld = (): void => undefined;

const bufferedBytesMax = 8 * 1024 * 1024;
const publicBytesMax = 16 * 1024;
const lateBytesMax = 1024 * 1024;
/** No service takes more. It is refused here, because the answer of one that refuses in the middle can be lost. */
const streamedBytesMax = 64 * 1024 * 1024;

const uploadTooLarge = (): HttpProblem =>
  new HttpProblem('payload_too_large', { message: `The upload is larger than ${streamedBytesMax} bytes.` });

/**
 * Streams through a copy: when the service answers early or goes away, the copy is destroyed with it, and the
 * client's connection stays open for the answer. What the client still sends then is thrown away, within bounds.
 * A client that goes away ends the whole call, and the copy with it.
 */
const passOn = (req: IncomingMessage, digest: string): PassedBody => {
  let refused: HttpProblem | null = null;
  let size = 0;
  const copy = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      size += chunk.length;
      refused = size > streamedBytesMax ? uploadTooLarge() : null;
      if (refused === null) done(null, chunk);
      else done(refused);
    },
  });
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
  return { content: req.pipe(copy), digest, refusal: () => refused, release: nothingHeld };
};

/** A body that was read whole, or null when there is none. */
export const wholeBody = (bytes: Buffer, release: () => void = nothingHeld): PassedBody | null => {
  if (bytes.length > 0) return { content: bytes, digest: digestOf(bytes), refusal: () => null, release };
  release();
  return null;
};

/**
 * The body of an authenticated request: streamed when its digest was announced, otherwise read here, within
 * bounds, so that the service token can name it. Throws `digest_required` past that bound, `payload_too_large`
 * past what anybody takes, and `overloaded` while there is no room for it.
 */
export const bodiesWithin =
  (openShare: BodyShares) =>
  async (req: IncomingMessage, who: string): Promise<PassedBody | null> => {
    const announced = req.headers['content-digest'];
    if (announced !== undefined) {
      const digest = parseContentDigest(String(announced));
      if (digest === null)
        throw new HttpProblem('digest_required', { message: 'The Content-Digest header cannot be read.' });
      if (Number(req.headers['content-length'] ?? 0) > streamedBytesMax) throw uploadTooLarge();
      return passOn(req, digest);
    }
    const share = openShare(who);
    try {
      return wholeBody(await readBytes(req, bufferedBytesMax, share.add), share.release);
    } catch (error) {
      share.release();
      if (!(error instanceof HttpProblem) || error.code !== 'payload_too_large') throw error;
      throw new HttpProblem('digest_required', {
        message: `A body over ${bufferedBytesMax} bytes needs a Content-Digest header.`,
      });
    }
  };

/** The body of a request anybody can send: small, whatever it announces. Throws `payload_too_large`. */
export const publicBody = async (req: IncomingMessage): Promise<PassedBody | null> =>
  wholeBody(await readBytes(req, publicBytesMax));
