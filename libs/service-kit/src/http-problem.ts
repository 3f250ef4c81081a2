import { types } from 'node:util';
import { errorCatalogue } from '@caio/contracts';
import type { ErrorCode, ErrorEnvelope } from '@caio/contracts';

export interface ProblemDetail {
  /** One sentence for the caller; the catalogue's own when left out. Never input, never a secret. */
  message?: string;
  fix?: string;
  details?: Record<string, unknown>;
}

/** An answer the caller must get, thrown from where a return value cannot reach the route. */
export class HttpProblem extends Error {
  readonly code: ErrorCode;
  readonly detail: ProblemDetail;
  constructor(code: ErrorCode, detail: ProblemDetail = {}) {
    super(detail.message ?? errorCatalogue[code].message);
    this.name = 'HttpProblem';
    this.code = code;
    this.detail = detail;
  }
}

export const envelopeOf = (code: ErrorCode, correlationId: string, detail: ProblemDetail): ErrorEnvelope => {
  const entry = errorCatalogue[code];
  return {
    error: {
      code,
      message: detail.message ?? entry.message,
      fix: detail.fix ?? entry.fix,
      correlationId,
      ...(detail.details === undefined ? {} : { details: detail.details }),
    },
  };
};

const isErrorCode = (value: unknown): value is ErrorCode =>
  typeof value === 'string' && Object.hasOwn(errorCatalogue, value);

const redisGone =
  /^(Stream isn't writeable|Connection is closed|Command timed out|Command aborted|Reached the max retries|connect E|read E)/;
const redisNames = new Set(['MaxRetriesPerRequestError', 'AbortError', 'ReplyError', 'ParserError']);

const looksLikeStoreFailure = (error: Error): boolean => {
  if (error.name === 'MaxRetriesPerRequestError') return true;
  if (error.name === 'ReplyError')
    return /^(LOADING|READONLY|MISCONF|NOAUTH|WRONGPASS|OOM|MASTERDOWN)/.test(error.message);
  return redisGone.test(error.message) && (redisNames.has(error.name) || error.name === 'Error');
};

/** Redis answers and takes nothing more: whoever reads "cannot be reached" would look at the network. */
const storeFull: ProblemDetail = {
  message:
    'The store is full: Redis answers and takes nothing more, so nothing is decided and nothing is sent.',
  fix: 'Compare used_memory with maxmemory in redis-cli INFO memory; raise maxmemory or give Redis more memory. Keep maxmemory-policy noeviction. Nothing was lost: repeat the request.',
  details: { reason: 'store_full' },
};

/** The words for a store that failed a command: `store_unavailable`, and for one that is full what to look at. */
export const storeProblemOf = (error: unknown): HttpProblem =>
  new HttpProblem(
    'store_unavailable',
    types.isNativeError(error) && error.name === 'ReplyError' && /^OOM\b/.test(error.message)
      ? storeFull
      : {},
  );

/**
 * Which catalogue entry an error thrown by a route means. Only `HttpProblem` speaks for itself; an error that
 * carries a catalogue code gets that entry's own words; a lost Redis is `store_unavailable`; the rest is `internal`.
 */
export const problemOf = (error: unknown): { code: ErrorCode; detail: ProblemDetail } => {
  if (error instanceof HttpProblem) return { code: error.code, detail: error.detail };
  if (!types.isNativeError(error)) return { code: 'internal', detail: {} };
  // How Express's router reports a path with a broken percent-encoding.
  if (error.name === 'URIError') {
    return { code: 'bad_request', detail: { message: 'The path is not well-formed.' } };
  }
  const code: unknown = Reflect.get(error, 'code');
  if (isErrorCode(code)) return { code, detail: {} };
  if (!looksLikeStoreFailure(error)) return { code: 'internal', detail: {} };
  const problem = storeProblemOf(error);
  return { code: problem.code, detail: problem.detail };
};
