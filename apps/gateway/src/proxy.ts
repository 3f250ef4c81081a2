import type { IncomingMessage, ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { errorCatalogue, type Principal } from '@caio/contracts';
import {
  type AnswerHead,
  caseIdOf,
  correlationIdOf,
  type HttpMethod,
  type InternalClient,
  type InternalFailure,
  respondError,
} from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
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
  readonly readBody: (req: IncomingMessage) => Promise<PassedBody | null>;
  readonly answer: AnswerKind;
  /** How long the service may keep silent, when that is less than what its client allows. */
  readonly timeoutMs?: number;
  /** For a stream of events, which has no end of its own. */
  readonly place?: EventStreamPlace;
}

/** The service closed a connection that was kept open, as it does when it stops; nothing of an answer had come. */
const lostConnection = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE']);
/** No byte of the request can have arrived, or our own token was not believed, so that nothing was done. */
const neverSent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])
  .add('UND_ERR_CONNECT_TIMEOUT')
  .add('http_401');

const reasonOf = ({ error }: InternalFailure): string => {
  const reason = error.details?.['reason'];
  return typeof reason === 'string' ? reason : 'unknown';
};

const respondUnavailable = (
  res: ServerResponse,
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

const notBelieved = (part: Upstream): InternalFailure => ({
  ok: false,
  status: errorCatalogue.upstream_unavailable.status,
  error: {
    code: 'upstream_unavailable',
    message: `The ${part} did not believe the gateway.`,
    details: { service: part, reason: 'http_401' },
  },
});

/**
 * Passes a request on to the service that owns it, signed by us and naming the user, and its answer back as it comes.
 */
export const createProxy = (deps: { logger: Logger }) => {
  const passHead = (res: ServerResponse, { status, headers }: AnswerHead, kind: AnswerKind): void => {
    res.statusCode = status;
    for (const [name, value] of passedAnswerHeaders(headers, kind)) res.setHeader(name, value);
  };

  /** Events have no end of their own, so their place says when it is over. */
  const passEvents = async (
    res: ServerResponse,
    target: ProxyTarget & { place: EventStreamPlace },
    call: Parameters<InternalClient['stream']>[0],
  ): Promise<InternalFailure | null> => {
    const gone = new AbortController();
    res.once('close', () => gone.abort());
    const answer = await target.client.stream({ ...call, signal: gone.signal, idleTimeoutMs: 0 });
    if (gone.signal.aborted) {
      if (answer.ok) answer.body.destroy();
      return null;
    }
    if (!answer.ok) return answer;
    if (answer.status === 401) {
      answer.body.destroy();
      return notBelieved(target.part);
    }
    passHead(res, answer, target.answer);
    if (!String(answer.headers['content-type']).startsWith('text/event-stream')) {
      target.place.leave();
      // A refusal, in a few words.
      const bytes = await buffer(answer.body).catch(() => null);
      if (bytes === null) res.destroy();
      else res.end(bytes);
      return null;
    }
    // Proxies in front of us must not collect events either.
    res.setHeader('X-Accel-Buffering', 'no');
    res.flushHeaders();
    target.place.carry(answer.body);
    return null;
  };

  const pass = async (
    ...[req, res, target, method, body]: [
      IncomingMessage,
      ServerResponse,
      ProxyTarget,
      HttpMethod,
      PassedBody | null,
    ]
  ): Promise<void> => {
    const { client, part, user, place } = target;
    const correlationId = correlationIdOf(req);
    const call = {
      method,
      path: withoutQueryToken(req.url ?? '/'),
      correlationId,
      caseId: caseIdOf(req),
      headers: passedRequestHeaders(req.headers),
      ...(user === null ? {} : { user }),
      ...(target.timeoutMs === undefined ? {} : { timeoutMs: target.timeoutMs }),
      ...(body === null ? {} : { body: { content: body.content, digest: body.digest } }),
    };
    const relay = () =>
      client.relay(call, {
        out: res,
        onHead: (head) => {
          // About us, not about whoever asked: they are logged in, and would be sent to log in.
          if (user !== null && head.status === 401) return false;
          passHead(res, head, target.answer);
          return true;
        },
      });
    const send = () => (place === undefined ? relay() : passEvents(res, { ...target, place }, call));

    let end = await send();
    if (end !== null && !end.ok && changesNothing(method) && lostConnection.has(reasonOf(end)))
      end = await send();
    if (end === null) return;
    if (!end.ok) {
      const refusal = body?.refusal() ?? null;
      if (refusal !== null) throw refusal;
      return respondUnavailable(res, method, part, end);
    }
    // The head was out already, so the answer was cut, for nobody to take it for whole. The path stays out of the
    // line, because in a link it is a secret.
    if (end.error !== null)
      deps.logger.warn({ err: end.error, correlationId }, 'an answer broke off on its way');
  };

  return async (req: IncomingMessage, res: ServerResponse, target: ProxyTarget): Promise<void> => {
    const { method = '' } = req;
    if (!isMethod(method)) return respondError(res, 'method_not_allowed');
    const body = changesNothing(method) ? null : await target.readBody(req);
    try {
      await pass(req, res, target, method, body);
    } finally {
      // A client that left lets go of it later: its call may still wait for a connection, and holds the bytes.
      body?.release();
    }
  };
};
