// Risk: after the store was restarted, perhaps as an older copy, decisions go on as if nothing had happened.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { type RedisServer, startRedis, waitFor } from '@caio/test-kit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis, type RedisOptions } from 'ioredis';
import { createAuditLog } from './audit-log.ts';
import { createKeys } from './keys.ts';
import { createStoreLifecycle } from './store-lifecycle.ts';
import { createStoreSession, type StoreSession } from './store-session.ts';

const keys = createKeys('test');
let server: RedisServer;
const opened: Redis[] = [];
const ended: (() => Promise<void>)[] = [];

const connectTo = (url: string, options: RedisOptions = {}): Redis => {
  const redis = new Redis(url, { retryStrategy: () => 20, ...options });
  redis.on('error', () => undefined);
  opened.push(redis);
  return redis;
};
const open = (onError?: (error: unknown) => void): StoreSession =>
  createStoreSession({ redis: connectTo(server.url), keys, ...(onError === undefined ? {} : { onError }) });
const learned = (session: StoreSession, not: string | null = null) =>
  waitFor(() => session.runId() !== not && session.runId(), { timeoutMs: 5_000, describe: 'a run id' });
const kindsOfRows = async (session: StoreSession) =>
  (await createAuditLog(session).rowsAfter('', 100)).map(({ row }) => row.kind);

beforeEach(async () => {
  // Every write survives a crash, so that what comes back knows which run it was.
  server = await startRedis({ aof: 'always' });
});
afterEach(async () => {
  for (const redis of opened.splice(0)) if (redis.status !== 'end') redis.disconnect();
  for (const end of ended.splice(0)) await end();
  await server.stop();
});

