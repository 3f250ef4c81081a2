// Risk: a lost Redis crashes a service, makes it hang, floods its log, or makes it send a command twice.
import { startRedis, waitFor } from '@caio/test-kit';
import type { RedisServer } from '@caio/test-kit';
import type { Logger } from '@caio/trace-envelope';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { problemOf } from './http-problem.ts';
import { createRedisConnections } from './redis-connections.ts';
import type { RedisConnections, RedisRole } from './redis-connections.ts';

let redis: RedisServer;
const lines: { level: string; fields: Readonly<Record<string, unknown>>; message: string }[] = [];
const lineAt = (level: string) => (fields: Readonly<Record<string, unknown>>, message: string) =>
  void lines.push({ level, fields, message });
const logger: Logger = {
  error: lineAt('error'),
  warn: lineAt('warn'),
  info: lineAt('info'),
  debug: lineAt('debug'),
};

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());
beforeEach(() => {
  lines.length = 0;
});

const open = (role: RedisRole): RedisConnections =>
  createRedisConnections({ url: redis.url, role, logger, now: () => performance.now() });

test('a connection says when it is ready, works, and carries its name', async () => {
  const connections = open('http');
  const client = connections.connect('limits');
  expect(await connections.whenReady(client, 5_000)).toBe(true);
  expect(await client.set('a', '1')).toBe('OK');
  expect(await client.client('GETNAME')).toBe('limits');
  await connections.close();
  expect(client.status).toBe('end');
});

test('without Redis an HTTP command fails at once, as store_unavailable, and the log stays quiet', async () => {
  const connections = open('http');
  const client = connections.connect('state');
  expect(await connections.whenReady(client, 5_000)).toBe(true);
  let errors = 0;
  client.on('error', () => (errors += 1));
  await redis.kill9();
  await waitFor(() => client.status !== 'ready', { timeoutMs: 5_000, describe: 'the loss' });
  const started = performance.now();
  const failure = await client.set('a', '2').catch((error: unknown) => error);
  expect(performance.now() - started).toBeLessThan(500);
  expect(problemOf(failure).code).toBe('store_unavailable');
  await waitFor(() => errors >= 3, { timeoutMs: 5_000, describe: 'three failed attempts' });
  await redis.restart();
  expect(await connections.whenReady(client, 10_000)).toBe(true);
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  expect(lines.at(-1)).toMatchObject({ level: 'info', fields: { connection: 'state' } });
  expect(await client.set('a', '3')).toBe('OK');
  await connections.close();
});

test('a command whose answer was lost is not sent again over HTTP', async () => {
  const connections = open('http');
  const client = connections.connect('state');
  await connections.whenReady(client, 5_000);
  const other = connections.connect('other');
  await connections.whenReady(other, 5_000);
  await client.del('count');
  const id = await client.client('ID');
  // Blocks on the server until the connection is cut, so its answer is lost for certain.
  const lost = client.blpop('never', 0).catch((error: unknown) => error);
  await waitFor(async () => String(await other.client('LIST')).includes('cmd=blpop'), {
    timeoutMs: 5_000,
    describe: 'the blocked command',
  });
  const started = performance.now();
  await other.client('KILL', 'ID', id);
  expect(problemOf(await lost).code).toBe('store_unavailable');
  expect(performance.now() - started).toBeLessThan(1_000);
  await connections.whenReady(client, 5_000);
  expect(String(await other.client('LIST'))).not.toContain('cmd=blpop');
  await connections.close();
});

test('a command before the connection is there is refused, not kept for later', async () => {
  const connections = open('http');
  const client = connections.connect('early');
  const failure = await client.set('early', '1').catch((error: unknown) => error);
  expect(problemOf(failure).code).toBe('store_unavailable');
  await connections.whenReady(client, 5_000);
  expect(await client.get('early')).toBeNull();
  await connections.close();
});

test('a slow answer ends in time over HTTP', async () => {
  const connections = open('http');
  const client = connections.connect('state');
  await connections.whenReady(client, 5_000);
  const started = performance.now();
  const failure = await client.blpop('never', 0).catch((error: unknown) => error);
  expect(performance.now() - started).toBeLessThan(4_000);
  expect(problemOf(failure).code).toBe('store_unavailable');
  await connections.close();
});

test('a worker waits for Redis instead', async () => {
  const connections = open('worker');
  const client = connections.connect('drafts');
  await connections.whenReady(client, 5_000);
  await redis.kill9();
  await waitFor(() => client.status !== 'ready', { timeoutMs: 5_000, describe: 'the loss' });
  const waiting = client.set('b', '1');
  await redis.restart();
  expect(await waiting).toBe('OK');
  await connections.close();
});

test('a rediss address asks for TLS, and every address for both IP families', async () => {
  const url = 'rediss://127.0.0.1:1';
  const connections = createRedisConnections({ url, role: 'worker', logger, now: () => performance.now() });
  const { options } = connections.connect('secure');
  expect(options.tls).toBeTruthy();
  expect(options.family).toBe(0);
  await connections.close();
});

test('nobody there is known in time, and closing does not wait for it', async () => {
  const connections = createRedisConnections({
    url: 'redis://127.0.0.1:1',
    role: 'http',
    logger,
    now: () => performance.now(),
  });
  const client = connections.connect('state');
  expect(await connections.whenReady(client, 300)).toBe(false);
  await connections.close();
  expect(await connections.whenReady(client, 300)).toBe(false);
});

test('a full Redis is not told as one that cannot be reached, whichever way the command went', async () => {
  const connections = open('http');
  const client = connections.connect('state');
  expect(await connections.whenReady(client, 5_000)).toBe(true);
  await client.config('SET', 'maxmemory', '1');
  try {
    const failures = [
      await client.set('a', '4').catch((error: unknown) => error),
      await client.eval("return redis.call('SET', KEYS[1], '5')", 1, 'a').catch((error: unknown) => error),
      (await client.pipeline().set('a', '6').exec())?.[0]?.[0],
    ];
    for (const failure of failures) {
      const { code, detail } = problemOf(failure);
      expect([code, detail.details]).toEqual(['store_unavailable', { reason: 'store_full' }]);
      expect(detail.message).toContain('full');
      expect(detail.fix).toContain('maxmemory');
    }
  } finally {
    await client.config('SET', 'maxmemory', '0');
  }
  expect(await client.set('a', '7')).toBe('OK');
  await connections.close();
});
