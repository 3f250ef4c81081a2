import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '@caio/trace-envelope';
import { problemOf } from './http-problem.ts';
import { correlationIdOf, respondError } from './request-context.ts';

/** Answers a request whose handling threw: what the caller must get in its own words, anything else as `internal`. */
export const createFailureAnswer =
  (logger: Logger) =>
  (error: unknown, req: IncomingMessage, res: ServerResponse): void => {
    const { code, detail } = problemOf(error);
    if (code === 'internal') {
      logger.error(
        { err: error, correlationId: correlationIdOf(req), method: req.method },
        'A request failed.',
      );
    } else {
      logger.debug({ code, correlationId: correlationIdOf(req) }, 'A request was refused.');
    }
    if (res.destroyed || res.writableEnded) return;
    // Half an answer must not look like a whole one.
    if (res.headersSent) res.destroy();
    else respondError(res, code, detail);
  };
