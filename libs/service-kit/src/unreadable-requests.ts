import { createServer, STATUS_CODES } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerOptions, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { errorCatalogue } from '@caio/contracts';
import type { ErrorCode } from '@caio/contracts';
import type { Logger } from '@caio/trace-envelope';
import { boundRecords } from './bounded-records.ts';
import { envelopeOf } from './http-problem.ts';
import type { ProblemDetail } from './http-problem.ts';

interface Problem {
  readonly code: ErrorCode;
  readonly detail: ProblemDetail;
}

const malformed: Problem = {
  code: 'bad_request',
  detail: { message: 'The request is not well-formed HTTP.', fix: 'Correct the client that sent it.' },
};
const hostless: Problem = {
  code: 'bad_request',
  detail: { message: 'The request has no Host header.', fix: 'Send a Host header.' },
};

/** What a client is told by the code Node gives; null where it is gone, so that there is nobody to tell. */
const problemOf = (reason: string, headBytesMax: number): Problem | null => {
  switch (reason) {
    case 'HPE_HEADER_OVERFLOW':
      return {
        code: 'too_many_headers',
        detail: {
          message: `The head of the request is larger than ${headBytesMax} bytes.`,
          fix: 'Send fewer or shorter headers, or a shorter address.',
        },
      };
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return {
        code: 'payload_too_large',
        detail: { message: 'The chunk extensions of the body are too large.' },
      };
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return { code: 'request_timeout', detail: {} };
    default:
      return reason.startsWith('HPE_') ? malformed : null;
  }
};

const reasonOf = (error: Error): string => {
  const code: unknown = Reflect.get(error, 'code');
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]{0,60}$/.test(code) ? code : 'unknown';
};

const answerOf = ({ code, detail }: Problem, correlationId: string) => {
  const body = JSON.stringify(envelopeOf(code, correlationId, detail));
  const headers: Record<string, string> = {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Correlation-ID': correlationId,
    Connection: 'close',
  };
  return { status: errorCatalogue[code].status, headers, body };
};

const lingerMs = 1_000;
const lingerBytesMax = 1_048_576;
const recordedPerSecondMax = 50;

/**
 * An HTTP server that answers what Node's parser refuses, before any route, with the error envelope: a malformed
 * request, a head that is too large or takes too long, a missing Host. Nothing of what was sent is repeated or logged,
 * and nothing is written where an answer has begun or where it would be taken for the answer to another request; then
 * the connection is only cut.
 */
export const createReadableServer = (options: {
  app: RequestListener;
  limits: ServerOptions & { maxHeaderSize: number };
  logger: Logger;
  newCorrelationId: () => string;
}): Server => {
  const { app, limits, logger, newCorrelationId } = options;
  const latest = new WeakMap<Duplex, { req: IncomingMessage; res: ServerResponse }>();
  const unanswered = new WeakMap<Duplex, number>();
  const told = new WeakMap<Duplex, number>();
  const isRecorded = boundRecords({
    max: recordedPerSecondMax,
    everyMs: 1_000,
    onLeftOut: (count) =>
      logger.warn({ count }, 'More requests could not be read than are recorded one by one.'),
  });

  const record = (correlationId: string, code: string, reason: string): void => {
    if (isRecorded()) logger.info({ correlationId, code, reason }, 'A request could not be read.');
  };

  const answer: RequestListener = (req, res) => {
    const { socket } = req;
    latest.set(socket, { req, res });
    unanswered.set(socket, (unanswered.get(socket) ?? 0) + 1);
    res.once('close', () => unanswered.set(socket, (unanswered.get(socket) ?? 1) - 1));
    if (req.headers.host !== undefined || req.httpVersion !== '1.1') return app(req, res);
    const correlationId = newCorrelationId();
    record(correlationId, hostless.code, 'host_missing');
    const { status, headers, body } = answerOf(hostless, correlationId);
    res.writeHead(status, headers).end(body);
  };

  const serve: RequestListener = (req, res) => {
    const { socket } = req;
    // Sent before the answer to the one before was out: Node would never say of such an answer that its client left.
    if (res.socket === null) {
      const abandon = (): void => void res.destroy().emit('close');
      socket.once('close', abandon);
      res.once('socket', () => {
        socket.off('close', abandon);
        answer(req, res);
      });
      return;
    }
    answer(req, res);
  };

  /** Whether an answer written now is the one to what could not be read. */
  const isNext = (socket: Duplex): boolean => {
    const last = latest.get(socket);
    const waiting = unanswered.get(socket) ?? 0;
    if (last === undefined || last.req.complete) return waiting === 0;
    return waiting === 1 && !last.res.headersSent;
  };

  const server = createServer({ ...limits, requireHostHeader: false }, serve);
  // An expectation that nobody knows may be left out of account, and the request is as good as any.
  server.on('checkExpectation', (req, res) => void server.emit('request', req, res));
  server.on('clientError', (error: Error, socket: Duplex) => {
    const bytesRead = socket instanceof Socket ? socket.bytesRead : 0;
    const bytesWhenTold = told.get(socket);
    if (bytesWhenTold !== undefined) {
      // The parser says it anew for whatever still comes, which is read so that our answer is not lost.
      if (bytesRead - bytesWhenTold > lingerBytesMax) socket.destroy();
      return;
    }
    told.set(socket, bytesRead);
    const reason = reasonOf(error);
    const problem = problemOf(reason, limits.maxHeaderSize);
    const correlationId = newCorrelationId();
    // Browsers open connections to have them ready; one that was never used is nothing to tell.
    if (bytesRead > 0) record(correlationId, problem?.code ?? 'client_gone', reason);
    if (problem === null || !socket.writable || !isNext(socket)) return void socket.destroy();
    const { status, headers, body } = answerOf(problem, correlationId);
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`);
    setTimeout(() => socket.destroy(), lingerMs).unref();
  });
  return server;
};
