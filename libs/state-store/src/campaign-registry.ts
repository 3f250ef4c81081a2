import { createLock } from './lock.ts';
import type { StoreSession } from './store-session.ts';

const keptSeconds = 90 * 86_400;

const saveScript =
  "if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3]) return 1";

/** Which provider campaign belongs to which deterministic name, and who is creating it right now. */
export const createCampaignRegistry = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => {
  const claimKey = (name: string): string => keys.lock(`campaign:${name}`);
  return {
    read: (name: string): Promise<string | null> => redis.get(keys.campaign(name)),

    /** False, and nothing saved, unless `token` still holds the claim. */
    save: async (name: string, token: string, campaignId: string): Promise<boolean> =>
      (await redis.eval(
        saveScript,
        2,
        keys.campaign(name),
        claimKey(name),
        token,
        campaignId,
        keptSeconds,
      )) === 1,

    claim: (name: string, token: string, ttlMs: number): Promise<boolean> =>
      createLock({ redis, key: claimKey(name), token, ttlMs }).acquire(),

    release: async (name: string, token: string): Promise<void> => {
      await createLock({ redis, key: claimKey(name), token, ttlMs: 1 }).release();
    },
  };
};

export type RedisCampaignRegistry = ReturnType<typeof createCampaignRegistry>;
