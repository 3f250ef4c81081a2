// Risk: Redis refuses a command and the log line about it carries the whole message and its reader's name.
import { Writable } from 'node:stream';
import { startRedis, type RedisServer } from '@caio/test-kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLogger } from './logger.ts';
import { createRedactor } from './redactor.ts';

const marked = 'Dear Ines Holm, marked-4711';
let server: RedisServer;
let redis: Redis;

beforeAll(async () => {
  server = await startRedis();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const refusal = async (): Promise<unknown> => {
  await redis.set('a-text', 'x');
  return redis.hset('a-text', 'body', marked).then(
    () => null,
    (error: unknown) => error,
  );
};

test.each(['info', 'debug'] as const)(
  'at %s a refused command is logged with its name and message, never with its arguments',
  async (level) => {
    const refused = await refusal();
    // Otherwise there would be nothing to leak, and the test would prove nothing.
    expect(JSON.stringify(refused)).toContain(marked);
    let line = '';
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        line += chunk.toString('utf8');
        done();
      },
    });
    const logger = createLogger({
      ...{ service: 'gatekeeper', level, stream, redactor: createRedactor(), now: () => 0 },
    });
    logger.error(
      { err: refused, wrapped: new Error('not stored', { cause: refused }), list: [refused] },
      'The store refused.',
    );
    expect(line).toContain('ReplyError');
    expect(line).toContain('WRONGTYPE');
    expect(line).not.toContain('marked-4711');
    expect(line).not.toContain('Ines');
    expect(line).not.toContain('"command"');
  },
);
