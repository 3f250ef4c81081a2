import type { StoreSession } from './store-session.ts';

/**
 * Wishes not to be written to any more, from the moment they are stored until the suppression stands. Admission
 * looks here too, so a wish that still waits in a queue wins over a message that is ready to go.
 */
export const createOptOuts = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  record: async (personKeys: readonly string[], deliveryId: string): Promise<void> => {
    if (personKeys.length === 0) return;
    await redis.hset(keys.optOutsPending, Object.fromEntries(personKeys.map((key) => [key, deliveryId])));
  },
  /** To be called once the suppression is stored, never before. */
  done: async (personKeys: readonly string[]): Promise<void> => {
    if (personKeys.length > 0) await redis.hdel(keys.optOutsPending, ...personKeys);
  },
  waiting: (): Promise<number> => redis.hlen(keys.optOutsPending),
});

export type OptOuts = ReturnType<typeof createOptOuts>;
