import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Caller } from '@caio/auth';
import { errorCatalogue } from '@caio/contracts';
import type { ErrorCode, Permission, Principal } from '@caio/contracts';
import type { RequestHandler } from 'express';
import { envelopeOf, HttpProblem } from './http-problem.ts';
import type { ProblemDetail } from './http-problem.ts';

interface RequestContext {
  correlationId: string;
  caseId: string | null;
  caller: Caller | null;
}

// Keyed by the request itself, so that nothing a client sends can name a field of it.
const contexts = new WeakMap<object, RequestContext>();

export const setRequestIds = (
  req: IncomingMessage,
  ids: { correlationId: string; caseId: string | null },
): void => {
  contexts.set(req, { ...ids, caller: null });
};

export const setCaller = (req: IncomingMessage, caller: Caller): void => {
  contexts.set(req, { correlationId: caller.correlationId, caseId: caseIdOf(req), caller });
};

/** The golden case a replay runs for, if any. */
export const caseIdOf = (req: IncomingMessage): string | null => contexts.get(req)?.caseId ?? null;

/** The id of this request across services. */
export const correlationIdOf = (req: IncomingMessage): string =>
  contexts.get(req)?.correlationId ?? 'unknown-request';

/** Who calls, or null on a public path. */
export const maybeCallerOf = (req: IncomingMessage): Caller | null => contexts.get(req)?.caller ?? null;

/** Who calls: the service, and the user the gateway vouches for. Throws 401 on a public path. */
export const callerOf = (req: IncomingMessage): Caller => {
  const caller = maybeCallerOf(req);
  if (caller === null) throw new HttpProblem('unauthenticated');
  return caller;
};

/** The person or program behind the request. Throws 403 when the call carries none. */
export const userOf = (req: IncomingMessage): Principal => {
  const { user } = callerOf(req);
  if (user === null) {
    throw new HttpProblem('forbidden', {
      message: 'Only a person or program may do this, not a service by itself.',
    });
  }
  return user;
};

const discardedMax = 1_048_576;
const discardMs = 1_000;
const discardPollMs = 20;
const retryAfterSeconds = 2;

/**
 * An answer that comes before the body: closing at once would reset the connection and lose the answer, reading
 * on without end would let a refused client keep us busy. Node throws away what still comes; past a megabyte or
 * a second the connection is cut. Bytes are polled because a dumped request emits none.
 */
const endBodyEarly = (res: ServerResponse): void => {
  const { req } = res;
  if (req.complete) return;
  res.once('finish', () => {
    const { socket } = req;
    const bytesBefore = socket.bytesRead;
    let waitedMs = 0;
    const timer = setInterval(() => {
      waitedMs += discardPollMs;
      if (req.complete || socket.destroyed) clearInterval(timer);
      else if (socket.bytesRead - bytesBefore > discardedMax || waitedMs >= discardMs) socket.destroy();
    }, discardPollMs);
    timer.unref();
  });
};

/** Answers with JSON. Nothing may have been sent yet. */
export const sendJson = (res: ServerResponse, status: number, value: unknown): void => {
  const bytes = Buffer.from(JSON.stringify(value), 'utf8');
  res.statusCode = status;
  res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', bytes.length);
  res.end(bytes);
};

/** Sends the error envelope of a catalogue entry. The one way to answer with an error. */
export const respondError = (res: ServerResponse, code: ErrorCode, detail: ProblemDetail = {}): void => {
  endBodyEarly(res);
  const { status, retryable } = errorCatalogue[code];
  if (status === 503 && retryable && !res.hasHeader('Retry-After'))
    res.setHeader('Retry-After', retryAfterSeconds);
  sendJson(res, status, envelopeOf(code, correlationIdOf(res.req), detail));
};

/** Lets through users who hold the permission; 403 naming it otherwise, also for services acting by themselves. */
export const requirePermission =
  (permission: Permission): RequestHandler =>
  (req, res, next) => {
    if (userOf(req).permissions.includes(permission)) return next();
    respondError(res, 'forbidden', {
      message: `This needs the permission "${permission}".`,
      details: { permission },
    });
  };
