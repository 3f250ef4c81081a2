import { createKeys } from '@caio/state-store';
import { Redis } from 'ioredis';

/** Removes every key of one environment from a Redis that may hold others. */
export const removeNamespace = async (redisUrl: string, environment: string): Promise<number> => {
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 2 });
  try {
    const pattern = `${createKeys(environment).root.replace(/[{}*?[\]\\]/g, '\\$&')}:*`;
    let removed = 0;
    for (let cursor = '0'; ;) {
      const [next, keys] = await redis.scan(cursor, 'MATCH', pattern, 'COUNT', 1_000);
      if (keys.length > 0) removed += await redis.unlink(...keys);
      if (next === '0') return removed;
      cursor = next;
    }
  } finally {
    redis.disconnect();
  }
};
