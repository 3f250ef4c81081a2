import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type RedisServer, startRedis } from '@caio/test-kit';
import { Redis } from 'ioredis';
import type { Scenario, StoreMishap } from './scenario.ts';

/** How much the older copy does not know. */
const forgottenMs = 1_000;

/** The store of one scenario: a real Redis with its append-only file, which dies and comes back, also older. */
export const openStore = async ({ aof }: Pick<Scenario, 'aof'>) => {
  const dir = mkdtempSync(join(tmpdir(), 'caio-crash-store-'));
  const server: RedisServer = await startRedis({ aof, dir });
  const redis = new Redis(server.url, { maxRetriesPerRequest: null, retryStrategy: () => 50 });
  redis.on('error', () => undefined);
  const file = join(dir, 'appendonlydir');
  const copy = join(dir, 'older-copy');

  return {
    url: server.url,
    port: server.port,
    redis,
    /** Ends it as a crash does and starts it again from its file, or from the file as it was a second ago. */
    strike: async (kind: StoreMishap): Promise<void> => {
      if (kind === 'store-older') {
        rmSync(copy, { recursive: true, force: true });
        cpSync(file, copy, { recursive: true });
        await pause(forgottenMs);
      }
      await server.kill9();
      if (kind === 'store-older') {
        rmSync(file, { recursive: true, force: true });
        cpSync(copy, file, { recursive: true });
      }
      await server.restart();
    },
    close: async (): Promise<void> => {
      redis.disconnect();
      await server.kill9();
      rmSync(dir, { recursive: true, force: true });
    },
  };
};
