// Risk: two processes both believe that a provider campaign is theirs to make, or a name points to the loser's campaign.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createCampaignRegistry, type RedisCampaignRegistry } from './campaign-registry.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
let gate: Gate;
let registry: RedisCampaignRegistry;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
  registry = createCampaignRegistry(gate.session);
});
afterAll(() => fixture.close());

const name = 'caio_test_bat_1_tier_1';
const claimKey = (): string => gate.keys.lock(`campaign:${name}`);
/** What the end of its time to live does to a claim. */
const expireClaim = () => gate.redis.pexpire(claimKey(), 0);

test('of a crowd over many connections exactly one claims a name, and others only once it is released', async () => {
  const registries = Array.from({ length: 5 }, () =>
    createCampaignRegistry({ redis: fixture.open(), keys: gate.keys }),
  );
  const claims = await Promise.all(
    Array.from({ length: 50 }, (_, number) =>
      (registries[number % 5] ?? registry).claim(name, `token-${number}`, 60_000),
    ),
  );
  expect(claims.filter(Boolean)).toHaveLength(1);
  const winner = `token-${claims.indexOf(true)}`;
  await registry.release(name, 'token-of-nobody');
  expect(await registry.claim(name, 'late', 60_000)).toBe(false);
  await registry.release(name, winner);
  expect(await registry.claim(name, 'late', 60_000)).toBe(true);
});

test('a claim ends by itself', async () => {
  await registry.claim(name, 'one', 60_000);
  const leftMs = await gate.redis.pttl(claimKey());
  expect(leftMs).toBeGreaterThan(0);
  expect(leftMs).toBeLessThanOrEqual(60_000);
  await expireClaim();
  expect(await registry.claim(name, 'two', 60_000)).toBe(true);
});

test('who lost the claim saves nothing, with and without a new holder', async () => {
  await registry.claim(name, 'slow', 60_000);
  await expireClaim();
  expect(await registry.save(name, 'slow', 'campaign-of-slow')).toBe(false);
  expect(await registry.read(name)).toBeNull();
  await registry.claim(name, 'quick', 60_000);
  expect(await registry.save(name, 'quick', 'campaign-of-quick')).toBe(true);
  expect(await registry.save(name, 'slow', 'campaign-of-slow')).toBe(false);
  expect(await registry.read(name)).toBe('campaign-of-quick');
});

test('who lost the claim does not end the claim of the next one', async () => {
  await registry.claim(name, 'slow', 60_000);
  await expireClaim();
  await registry.claim(name, 'quick', 60_000);
  await registry.release(name, 'slow');
  expect(await registry.claim(name, 'third', 60_000)).toBe(false);
  expect(await registry.save(name, 'quick', 'campaign-of-quick')).toBe(true);
});

test('a save by somebody who never claimed changes nothing', async () => {
  expect(await registry.save(name, 'stranger', 'campaign-of-a-stranger')).toBe(false);
  expect(await registry.read(name)).toBeNull();
});

test('a saved name outlives its claim and every batch that may still need it', async () => {
  await registry.claim(name, 'one', 60_000);
  await registry.save(name, 'one', 'campaign-1');
  await registry.release(name, 'one');
  expect(await registry.read(name)).toBe('campaign-1');
  expect(await gate.redis.ttl(gate.keys.campaign(name))).toBeGreaterThan(80 * 86_400);
});

test('names are claimed one by one, and another environment is another world', async () => {
  await registry.claim(name, 'one', 60_000);
  await registry.save(name, 'one', 'campaign-1');
  expect(await registry.claim(`${name}_other`, 'two', 60_000)).toBe(true);
  const elsewhere = createCampaignRegistry((await fixture.createGate()).session);
  expect(await elsewhere.read(name)).toBeNull();
  expect(await elsewhere.claim(name, 'three', 60_000)).toBe(true);
});
