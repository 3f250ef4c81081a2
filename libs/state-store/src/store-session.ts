import type { Redis } from 'ioredis';
import type { Keys } from './keys.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';

/**
 * One connection that knows which run of the store it talks to. The run id is forgotten the moment the
 * connection closes and learned again before the next decision, so a restarted store (perhaps an older
 * copy) is noticed by the first caller that reaches it. See docs/adr/0004-store-runs.md.
 */
export interface StoreSession {
  readonly redis: Redis;
  readonly keys: Keys;
  /** Run id of the connected store, or null while it is not known. */
  readonly runId: () => string | null;
  /** Reads and registers the run id when it is not known. Throws when the store cannot be reached. */
  readonly refresh: () => Promise<StoreRun>;
  readonly close: () => Promise<void>;
}

export interface StoreRun {
  readonly runId: string;
  readonly recovering: boolean;
  /** The name this store was given when it was first used; no other store ever has it. */
  readonly storeId: string;
}

const runIdOf = (info: string): string => {
  const match = /^run_id:(\S+)/m.exec(info);
  if (match?.[1] === undefined) throw new Error('the store did not report its run id (INFO server)');
  return match[1];
};

export const createStoreSession = (options: {
  redis: Redis;
  keys: Keys;
  /** Name of the store as it is remembered outside it; another store stops everything (store_replaced). */
  knownStoreId?: string | null;
  onError?: (error: unknown) => void;
}): StoreSession => {
  const { redis, keys } = options;
  let runId: string | null = null;
  // Not forgotten when the connection closes: what comes back has to be the same store.
  let storeId = options.knownStoreId ?? '';
  let closings = 0;
  const refresh = async (): Promise<StoreRun> => {
    for (;;) {
      const closingsBefore = closings;
      const seen = runIdOf(await redis.info('server'));
      const reply = replyTexts(
        scripts.registerStore,
        await runScript(
          redis,
          scripts.registerStore,
          [keys.store, keys.audit, keys.halt],
          [seen, 'store-session', storeId],
        ),
      );
      // Closed in between: the name is one store's and the answer may be another's.
      if (closings !== closingsBefore) continue;
      runId = seen;
      storeId = reply[1] ?? '';
      return { runId: seen, recovering: reply[0] === '1', storeId };
    }
  };
  const forget = (): void => {
    runId = null;
    closings += 1;
  };
  const learn = (): void => {
    refresh().catch((error: unknown) => options.onError?.(error));
  };
  redis.on('close', forget);
  redis.on('end', forget);
  redis.on('ready', learn);
  if (redis.status === 'ready') learn();
  return {
    redis,
    keys,
    runId: () => runId,
    refresh,
    close: async () => {
      redis.off('ready', learn);
      runId = null;
      await redis.quit().catch(() => redis.disconnect());
    },
  };
};
