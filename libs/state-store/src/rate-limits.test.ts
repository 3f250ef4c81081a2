// Risk: many connections together get more than one may have, one caller's haste stops another, or a store that is away lets everybody in.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createRateLimits } from './rate-limits.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

const limits = { read: { takesMax: 20, perSeconds: 60 }, login: { takesMax: 5, perSeconds: 300 } };
let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

test('of a crowd over many connections exactly as many get through as the limit says', async () => {
  const connections = Array.from({ length: 4 }, () => fixture.open());
  await Promise.all(connections.map((redis) => redis.ping()));
  const doors = connections.map((redis) => createRateLimits({ redis, keys: gate.keys }, limits));
  const answers = await Promise.all(
    doors.flatMap((door) => Array.from({ length: 25 }, () => door.take('read', 'sam'))),
  );
  expect(answers.filter((answer) => answer.ok)).toHaveLength(20);
  const refused = answers.find((answer) => !answer.ok);
  expect(refused?.resetMs).toBeGreaterThan(50_000);
  expect(refused?.resetMs).toBeLessThanOrEqual(60_000);
});

test('callers and kinds are counted apart, and what remains is told', async () => {
  const door = createRateLimits(gate.session, limits);
  for (let take = 1; take <= 5; take += 1)
    expect(await door.take('login', 'address-1')).toMatchObject({ ok: true, remaining: 5 - take });
  expect(await door.take('login', 'address-1')).toMatchObject({ ok: false, remaining: 0 });
  expect(await door.take('login', 'address-2')).toMatchObject({ ok: true });
  expect(await door.take('read', 'address-1')).toMatchObject({ ok: true, remaining: 19 });
});

test('who is over the limit is refused without asking the store', async () => {
  const door = createRateLimits(gate.session, limits);
  for (let take = 1; take <= 6; take += 1) await door.take('login', 'sam');
  await gate.redis.flushdb();
  expect(await door.take('login', 'sam')).toMatchObject({ ok: false });
});

test('a take that is given back was none, and the others stay', async () => {
  const door = createRateLimits(gate.session, limits);
  for (let take = 1; take <= 4; take += 1) await door.take('login', 'sam');
  for (let round = 1; round <= 9; round += 1) {
    expect(await door.take('login', 'sam')).toMatchObject({ ok: true, remaining: 0 });
    await door.giveBack('login', 'sam');
  }
  expect(await door.take('login', 'sam')).toMatchObject({ ok: true, remaining: 0 });
  expect(await door.take('login', 'sam')).toMatchObject({ ok: false });
});

test('a store that is away is an error, never a yes', async () => {
  const away = new Redis({ port: 1, host: '127.0.0.1', lazyConnect: true, enableOfflineQueue: false });
  const door = createRateLimits({ redis: away, keys: gate.keys }, limits);
  await expect(door.take('read', 'sam')).rejects.toThrow();
  away.disconnect();
});
