import { pipeline } from 'node:stream/promises';
import type { Principal } from '@caio/contracts';
import { correlationIdOf, type HttpMethod, type InternalClient, respondError } from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import type { Request, Response } from 'express';
import { passedAnswerHeaders, passedRequestHeaders } from './header-hygiene.ts';
import type { PassedBody } from './request-body.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

const isMethod = (method: string): method is HttpMethod => methods.has(method);

const carriesBody = (method: HttpMethod): boolean => method !== 'GET' && method !== 'HEAD';

export interface ProxyTarget {
  readonly client: InternalClient;
  /** Who asks, or null where the path itself is the proof. */
  readonly user: Principal | null;
  readonly readBody: (req: Request) => Promise<PassedBody | null>;
}

/** Passes a request on to the service that owns it, signed by us and naming the user, and its answer back. */
export const createProxy = (deps: { logger: Logger }) => {
  return async (req: Request, res: Response, { client, user, readBody }: ProxyTarget): Promise<void> => {
    const { method } = req;
    if (!isMethod(method)) return respondError(res, 'method_not_allowed');
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    const body = carriesBody(method) ? await readBody(req) : null;
    const answer = await client.stream({
      method,
      path: req.originalUrl,
      correlationId: correlationIdOf(req),
      headers: passedRequestHeaders(req.headers),
      signal: gone.signal,
      ...(user === null ? {} : { user }),
      ...(body === null ? {} : { body: { content: body.content, digest: body.digest } }),
    });
    if (!answer.ok) {
      if (gone.signal.aborted) return;
      const refusal = body?.refusal() ?? null;
      if (refusal !== null) throw refusal;
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
      // The head was out already, so the answer is cut, for nobody to take it for whole. The path stays out of
      // the line, because in a link it is a secret.
      if (!gone.signal.aborted)
        deps.logger.warn(
          { err: error, correlationId: correlationIdOf(req) },
          'an answer broke off on its way',
        );
    }
  };
};
