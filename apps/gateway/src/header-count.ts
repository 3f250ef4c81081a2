import { respondError } from '@caio/service-kit';
import type { RequestHandler } from 'express';
import { headerValues } from './header-values.ts';

/** Below Node's own limit of headers, past which it leaves some out without a word. */
const headersMax = 100;

/** Refuses what no client needs, before anything of it is read: too many headers, and two names of this host. */
export const boundHeaders: RequestHandler = (req, res, next) => {
  if (headerValues(req, 'host').length > 1)
    return respondError(res, 'bad_request', { message: 'The request has two Host headers.' });
  if (req.rawHeaders.length / 2 <= headersMax) return next();
  respondError(res, 'too_many_headers', { message: `More than ${headersMax} headers are not taken.` });
};
