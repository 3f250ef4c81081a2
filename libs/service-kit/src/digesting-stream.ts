import { createHash } from 'node:crypto';
import { Transform } from 'node:stream';
import { digestsMatch, formatDigest } from '@caio/auth';
import type { Request } from 'express';
import { HttpProblem } from './http-problem.ts';
import { clientGone } from './json-body.ts';
import { callerOf } from './request-context.ts';

/**
 * Passes bytes through and compares their SHA-256 with `expected` (RFC 9530 form) at the end: the stream ends
 * only when they match, and otherwise fails with `digest_mismatch`. Past `limitBytes` it fails with
 * `payload_too_large`. What was read before the end is unverified: keep its effects back until it ends.
 */
export const digestingStream = (options: { expected: string; limitBytes: number }): Transform => {
  const hash = createHash('sha256');
  let size = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      size += chunk.length;
      if (size > options.limitBytes) {
        return done(
          new HttpProblem('payload_too_large', {
            message: `The upload is larger than ${options.limitBytes} bytes.`,
          }),
        );
      }
      hash.update(chunk);
      done(null, chunk);
    },
    flush: (done) => {
      done(
        digestsMatch(formatDigest(hash.digest()), options.expected)
          ? null
          : new HttpProblem('digest_mismatch'),
      );
    },
  });
};

/**
 * The body of an authenticated request as a verified stream: the digest is the one in the service token. Throws
 * `digest_required` when the token covers no body. A client that goes away fails the stream.
 */
export const bodyStream = (req: Request, options: { limitBytes: number }): Transform => {
  const { bodyDigest } = callerOf(req);
  if (bodyDigest === null) throw new HttpProblem('digest_required');
  if (Number(req.headers['content-length'] ?? 0) > options.limitBytes) {
    throw new HttpProblem('payload_too_large', {
      message: `The upload is larger than ${options.limitBytes} bytes.`,
    });
  }
  const verified = digestingStream({ expected: bodyDigest, limitBytes: options.limitBytes });
  const gone = (): void => {
    if (!req.readableEnded) verified.destroy(clientGone());
  };
  if (req.destroyed) gone();
  req.once('error', gone).once('close', gone);
  return req.pipe(verified);
};
