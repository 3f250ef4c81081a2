import type { ServerResponse } from 'node:http';
import type { Principal } from '@caio/contracts';
import { respondError } from '@caio/service-kit';
import type { RateLimits } from '@caio/state-store';
import type { LimitKind } from './door-settings.ts';
import type { RequestKind } from './request-kinds.ts';
import { askStore } from './store-call.ts';

/**
 * Counts a request of a person or program against the limit of its kind and says how much is left. False when that
 * is nothing and the refusal is answered. Without the store nobody is let through: throws `store_unavailable`.
 */
export const createRequestLimit =
  (limits: RateLimits<LimitKind>) =>
  async (res: ServerResponse, kind: RequestKind, { name }: Principal): Promise<boolean> => {
    const answer = await askStore(() => limits.take(kind, name));
    const resetSeconds = Math.max(1, Math.ceil(answer.resetMs / 1_000));
    res.setHeader('RateLimit-Limit', answer.limit.takesMax);
    res.setHeader('RateLimit-Remaining', answer.remaining);
    res.setHeader('RateLimit-Reset', resetSeconds);
    if (answer.ok) return true;
    res.setHeader('Retry-After', resetSeconds);
    respondError(res, 'too_many_requests', {
      message: `More requests of the kind "${kind}" than ${answer.limit.takesMax} in ${answer.limit.perSeconds} seconds.`,
      details: { kind, limit: answer.limit.takesMax, perSeconds: answer.limit.perSeconds },
    });
    return false;
  };
