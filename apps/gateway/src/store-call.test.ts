// Risk: a store that is full is told as one that cannot be reached, and somebody looks for the fault in the network.
import { problemOf } from '@caio/service-kit';
import { CorruptRecordError } from '@caio/state-store';
import { startRedis, type RedisServer } from '@caio/test-kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { askStore } from './store-call.ts';

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

const failureOf = (ask: () => Promise<unknown>) =>
  askStore(ask).then(
    () => null,
    (error: unknown) => error,
  );

test('a full store says so, any other failure that nothing is decided, and a damaged record stays one', async () => {
  await redis.config('SET', 'maxmemory', '1');
  const full = problemOf(await failureOf(() => redis.set('a', '1')));
  await redis.config('SET', 'maxmemory', '0');
  expect([full.code, full.detail.details]).toEqual(['store_unavailable', { reason: 'store_full' }]);
  const other = problemOf(await failureOf(() => redis.call('NO-SUCH-COMMAND')));
  expect([other.code, other.detail]).toEqual(['store_unavailable', {}]);
  const damaged = new CorruptRecordError('a key', 'it is not one');
  expect(await failureOf(() => Promise.reject(damaged))).toBe(damaged);
  expect(await askStore(() => redis.set('a', '2'))).toBe('OK');
});
