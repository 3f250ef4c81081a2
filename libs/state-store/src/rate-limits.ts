import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { StoreSession } from './store-session.ts';

/** So many takes in so many seconds, counted from the first one. */
export interface RateLimit {
  readonly takesMax: number;
  readonly perSeconds: number;
}

/** `resetMs`: until the count begins anew. */
export type RateLimitAnswer =
  | { readonly ok: true; readonly limit: RateLimit; readonly remaining: number; readonly resetMs: number }
  | { readonly ok: false; readonly limit: RateLimit; readonly remaining: 0; readonly resetMs: number };

/**
 * Counts what a caller does, in one atomic step for all processes. Once a caller is over its limit, this process
 * refuses it from memory until the count begins anew. Throws when the store cannot be asked: the caller decides
 * what that means, and it must not mean "allowed".
 */
export const createRateLimits = <Kind extends string>(
  { redis, keys }: Pick<StoreSession, 'redis' | 'keys'>,
  limits: Readonly<Record<Kind, RateLimit>>,
) => {
  const limiters = new Map<Kind, RateLimiterRedis>();
  const limiterOf = (kind: Kind): RateLimiterRedis => {
    const known = limiters.get(kind);
    if (known !== undefined) return known;
    const { takesMax, perSeconds } = limits[kind];
    const limiter = new RateLimiterRedis({
      storeClient: redis,
      keyPrefix: keys.rateLimitPrefix(kind),
      points: takesMax,
      duration: perSeconds,
      inMemoryBlockOnConsumed: takesMax + 1,
      rejectIfRedisNotReady: true,
    });
    limiters.set(kind, limiter);
    return limiter;
  };
  return {
    /** Takes one of `who`'s; `who` is a name or an address, never a secret: it becomes part of a key. */
    take: async (kind: Kind, who: string): Promise<RateLimitAnswer> => {
      const limit = limits[kind];
      try {
        const { remainingPoints, msBeforeNext } = await limiterOf(kind).consume(who);
        return { ok: true, limit, remaining: remainingPoints, resetMs: msBeforeNext };
      } catch (refusal) {
        if (!(refusal instanceof RateLimiterRes)) throw refusal;
        return { ok: false, limit, remaining: 0, resetMs: refusal.msBeforeNext };
      }
    },
    /** Gives one take back: what was counted turned out to be none of what is counted. The others stay. */
    giveBack: async (kind: Kind, who: string): Promise<void> => {
      await limiterOf(kind).reward(who, 1);
    },
  };
};

export type RateLimits<Kind extends string> = ReturnType<typeof createRateLimits<Kind>>;
