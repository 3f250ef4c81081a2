import { Writable } from 'node:stream';
import { createRedisConnections } from '@caio/service-kit';
import { createKeys, createStoreSession, type Keys, type StoreSession } from '@caio/state-store';
import { type RedisServer, startRedis } from '@caio/test-kit';
import { createLogger, createRedactor, type Logger } from '@caio/trace-envelope';

/** A log whose lines a test can read. */
export const createTestLog = (): {
  logger: Logger;
  lines: () => Record<string, unknown>[];
} => {
  const lines: Record<string, unknown>[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(Object(JSON.parse(chunk.toString('utf8'))) as Record<string, unknown>);
      done();
    },
  });
  const logger = createLogger({
    service: 'gatekeeper',
    level: 'debug',
    stream,
    redactor: createRedactor(),
    now: Date.now,
  });
  return { logger, lines: () => lines };
};

export interface RealStore {
  readonly server: RedisServer;
  /** A connection as the service opens it, and the keys of an environment that nobody else in the test has. */
  readonly openSession: () => Promise<StoreSession>;
  /** A second process in the same environment. */
  readonly openTwin: (keys: Keys) => Promise<StoreSession>;
  readonly close: () => Promise<void>;
}

/** One real Redis for one test file, spoken to over the connections of the service. */
export const openRealStore = async (): Promise<RealStore> => {
  const server = await startRedis();
  const connections = createRedisConnections({
    url: server.url,
    role: 'http',
    logger: createTestLog().logger,
    now: Date.now,
  });
  let environments = 0;
  const openTwin = async (keys: Keys): Promise<StoreSession> => {
    const redis = connections.connect('test');
    if (!(await connections.whenReady(redis, 10_000))) throw new Error('the test Redis does not answer');
    const session = createStoreSession({ redis, keys });
    await session.refresh();
    return session;
  };
  return {
    server,
    openTwin,
    openSession: () => {
      environments += 1;
      return openTwin(createKeys(`test-${environments}`));
    },
    close: async () => {
      await connections.close();
      await server.stop();
    },
  };
};
