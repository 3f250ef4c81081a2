// Risk: a worker whose lock ran out goes on as its holder, or ends the lock of the one who has it now.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createLock } from './lock.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
});
afterAll(() => fixture.close());

const lockOf = (token: string) =>
  createLock({ redis: gate.redis, key: gate.keys.lock('chore'), token, ttlMs: 60_000 });
const expire = () => gate.redis.pexpire(gate.keys.lock('chore'), 0);

test('one of many holds it; release hands it on', async () => {
  const locks = Array.from({ length: 20 }, (_, number) => lockOf(`token-${number}`));
  const held = await Promise.all(locks.map((lock) => lock.acquire()));
  expect(held.filter(Boolean)).toHaveLength(1);
  expect(await locks[held.indexOf(true)]?.release()).toBe(true);
  expect(await lockOf('next').acquire()).toBe(true);
});

test('the holder renews it, nobody else does, and a lock that ran out cannot be renewed', async () => {
  const lock = lockOf('one');
  await lock.acquire();
  await gate.redis.pexpire(gate.keys.lock('chore'), 1_000);
  expect(await lockOf('two').renew()).toBe(false);
  expect(await gate.redis.pttl(gate.keys.lock('chore'))).toBeLessThanOrEqual(1_000);
  expect(await lock.renew()).toBe(true);
  expect(await gate.redis.pttl(gate.keys.lock('chore'))).toBeGreaterThan(1_000);
  await expire();
  expect(await lock.renew()).toBe(false);
  expect(await gate.redis.exists(gate.keys.lock('chore'))).toBe(0);
});

test('a holder whose lock ran out neither releases nor renews the next one’s', async () => {
  const slow = lockOf('slow');
  await slow.acquire();
  await expire();
  const quick = lockOf('quick');
  expect(await quick.acquire()).toBe(true);
  expect(await slow.release()).toBe(false);
  expect(await slow.renew()).toBe(false);
  expect(await quick.renew()).toBe(true);
});
