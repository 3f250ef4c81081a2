import { respondError } from '@caio/service-kit';
import type { RateLimits } from '@caio/state-store';
import type { RequestHandler } from 'express';
import { credentialOf } from './authentication.ts';
import type { LimitKind } from './door-settings.ts';
import { requestKindOf } from './request-kinds.ts';
import { askStore } from './store-call.ts';

/**
 * Counts each request of a person or program against the limit of its kind and says how much is left. Without the
 * store nobody is let through: 503 `store_unavailable`.
 */
export const limitRequests =
  (limits: RateLimits<LimitKind>): RequestHandler =>
  async (req, res, next) => {
    if (req.method === 'OPTIONS') return next();
    const kind = requestKindOf(req.method, req.originalUrl.split('?', 1)[0] ?? '');
    const answer = await askStore(() => limits.take(kind, credentialOf(req).principal.name));
    const resetSeconds = Math.max(1, Math.ceil(answer.resetMs / 1_000));
    res.setHeader('RateLimit-Limit', answer.limit.takesMax);
    res.setHeader('RateLimit-Remaining', answer.remaining);
    res.setHeader('RateLimit-Reset', resetSeconds);
    if (answer.ok) return next();
    res.setHeader('Retry-After', resetSeconds);
    respondError(res, 'too_many_requests', {
      message: `More requests of the kind "${kind}" than ${answer.limit.takesMax} in ${answer.limit.perSeconds} seconds.`,
      details: { kind, limit: answer.limit.takesMax, perSeconds: answer.limit.perSeconds },
    });
  };
