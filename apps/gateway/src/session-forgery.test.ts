// Risk: another site makes a logged-in person's browser change something, or a program is asked for what only browsers need.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { problemOf } from '@caio/test-kit';
import { startBrowser } from './testing/browser.ts';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

const listed = 'https://desk.example.com';
let rig: GatewayRig;
let browser: ReturnType<typeof startBrowser>;
let csrf = '';
beforeAll(async () => {
  rig = await startGatewayRig({ settings: { allowedOrigins: [listed] } });
  browser = startBrowser(rig);
  await browser.logIn(token);
  csrf = (await browser.session()).csrfToken ?? '';
});
beforeEach(() => {
  rig.seen.length = 0;
});
afterAll(() => rig.close());

const change = (headers: Record<string, string | string[]>, method = 'POST') =>
  rig.call({
    method,
    path: '/api/halt',
    headers: { cookie: browser.cookie(), 'content-type': 'application/json', ...headers },
    body: '{}',
  });
const own = (): Record<string, string> => ({ origin: `http://127.0.0.1:${rig.port}` });

describe('a change made with a session', () => {
  test('passes with its own token from a page of ours or of a listed origin', async () => {
    expect((await change({ ...own(), 'x-csrf-token': csrf })).status).toBe(200);
    expect((await change({ 'sec-fetch-site': 'same-origin', 'x-csrf-token': csrf })).status).toBe(200);
    const fromListed = { origin: listed, 'sec-fetch-site': 'same-site', 'x-csrf-token': csrf };
    expect((await change(fromListed)).status).toBe(200);
    expect(rig.seen).toHaveLength(3);
    expect(rig.seen[0]?.headers).not.toHaveProperty('x-csrf-token');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('%s without a token is refused', async (method) => {
    const answer = await change(own(), method);
    expect([answer.status, problemOf(answer).code]).toEqual([403, 'forbidden']);
    expect(problemOf(answer).message).toContain('X-CSRF-Token');
    expect(rig.seen).toEqual([]);
  });

  test('with another session’s token, half of it, or two is refused', async () => {
    const other = startBrowser(rig);
    await other.logIn(token);
    const foreign = (await other.session()).csrfToken ?? '';
    expect(foreign).not.toBe(csrf);
    for (const sent of [foreign, csrf.slice(0, -1), `${csrf}x`, '', csrf.toLowerCase(), [csrf, csrf]])
      expect((await change({ ...own(), 'x-csrf-token': sent })).status).toBe(403);
    expect(rig.seen).toEqual([]);
  });

  test.each([
    ['another site', { origin: 'https://evil.example' }],
    ['another port of this host', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['another site, said by the browser', { 'sec-fetch-site': 'cross-site' }],
    [
      'a neighbour that is not listed',
      { 'sec-fetch-site': 'same-site', origin: 'https://other.example.com' },
    ],
    ['an address typed', { 'sec-fetch-site': 'none' }],
    ['nowhere', {}],
  ])('from %s is refused even with its token', async (_name, headers: Record<string, string>) => {
    expect((await change({ ...headers, 'x-csrf-token': csrf })).status).toBe(403);
    expect(rig.seen).toEqual([]);
  });

  test('is refused before the path is looked at, so nobody learns which there are', async () => {
    const answer = await rig.call({
      method: 'POST',
      path: '/api/no-such-thing',
      headers: { cookie: browser.cookie() },
    });
    expect(answer.status).toBe(403);
  });
});

test('reading with a session needs no token and says nothing to another origin', async () => {
  const answer = await rig.call({ path: '/api/drafts', headers: { cookie: browser.cookie() } });
  expect(answer.status).toBe(200);
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
});

test('a caller with a token of its own needs neither, with a cookie beside it or not', async () => {
  expect((await change({ 'x-dashboard-token': token })).status).toBe(200);
  const alone = { method: 'POST', path: '/api/halt', headers: { authorization: `Bearer ${token}` } };
  expect((await rig.call(alone)).status).toBe(200);
});

test('a wrong token beside a session: the session counts, and its changes still need their proof', async () => {
  const wrong = { 'x-dashboard-token': 'tok-wrong-wrong-wrong' };
  const read = await rig.call({ path: '/api/session', headers: { ...wrong, cookie: browser.cookie() } });
  expect([read.status, JSON.parse(read.text).via]).toEqual([200, 'session']);
  expect((await change({ ...wrong, ...own() })).status).toBe(403);
  expect((await change({ ...wrong, ...own(), 'x-csrf-token': csrf })).status).toBe(200);
});

test.each(['', 'short', 'x'.repeat(43), `${'x'.repeat(42)}/`, '../../session'])(
  'a cookie of %j is nobody',
  async (value) => {
    const answer = await rig.call({ path: '/api/session', headers: { cookie: `caio_session=${value}` } });
    expect(answer.status).toBe(401);
  },
);
