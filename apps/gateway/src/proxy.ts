import { pipeline } from 'node:stream/promises';
import { digestOf, parseContentDigest } from '@caio/auth';
import type { Principal } from '@caio/contracts';
import {
  correlationIdOf,
  type HttpMethod,
  HttpProblem,
  type InternalClient,
  readBytes,
  respondError,
} from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import type { Request, Response } from 'express';
import { passedAnswerHeaders, passedRequestHeaders } from './header-hygiene.ts';

const bufferedBytesMax = 8 * 1024 * 1024;
const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

const isMethod = (method: string): method is HttpMethod => methods.has(method);

/** A body whose digest was announced is streamed; any other is read here, within bounds, to name it in the token. */
const bodyOf = async (req: Request): Promise<{ content: Buffer | Request; digest: string } | null> => {
  if (req.method === 'GET' || req.method === 'HEAD') return null;
  const announced = req.get('content-digest');
  if (announced !== undefined) {
    const digest = parseContentDigest(announced);
    if (digest === null)
      throw new HttpProblem('digest_required', { message: 'The Content-Digest header cannot be read.' });
    return { content: req, digest };
  }
  if (Number(req.headers['content-length'] ?? 0) > bufferedBytesMax) {
    throw new HttpProblem('digest_required', {
      message: `A body over ${bufferedBytesMax} bytes needs a Content-Digest header.`,
    });
  }
  const bytes = await readBytes(req, bufferedBytesMax);
  return bytes.length === 0 ? null : { content: bytes, digest: digestOf(bytes) };
};

/** Passes a request on to the service that owns it, signed by us and naming the user, and its answer back. */
export const createProxy = (deps: { logger: Logger }) => {
  return async (
    req: Request,
    res: Response,
    client: InternalClient,
    user: Principal | null,
  ): Promise<void> => {
    if (!isMethod(req.method)) return respondError(res, 'method_not_allowed');
    const body = await bodyOf(req);
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    const answer = await client.stream({
      method: req.method,
      path: req.originalUrl,
      correlationId: correlationIdOf(req),
      headers: passedRequestHeaders(req.headers),
      signal: gone.signal,
      ...(user === null ? {} : { user }),
      ...(body === null ? {} : { body }),
    });
    if (!answer.ok) {
      if (gone.signal.aborted) return;
      return respondError(res, 'upstream_unavailable', {
        message: answer.error.message,
        ...(answer.error.details === undefined ? {} : { details: answer.error.details }),
      });
    }
    res.status(answer.status);
    for (const [name, value] of passedAnswerHeaders(answer.headers)) res.setHeader(name, value);
    try {
      await pipeline(answer.body, res);
    } catch (error) {
      // The head is out already: all that is left is to cut the answer so that nobody takes it for whole.
      if (!gone.signal.aborted)
        deps.logger.warn({ err: error, path: req.path }, 'an answer broke off on its way');
      res.destroy();
    }
  };
};

export type Proxy = ReturnType<typeof createProxy>;
