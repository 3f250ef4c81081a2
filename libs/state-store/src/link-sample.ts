import type { StoreSession } from './store-session.ts';

/** One unsubscribe link as they are made now, of nobody, for whoever reads links to try. */
export const createLinkSample = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  remember: async (token: string): Promise<void> => {
    await redis.set(keys.linkSample, token);
  },
  /** Null while none was made. */
  read: (): Promise<string | null> => redis.get(keys.linkSample),
});

export type LinkSample = ReturnType<typeof createLinkSample>;