describe('which run of the store this is', () => {
  test('is learned without asking, is sound on a new store and the same for everybody', async () => {
    const [one, two] = [open(), open()];
    expect(await learned(one)).toBe(await learned(two));
    const sound = { runId: one.runId(), recovering: false, storeId: expect.stringMatching(/^[0-9a-f]{24}$/) };
    expect(await one.refresh()).toEqual(sound);
    expect(await createStoreLifecycle(one).isRecovering()).toBe(false);
    // Both came at once; the store is born once.
    expect(await kindsOfRows(one)).toEqual(['store.born']);
  });

  test('is forgotten when the connection closes and learned anew after a real restart, which is a recovery', async () => {
    const [one, two] = [open(), open()];
    const before = await learned(one);
    await learned(two);
    const closed = once(one.redis, 'close');
    await server.kill9();
    await closed;
    expect(one.runId()).toBeNull();
    await server.restart();
    expect(await learned(one)).not.toBe(before);
    await learned(two, before);
    const lifecycle = createStoreLifecycle(one);
    expect(await lifecycle.isRecovering()).toBe(true);
    expect(await one.refresh()).toMatchObject({ runId: one.runId(), recovering: true });
    // Both connections noticed; the store says it once.
    expect(await kindsOfRows(one)).toEqual(['store.born', 'store.recovering']);
  });

  test('is recovering until that very run was compared', async () => {
    const session = open();
    const before = await learned(session);
    await server.kill9();
    await server.restart();
    const now = await learned(session, before);
    const lifecycle = createStoreLifecycle(session);
    expect(await lifecycle.finishRecovery(before, 'correlation-1')).toBe(false);
    expect(await lifecycle.isRecovering()).toBe(true);
    expect(await lifecycle.finishRecovery(now, 'correlation-1')).toBe(true);
    expect(await lifecycle.finishRecovery(now, 'correlation-1')).toBe(true);
    expect(await session.refresh()).toMatchObject({ runId: now, recovering: false });
    expect(await kindsOfRows(session)).toEqual(['store.born', 'store.recovering', 'store.recovered']);
  });

  test('is never the name of one store with the answer of another', async () => {
    const older = await startRedis();
    ended.push(() => older.stop());
    const first = open();
    const runOfFirst = await learned(first);
    // An older copy remembers the run it was copied from.
    await connectTo(older.url).hset(keys.store, { runId: runOfFirst, recovering: '0' });

    // A door that leads to the first store until it has named itself, and to the older copy from then on.
    let target = server.port;
    const sockets = new Set<Socket>();
    const door = createServer((client) => {
      const store = connect({ port: target, host: '127.0.0.1' });
      const leadsToFirst = target === server.port;
      for (const socket of [client, store]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
      }
      client.on('data', (bytes) => store.write(bytes));
      store.on('data', (bytes) => {
        client.write(bytes);
        if (!leadsToFirst || !bytes.includes(runOfFirst)) return;
        target = older.port;
        client.end();
        store.destroy();
      });
      store.on('close', () => client.end());
      client.on('close', () => store.destroy());
    });
    door.listen(0, '127.0.0.1');
    await once(door, 'listening');
    ended.push(async () => {
      sockets.forEach((socket) => socket.destroy());
      door.close();
      await once(door, 'close');
    });
    const address = door.address();
    const url = `redis://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
    // Without the driver's own question on connecting, so that ours is the first.
    const session = createStoreSession({ redis: connectTo(url, { enableReadyCheck: false }), keys });
    expect(await session.refresh()).toMatchObject({
      runId: expect.not.stringContaining(runOfFirst),
      recovering: true,
    });
  });

  test('that cannot be learned is reported and stays unknown', async () => {
    await connectTo(server.url).set(keys.store, 'somebody else’s value');
    const reported = new Promise((resolve) => {
      const session = open((error) => resolve([error, session.runId()]));
    });
    expect(await reported).toEqual([
      expect.objectContaining({ message: expect.stringContaining('WRONGTYPE') }),
      null,
    ]);
  });

  test('is unknown after the end', async () => {
    const session = open();
    await learned(session);
    const end = once(session.redis, 'end');
    await session.close();
    await end;
    expect(session.runId()).toBeNull();
    await expect(session.refresh()).rejects.toThrow();
  });
});

describe('which store this is', () => {
  const haltOf = async (session: StoreSession) => session.redis.hgetall(keys.halt);

  test('is decided once and outlives the connection and the process of the store', async () => {
    const session = open();
    const { storeId } = await session.refresh();
    const before = await learned(session);
    await server.kill9();
    await server.restart();
    await learned(session, before);
    expect(await session.refresh()).toMatchObject({ storeId, recovering: true });
    expect(await haltOf(session)).toEqual({});
  });

  test('a store that was emptied under us is another one, and everything stops until a person lifts it', async () => {
    const session = open();
    const { storeId } = await session.refresh();
    await session.redis.flushall();
    const now = await session.refresh();
    expect(now.storeId).not.toBe(storeId);
    expect(await haltOf(session)).toMatchObject({
      active: '1',
      by: 'gatekeeper',
      reason: expect.stringContaining('store_replaced'),
    });
    expect(await kindsOfRows(session)).toEqual(['store.born', 'store.replaced', 'halt.set']);
    expect((await createAuditLog(session).rowsAfter('', 2))[1]?.row).toMatchObject({
      from: storeId,
      to: now.storeId,
    });
    // Said once: a stop that was lifted stays lifted.
    await session.redis.hset(keys.halt, 'active', '0');
    await session.refresh();
    expect(await haltOf(session)).toMatchObject({ active: '0' });
    expect(await kindsOfRows(session)).toHaveLength(3);
  });

  test('a stop that is there keeps its name and reason', async () => {
    const session = open();
    await session.refresh();
    await session.redis.del(keys.store);
    await session.redis.hset(keys.halt, { active: '1', by: 'ada', reason: 'a wrong list' });
    await session.refresh();
    expect(await haltOf(session)).toMatchObject({ by: 'ada', reason: 'a wrong list' });
    expect(await kindsOfRows(session)).toEqual(['store.born', 'store.born', 'store.replaced']);
  });

  test('is remembered from before the process, when it is given', async () => {
    const session = createStoreSession({
      redis: connectTo(server.url),
      keys,
      knownStoreId: 'the-one-before',
    });
    await session.refresh();
    expect(await haltOf(session)).toMatchObject({ active: '1' });
    expect((await createAuditLog(session).rowsAfter('', 2))[1]?.row).toMatchObject({
      from: 'the-one-before',
    });
  });

  test('a store that an earlier version filled is named where it stands and goes on', async () => {
    const redis = connectTo(server.url);
    await redis.xadd(keys.audit, '*', 'kind', 'forged');
    await redis.hset(keys.store, { runId: 'an earlier run', recovering: '0' });
    const session = open();
    expect(await session.refresh()).toMatchObject({ storeId: expect.stringMatching(/./), recovering: true });
    const kinds = (await createAuditLog(session).rawRowsAfter('', 10)).map(({ fields }) =>
      fields.find((_, at) => fields[at - 1] === 'kind'),
    );
    expect(kinds).toEqual(['forged', 'store.identified', 'store.recovering']);
    expect(await haltOf(session)).toEqual({});
  });
});

test('durability is what the server says of itself', async () => {
  const session = open();
  expect(await createStoreLifecycle(session).durability()).toEqual({
    evictionPolicy: 'noeviction',
    appendOnly: true,
    version: expect.stringMatching(/^\d+\.\d+/),
  });
  await session.redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
  expect(await createStoreLifecycle(session).durability()).toMatchObject({ evictionPolicy: 'allkeys-lru' });
});
