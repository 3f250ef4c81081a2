// Risk: of many people asked about at once, one is given another's answer, and a barred person is written to.
import { type RedisServer, startRedis } from '@caio/test-kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { hasAnyField } from './any-field.ts';

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

test('each group has the answer it would have alone', async () => {
  const field = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g');
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(field, { minLength: 1 }),
      fc.array(fc.array(field, { maxLength: 4 }), { maxLength: 12 }),
      async (stored, groups) => {
        await redis.del('hash');
        await redis.hset('hash', Object.fromEntries(stored.map((name) => [name, 'x'])));
        expect(await hasAnyField(redis, 'hash', groups)).toEqual(
          groups.map((group) => group.some((name) => stored.includes(name))),
        );
      },
    ),
    { numRuns: 150 },
  );
});
