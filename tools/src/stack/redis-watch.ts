import { Redis } from 'ioredis';

const attemptsMax = 8;
const pauseMs = 250;

/** Resolves once the Redis at `url` has not answered for a while. */
export const redisGone = (url: string): Promise<void> =>
  new Promise((resolve) => {
    const redis = new Redis(url, {
      retryStrategy: (attempt) => (attempt > attemptsMax ? null : pauseMs),
    });
    redis.on('error', () => undefined);
    redis.once('end', () => resolve());
  });
