// Risk: a session outlives its logout, its time or a stolen copy of the store, or the wrong person is logged in.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { CorruptRecordError } from './record.ts';
import { createSessionStore, type LoginSession, type SessionStore } from './session-store.ts';
import { createGateFixture, type Gate, type GateFixture } from './testing/gate-fixture.ts';

const startMs = Date.parse('2026-11-20T09:00:00.000Z');
const dayMs = 86_400_000;
let fixture: GateFixture;
let gate: Gate;
let nowMs: number;
let sessions: SessionStore;
beforeAll(async () => {
  fixture = await createGateFixture();
});
beforeEach(async () => {
  gate = await fixture.createGate();
  nowMs = Date.now();
  sessions = createSessionStore(gate.session, { idleSeconds: 600, now: () => nowMs });
});
afterAll(() => fixture.close());

const newId = (): string => randomBytes(32).toString('base64url');
const sessionOf = (name: string, endsAtMs = Date.now() + 7 * dayMs): LoginSession => ({
  name,
  permissions: ['read', 'drafts:review'],
  tokenDigest: 'ab'.repeat(32),
  csrfToken: newId(),
  createdAt: new Date(startMs).toISOString(),
  endsAt: new Date(endsAtMs).toISOString(),
});

test('a session is read by its id alone, and the store holds neither the id nor anything it could be made from', async () => {
  const [one, two] = [newId(), newId()];
  await sessions.open(one, sessionOf('sam'));
  await sessions.open(two, sessionOf('kim'));
  expect((await sessions.find(one, 'use'))?.name).toBe('sam');
  expect((await sessions.find(two, 'use'))?.name).toBe('kim');
  expect(await sessions.find(newId(), 'use')).toBeNull();
  const stored = await gate.redis.keys(`${gate.keys.root}:session*`);
  expect(stored.length).toBeGreaterThan(1);
  expect(stored.join(' ')).not.toContain(one);
  for (const key of stored.filter((name) => !name.includes('sessions-of')))
    expect(await gate.redis.get(key)).not.toContain(one);
});

test('each use gives it its whole idle time again, and the store forgets it by itself', async () => {
  const id = newId();
  await sessions.open(id, sessionOf('sam'));
  const [key = ''] = await gate.redis.keys(gate.keys.session('*'));
  await gate.redis.expire(key, 5);
  await sessions.find(id, 'use');
  expect(await gate.redis.ttl(key)).toBeGreaterThan(590);
  await gate.redis.pexpire(key, 0);
  expect(await sessions.find(id, 'use')).toBeNull();
});

test('a look gives it no time, so that a page nobody sits at ends it all the same', async () => {
  const id = newId();
  await sessions.open(id, sessionOf('sam'));
  const [key = ''] = await gate.redis.keys(gate.keys.session('*'));
  await gate.redis.expire(key, 5);
  expect((await sessions.find(id, 'look'))?.name).toBe('sam');
  expect(await gate.redis.ttl(key)).toBeLessThanOrEqual(5);
  await gate.redis.pexpire(key, 0);
  expect(await sessions.find(id, 'look')).toBeNull();
});

test('no use keeps it past its end', async () => {
  const id = newId();
  await sessions.open(id, sessionOf('sam', nowMs + 60_000));
  nowMs += 59_999;
  expect(await sessions.find(id, 'use')).not.toBeNull();
  nowMs += 1;
  expect(await sessions.find(id, 'use')).toBeNull();
  nowMs -= 60_000;
  expect(await sessions.find(id, 'use')).toBeNull();
});

test('logging out ends one session, and ending all of a person leaves the others alone', async () => {
  const ids = [newId(), newId(), newId()];
  for (const id of ids) await sessions.open(id, sessionOf('sam'));
  const other = newId();
  await sessions.open(other, sessionOf('kim'));
  await sessions.end(ids[0] ?? '');
  expect(await sessions.find(ids[0] ?? '', 'use')).toBeNull();
  expect(await sessions.find(ids[1] ?? '', 'use')).not.toBeNull();
  expect(await sessions.endAllOf('sam')).toBe(2);
  expect(await sessions.endAllOf('sam')).toBe(0);
  for (const id of ids) expect(await sessions.find(id, 'use')).toBeNull();
  expect(await sessions.find(other, 'use')).not.toBeNull();
});

test('a record that cannot be read is an error and logs nobody in', async () => {
  const id = newId();
  await sessions.open(id, sessionOf('sam'));
  const [key = ''] = await gate.redis.keys(gate.keys.session('*'));
  await gate.redis.set(key, JSON.stringify({ ...sessionOf('sam'), permissions: ['everything'] }));
  await expect(sessions.find(id, 'use')).rejects.toBeInstanceOf(CorruptRecordError);
});
