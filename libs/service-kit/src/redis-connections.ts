import type { Logger } from '@caio/trace-envelope';
import { Redis } from 'ioredis';
import type { RedisOptions } from 'ioredis';

/**
 * `http` answers a person: it refuses at once when the store is away, gives up after `commandTimeoutMs`, and never sends a
 * command twice. `worker` serves a queue: it waits for the store as long as it takes.
 */
export type RedisRole = 'http' | 'worker';

export interface RedisConnections {
  /** A new connection of this role; `name` shows in the log and in CLIENT LIST. */
  connect(name: string): Redis;
  /** Resolves when the connection can be used, or with false after `timeoutMs`. */
  whenReady(redis: Redis, timeoutMs: number): Promise<boolean>;
  /** Closes every connection made here. */
  close(): Promise<void>;
}

const errorEveryMs = 10_000;
const goodbyeMs = 1_000;

const optionsOf = (role: RedisRole, name: string, commandTimeoutMs: number): RedisOptions => ({
  // Private networks of hosting platforms are IPv6 only; 0 asks for both families.
  family: 0,
  connectionName: name,
  connectTimeout: 5_000,
  disconnectTimeout: 500,
  retryStrategy: (attempt) => Math.min(attempt * 100, 2_000),
  // A replica after a failover: connect again, to whoever is the primary now.
  reconnectOnError: (error) => error.message.startsWith('READONLY'),
  // A command whose answer was lost may have been carried out; whoever asked decides what that means.
  autoResendUnfulfilledCommands: role === 'worker',
  ...(role === 'http'
    ? { enableOfflineQueue: false, commandTimeout: commandTimeoutMs, maxRetriesPerRequest: 0 }
    : { maxRetriesPerRequest: null }),
});

/** Errors are logged at once and then summed up every ten seconds, so that an outage does not flood the log. */
const watchErrors = (redis: Redis, name: string, logger: Logger, now: () => number): void => {
  let loggedAtMs = Number.NEGATIVE_INFINITY;
  let unlogged = 0;
  let failing = false;
  redis.on('error', (error: Error) => {
    failing = true;
    const at = now();
    if (at - loggedAtMs < errorEveryMs && at >= loggedAtMs) {
      unlogged += 1;
      return;
    }
    loggedAtMs = at;
    logger.error({ connection: name, err: error, unlogged }, 'The connection to Redis failed.');
    unlogged = 0;
  });
  redis.on('ready', () => {
    if (!failing) return;
    failing = false;
    loggedAtMs = Number.NEGATIVE_INFINITY;
    logger.info({ connection: name, unlogged }, 'The connection to Redis is back.');
    unlogged = 0;
  });
};

/** Says goodbye where someone listens; between two attempts to connect there is nothing to wait for. */
const end = (redis: Redis): Promise<void> =>
  new Promise((resolve) => {
    if (redis.status === 'end') return resolve();
    if (redis.status === 'reconnecting') {
      redis.disconnect();
      return resolve();
    }
    // A blocking command holds QUIT back for as long as it blocks.
    const timer = setTimeout(() => redis.disconnect(), goodbyeMs);
    redis.once('end', () => {
      clearTimeout(timer);
      resolve();
    });
    if (redis.status === 'ready') redis.quit().catch(() => redis.disconnect());
    else redis.disconnect();
  });

/** Makes connections of one role to one Redis (redis:// or rediss://). Errors are always handled. */
export const createRedisConnections = (options: {
  url: string;
  role: RedisRole;
  logger: Logger;
  now: () => number;
  /** How long a command of the role `http` may take. */
  commandTimeoutMs?: number;
}): RedisConnections => {
  const open = new Set<Redis>();
  return {
    connect: (name) => {
      const redis = new Redis(options.url, optionsOf(options.role, name, options.commandTimeoutMs ?? 2_000));
      watchErrors(redis, name, options.logger, options.now);
      open.add(redis);
      redis.once('end', () => open.delete(redis));
      return redis;
    },
    whenReady: (redis, timeoutMs) =>
      new Promise((resolve) => {
        if (redis.status === 'ready') return resolve(true);
        if (redis.status === 'end') return resolve(false);
        const settle = (ready: boolean): void => {
          clearTimeout(timer);
          redis.off('ready', onReady).off('end', onEnd);
          resolve(ready);
        };
        const onReady = (): void => settle(true);
        const onEnd = (): void => settle(false);
        const timer = setTimeout(() => settle(false), timeoutMs);
        redis.once('ready', onReady).once('end', onEnd);
      }),
    close: async () => {
      await Promise.all([...open].map(end));
    },
  };
};
