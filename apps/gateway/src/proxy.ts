import { pipeline } from 'node:stream/promises';
import { errorCatalogue, type Principal } from '@caio/contracts';
import {
  correlationIdOf,
  type HttpMethod,
  type InternalClient,
  type InternalFailure,
  respondError,
} from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import type { Request, Response } from 'express';
import { withoutQueryToken } from './credentials.ts';
import type { EventStreamPlace } from './event-streams.ts';
import { type AnswerKind, passedAnswerHeaders, passedRequestHeaders } from './header-hygiene.ts';
import type { PassedBody } from './request-body.ts';
import type { Upstream } from './upstreams.ts';

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

const isMethod = (method: string): method is HttpMethod => methods.has(method);

const changesNothing = (method: HttpMethod): boolean => method === 'GET' || method === 'HEAD';

export interface ProxyTarget {
  readonly part: Upstream;
  readonly client: InternalClient;
  /** Who asks, or null where the path itself is the proof. */
  readonly user: Principal | null;
  readonly readBody: (req: Request) => Promise<PassedBody | null>;
  readonly answer: AnswerKind;
  /** For a stream of events, which has no end of its own. */
  readonly place?: EventStreamPlace;
}

/** The service closed a connection that was kept open, as it does when it stops; nothing of an answer had come. */
const lostConnection = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/** No byte of the request can have arrived. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']).add(
  'UND_ERR_CONNECT_TIMEOUT',
);

const reasonOf = ({ error }: InternalFailure): string => {
  const reason = error.details?.['reason'];
  return typeof reason === 'string' ? reason : 'unknown';
};

const respondUnavailable = (
  res: Response,
  method: HttpMethod,
  part: Upstream,
  failure: InternalFailure,
): void => {
  const reason = reasonOf(failure);
  const isCertain = changesNothing(method) || neverSent.has(reason);
  respondError(res, 'upstream_unavailable', {
    message: isCertain
      ? `The ${part} is not answering.`
      : `The ${part} was reached and gave no answer, so nobody knows whether it did what was asked.`,
    fix: isCertain
      ? errorCatalogue.upstream_unavailable.fix
      : 'Look at the state it should have changed before you try again.',
    details: { part, reason, arrived: isCertain ? 'no' : 'unknown' },
  });
};

/** Passes a request on to the service that owns it, signed by us and naming the user, and its answer back. */
export const createProxy = (deps: { logger: Logger }) => {
  return async (req: Request, res: Response, target: ProxyTarget): Promise<void> => {
    const { method } = req;
    const { client, part, user, readBody, place } = target;
    if (!isMethod(method)) return respondError(res, 'method_not_allowed');
    const gone = new AbortController();
    // After a whole answer nothing is left to end, and an abort is an error with a stack.
    res.once('close', () => {
      if (!res.writableFinished) gone.abort();
    });
    const body = changesNothing(method) ? null : await readBody(req);
    const send = () =>
      client.stream({
        method,
        path: withoutQueryToken(req.originalUrl),
        correlationId: correlationIdOf(req),
        headers: passedRequestHeaders(req.headers),
        signal: gone.signal,
        ...(place === undefined ? {} : { idleTimeoutMs: 0 }),
        ...(user === null ? {} : { user }),
        ...(body === null ? {} : { body: { content: body.content, digest: body.digest } }),
      });
    let answer = await send();
    if (!answer.ok && changesNothing(method) && lostConnection.has(reasonOf(answer)) && !gone.signal.aborted)
      answer = await send();
    if (!answer.ok) {
      if (gone.signal.aborted) return;
      const refusal = body?.refusal() ?? null;
      if (refusal !== null) throw refusal;
      return respondUnavailable(res, method, part, answer);
    }
    res.status(answer.status);
    for (const [name, value] of passedAnswerHeaders(answer.headers, target.answer))
      res.setHeader(name, value);
    if (place !== undefined && String(answer.headers['content-type']).startsWith('text/event-stream')) {
      // Proxies in front of us must not collect events either.
      res.setHeader('X-Accel-Buffering', 'no');
      res.flushHeaders();
      return place.carry(answer.body);
    }
    place?.leave();
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
