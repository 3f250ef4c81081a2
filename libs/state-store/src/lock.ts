import type { Redis } from 'ioredis';

const releaseScript =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0";
const renewScript =
  "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('PEXPIRE', KEYS[1], ARGV[2]) end return 0";

/**
 * A token lock that keeps two workers from doing the same housekeeping at once. It only saves work: what
 * makes a double send impossible is the ledger, never this.
 */
export const createLock = (options: { redis: Redis; key: string; token: string; ttlMs: number }) => {
  const { redis, key, token, ttlMs } = options;
  return {
    acquire: async (): Promise<boolean> => (await redis.set(key, token, 'PX', ttlMs, 'NX')) === 'OK',
    renew: async (): Promise<boolean> => (await redis.eval(renewScript, 1, key, token, ttlMs)) === 1,
    release: async (): Promise<boolean> => (await redis.eval(releaseScript, 1, key, token)) === 1,
  };
};

export type Lock = ReturnType<typeof createLock>;
