// Risk: a token in an address is taken where it must not be, or goes on into a log, a trace, a cache or a service.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { problemOf } from '@caio/test-kit';
import { withoutQueryToken } from './credentials.ts';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig();
});
beforeEach(() => {
  rig.seen.length = 0;
});
afterAll(() => rig.close());

test('lets a GET in; the answer is kept nowhere and its address is told to nobody', async () => {
  const answer = await rig.call({ path: `/api/drafts?status=pending&token=${token}&limit=5` });
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({ 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' });
  expect(rig.seen).toMatchObject([
    { path: '/api/drafts?status=pending&limit=5', user: { name: 'dashboard' } },
  ]);
});

test.each([
  ['HEAD', `/api/drafts?token=${token}`],
  ['POST', `/api/drafts?token=${token}`],
  ['DELETE', `/api/drafts?token=${token}`],
  ['GET', `/api/drafts?token=${token}&token=${token}`],
  ['GET', '/api/drafts?token='],
  ['GET', '/api/drafts?token=tok-wrong-wrong-wrong'],
  ['GET', `/api/drafts?Token=${token}`],
])('%s %s is 401', async (method, path) => {
  expect((await rig.call({ method, path })).status).toBe(401);
  expect(rig.seen).toEqual([]);
});

test('a header is the only candidate when there is one: a wrong one is not helped by the query', async () => {
  const headers = { 'x-dashboard-token': 'tok-wrong-wrong-wrong' };
  expect((await rig.call({ path: `/api/drafts?token=${token}`, headers })).status).toBe(401);
});

test('opens no page of the desk', async () => {
  const answer = await rig.call({ path: `/sales?token=${token}&x=1` });
  expect([answer.status, answer.headers.location]).toEqual([302, '/login?next=%2Fsales%3Fx%3D1']);
});

test('switched off, it is no credential, and the answer says so', async () => {
  const off = await startGatewayRig({ settings: { queryTokens: 'refused' } });
  try {
    const answer = await off.call({ path: `/api/drafts?token=${token}` });
    expect([answer.status, problemOf(answer).code]).toEqual([401, 'unauthenticated']);
    expect(problemOf(answer).fix).toContain('in the query is not taken');
    expect(answer.text).not.toContain(token);
    // Sent along with a header it still goes no further.
    await off.callIn({ path: `/api/drafts?token=${token}&limit=1` });
    expect(off.seen).toMatchObject([{ path: '/api/drafts?limit=1' }]);
    expect(off.log() + (await off.traces())).not.toContain(token);
  } finally {
    await off.close();
  }
});

describe('what is passed on', () => {
  test.each([
    ['/api/drafts', '/api/drafts'],
    ['/api/drafts?', '/api/drafts?'],
    ['/api/drafts?token=a', '/api/drafts'],
    ['/api/drafts?a=1&token=a&b=2', '/api/drafts?a=1&b=2'],
    ['/api/drafts?t%6Fken=a&%74oken=b&x=1', '/api/drafts?x=1'],
    ['/api/drafts?TOKEN=a&token&tokens=1', '/api/drafts?tokens=1'],
    ['/api/drafts?+token+=a&%E0%A4=b', '/api/drafts?%E0%A4=b'],
    ['/api/drafts?next=%3Ftoken%3Da', '/api/drafts?next=%3Ftoken%3Da'],
  ])('%s becomes %s', (target, passed) => {
    expect(withoutQueryToken(target)).toBe(passed);
  });

  test('never holds a parameter that reads as token, and loses no other', () => {
    const piece = fc.constantFrom(
      'token=x',
      't%6fken=x',
      'Token=x',
      'a=1',
      'b=%26',
      'c',
      '',
      'tokenx=1',
      '%=',
      'd=?token=1',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const query = new URLSearchParams(
          withoutQueryToken(`/api/x?${pieces.join('&')}`)
            .split('?')
            .slice(1)
            .join('?'),
        );
        expect([...query.keys()].filter((name) => name.toLowerCase() === 'token')).toEqual([]);
        const before = [...new URLSearchParams(pieces.join('&'))].filter(
          ([name]) => name.toLowerCase() !== 'token',
        );
        expect([...query]).toEqual(before);
      }),
    );
  });
});
