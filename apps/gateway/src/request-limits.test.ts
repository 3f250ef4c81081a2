// Risk: one caller's haste stops the others or the store, a limit that cannot be asked lets everybody through, or guesses of tokens are free.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { routes } from '@caio/contracts';
import { problemOf, waitFor } from '@caio/test-kit';
import { requestKindOf } from './request-kinds.ts';
import { generousLimits, startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const minute = (takesMax: number) => ({ takesMax, perSeconds: 60 });
const people = ['ada', 'bo', 'cy', 'di', 'ed', 'flo', 'gus', 'hal'];
const tokenOf = (name: string): string => `tok-limits-of-${name}-Kd4Fs8`;

let rig: GatewayRig;
let who = 0;
/** Who is over a limit stays so, so each test is somebody else. */
let me: Record<string, string> = {};
beforeAll(async () => {
  rig = await startGatewayRig({
    tokens: {
      DASHBOARD_AUTH_TOKEN: token,
      ACCESS_TOKENS: JSON.stringify(
        people.map((name) => ({ name, sha256: sha256(tokenOf(name)), permissions: ['read'] })),
      ),
    },
    settings: {
      trustedHops: 1,
      limits: {
        ...generousLimits,
        'wrong-token': { takesMax: 4, perSeconds: 300 },
        ...{ read: minute(6), write: minute(3), upload: minute(2), expensive: minute(1), stream: minute(2) },
      },
    },
  });
});
beforeEach(() => {
  me = { 'x-dashboard-token': tokenOf(people[who] ?? ''), 'x-forwarded-for': `198.51.100.${who + 1}` };
  who += 1;
  rig.seen.length = 0;
});
afterAll(() => rig.close());

const get = (path = '/api/drafts') => rig.call({ path, headers: me });
const post = (path = '/api/halt') => rig.call({ method: 'POST', path, headers: me });

test('says how much is left, and then refuses with when to come again; nothing behind hears of it', async () => {
  const first = await get();
  expect(first.headers).toMatchObject({ 'ratelimit-limit': '6', 'ratelimit-remaining': '5' });
  expect(Number(first.headers['ratelimit-reset'])).toBeGreaterThan(50);
  for (let call = 2; call <= 6; call += 1) expect((await get()).status).toBe(200);
  const refused = await get('/api/no-such-thing');
  expect([refused.status, problemOf(refused).code]).toEqual([429, 'too_many_requests']);
  expect(problemOf(refused).details).toMatchObject({ kind: 'read', limit: 6 });
  expect(refused.headers['ratelimit-remaining']).toBe('0');
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(50);
  expect(rig.seen).toHaveLength(6);
});

test('one kind that is used up leaves the others, and one person the others', async () => {
  for (let call = 1; call <= 7; call += 1) await get();
  expect((await get()).status).toBe(429);
  expect((await post()).status).toBe(200);
  expect((await rig.callIn({ path: '/api/drafts' })).status).toBe(200);
  // The stop is a change of its own kind and not held up by reading.
  expect((await post('/api/halt')).status).toBe(200);
});

test('the same person over many connections at once gets no more than the limit', async () => {
  const answers = await Promise.all(Array.from({ length: 30 }, () => get()));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(6);
});

test('health is never counted and OPTIONS neither', async () => {
  for (let call = 1; call <= 12; call += 1) {
    expect((await rig.call({ path: '/api/health', headers: me })).status).toBe(200);
    expect((await rig.call({ method: 'OPTIONS', path: '/api/drafts', headers: me })).status).toBe(204);
  }
  expect((await get()).headers['ratelimit-remaining']).toBe('5');
});

describe('wrong tokens', () => {
  const guess = (text: string) =>
    rig.call({ path: '/api/drafts', headers: { ...me, 'x-dashboard-token': `tok-guess-${text}` } });

  test('are counted by address, and past the limit refused with when to come again', async () => {
    const statuses = (await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(guess))).map(
      ({ status }) => status,
    );
    expect(statuses.sort()).toEqual([401, 401, 401, 401, 429, 429]);
    const refused = await guess('g');
    expect(refused.status).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(200);
  });

  test('do not lock out the right one from the same address, nor somebody without any', async () => {
    for (const text of ['a', 'b', 'c', 'd', 'e', 'f']) await guess(text);
    expect((await guess('g')).status).toBe(429);
    expect((await get()).status).toBe(200);
    const { 'x-dashboard-token': _mine, ...anonymous } = me;
    expect((await rig.call({ path: '/api/drafts', headers: anonymous })).status).toBe(401);
  });
});

test('every route of the catalogue has the kind that fits what it costs', () => {
  const special = routes
    .filter(({ path }) => path.startsWith('/api/'))
    .map(({ method, path }) => [`${method} ${path}`, requestKindOf(method, path.replace(/:\w+/g, 'x'))])
    .filter(([name = '', kind]) => kind !== (name.startsWith('GET') ? 'read' : 'write'));
  expect(Object.fromEntries(special)).toMatchObject({
    'GET /api/audit/verify': 'expensive',
    'POST /api/batches': 'expensive',
    'POST /api/people/find': 'expensive',
    'POST /api/pipeline-runs': 'upload',
    'POST /api/what-if': 'expensive',
    'POST /api/customers/sync': 'expensive',
    'POST /api/suppressions/imports': 'upload',
    'POST /api/suppressions/imports/preview': 'upload',
    'POST /api/exclusions/imports': 'upload',
    'POST /api/exclusions': 'upload',
  });
  expect(requestKindOf('POST', '/api/halt')).toBe('write');
});

test('a store that is away is 503 for whoever has a credential, 401 for whoever has none, and mends itself', async () => {
  const alone = await startGatewayRig();
  try {
    await alone.redis.kill9();
    const answer = await alone.callIn({ path: '/api/drafts' });
    expect([answer.status, problemOf(answer).code]).toEqual([503, 'store_unavailable']);
    expect(answer.headers['retry-after']).toBe('2');
    expect(alone.seen).toEqual([]);
    expect((await alone.call({ path: '/api/drafts' })).status).toBe(401);
    const cookie = { cookie: `caio_session=${'x'.repeat(43)}` };
    expect((await alone.call({ path: '/api/drafts', headers: cookie })).status).toBe(503);
    expect((await alone.call({ path: '/sales', headers: cookie })).status).toBe(503);
    expect((await alone.call({ path: '/api/health/live' })).status).toBe(200);
    const health = await alone.call({ path: '/api/health' });
    expect([health.status, JSON.parse(health.text).status]).toEqual([200, 'not_ready']);
    await alone.redis.restart();
    await waitFor(async () => (await alone.callIn({ path: '/api/drafts' })).status === 200, {
      timeoutMs: 10_000,
      describe: 'the door to open again',
    });
  } finally {
    await alone.close();
  }
});
