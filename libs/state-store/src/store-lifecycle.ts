import { z } from 'zod';
import { parseRecord } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** Facts of the store itself: which run it is, whether it is being compared, whether it may be trusted. */
export const createStoreLifecycle = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  isRecovering: async (): Promise<boolean> => (await redis.hget(keys.store, 'recovering')) === '1',

  /** True when sending may go on; false when the store restarted again meanwhile. */
  finishRecovery: async (runId: string, correlationId: string): Promise<boolean> => {
    const [code] = replyTexts(
      scripts.finishRecovery,
      await runScript(redis, scripts.finishRecovery, [keys.store, keys.audit], [runId, correlationId]),
    );
    return code === '0';
  },

  /** Eviction policy and append-only file, from INFO because managed stores often refuse CONFIG. */
  durability: async (): Promise<{ evictionPolicy: string; appendOnly: boolean; version: string }> => {
    const info = await redis.info();
    const field = (name: string): string => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? '';
    return parseRecord(
      'INFO',
      z.object({ evictionPolicy: z.string(), appendOnly: z.boolean(), version: z.string() }),
      {
        evictionPolicy: field('maxmemory_policy'),
        appendOnly: field('aof_enabled') === '1',
        version: field('redis_version'),
      },
    );
  },
});

export type StoreLifecycle = ReturnType<typeof createStoreLifecycle>;
