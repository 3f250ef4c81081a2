import type { IncomingMessage } from 'node:http';
import { HttpProblem } from '@caio/service-kit';
import { headerValues } from './header-values.ts';

/** Below Node's own limit of headers, past which it leaves some out without a word. */
const headersMax = 100;

/** Refuses what no client needs, before anything of it is read: too many headers, and two names of this host. */
export const boundHeaders = (req: IncomingMessage): void => {
  if (headerValues(req, 'host').length > 1)
    throw new HttpProblem('bad_request', { message: 'The request has two Host headers.' });
  if (req.rawHeaders.length / 2 > headersMax)
    throw new HttpProblem('too_many_headers', { message: `More than ${headersMax} headers are not taken.` });
};
