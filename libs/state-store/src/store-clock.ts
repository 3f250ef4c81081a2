import type { Redis } from 'ioredis';

/** Milliseconds since 1970 by the store's own clock: where a caller's clock would decide how long something lives. */
export const storeNowMs = async (redis: Pick<Redis, 'time'>): Promise<number> => {
  const [seconds, microseconds] = await redis.time();
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
};
