import type { IncomingMessage, ServerResponse } from 'node:http';
import cors from 'cors';

/**
 * Which pages of other origins may read answers of the API: the listed ones, with credentials, and no other. An
 * answer never says yes to an origin that is not on the list, and a preflight is never asked for a credential.
 */
export const allowOrigins = (allowedOrigins: readonly string[]) => {
  const allow = cors({
    origin: [...allowedOrigins],
    credentials: true,
    methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
    allowedHeaders: [
      ...['Authorization', 'Content-Type', 'Content-Digest', 'If-None-Match', 'Last-Event-ID'],
      ...['X-Case-ID', 'X-Correlation-ID', 'X-CSRF-Token', 'X-Dashboard-Token'],
    ],
    exposedHeaders: [
      ...['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset', 'Retry-After', 'X-Correlation-ID'],
    ],
    maxAge: 600,
  });
  return (req: IncomingMessage, res: ServerResponse, next: () => void): void => {
    // The API's answers are compressed for those who take that.
    res.setHeader('Vary', 'Origin, Accept-Encoding');
    if (!allowedOrigins.includes(req.headers.origin ?? '')) return next();
    allow(req, res, next);
  };
};
