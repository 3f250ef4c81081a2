import { createLock } from './lock.ts';
import type { StoreSession } from './store-session.ts';

const keptSeconds = 90 * 86_400;

/** Which provider campaign belongs to which deterministic name, and who is creating it right now. */
export const createCampaignRegistry = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  read: (name: string): Promise<string | null> => redis.get(keys.campaign(name)),
  save: async (name: string, id: string): Promise<void> => {
    await redis.set(keys.campaign(name), id, 'EX', keptSeconds);
  },
  claim: (name: string, token: string, ttlMs: number): Promise<boolean> =>
    createLock({ redis, key: keys.lock(`campaign:${name}`), token, ttlMs }).acquire(),
  release: async (name: string, token: string): Promise<void> => {
    await createLock({ redis, key: keys.lock(`campaign:${name}`), token, ttlMs: 1 }).release();
  },
});

export type RedisCampaignRegistry = ReturnType<typeof createCampaignRegistry>;
