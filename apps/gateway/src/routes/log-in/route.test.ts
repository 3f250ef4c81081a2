// Risk: somebody gets in by guessing, by a forged form or a planted session, or is sent to another site after the login.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { HttpAnswer } from '@caio/test-kit';
import { startBrowser } from '../../testing/browser.ts';
import { startGatewayRig, token, type GatewayRig } from '../../testing/gateway-rig.ts';

let rig: GatewayRig;
let clients = 0;
/** Of the test that runs: who is refused is remembered by address, so each test is somebody else. */
let client: Record<string, string> = {};
beforeAll(async () => {
  rig = await startGatewayRig({ settings: { trustedHops: 1 } });
});
beforeEach(async () => {
  clients += 1;
  client = { 'x-forwarded-for': `198.51.100.${clients}` };
  await rig.store.redis.flushall();
});
afterAll(() => rig.close());

const form = (fields: Record<string, string>, headers: Record<string, string> = {}) => ({
  method: 'POST',
  path: '/login',
  headers: { 'content-type': 'application/x-www-form-urlencoded', ...client, ...headers },
  body: new URLSearchParams(fields).toString(),
});
const openBrowser = (cookie = '') => startBrowser(rig, { cookie, headers: client });
const cookiesOf = (answer: HttpAnswer): string[] => answer.headers['set-cookie'] ?? [];

describe('the login page', () => {
  test('asks for a token and keeps where to go, without a script or a style of its own', async () => {
    const page = await rig.call({ path: '/login?next=/sales/batches%3Fa%3D1%26b%3D2' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('Login');
    expect(page.text).toContain('action="/login"');
    expect(page.text).toMatch(/<input type="password"[^>]*name="token"/);
    expect(page.text).toContain('<input type="hidden" name="next" value="/sales/batches?a=1&amp;b=2">');
    expect(page.text).not.toMatch(/<script|<style|style=/);
    expect(page.headers['cache-control']).toBe('no-store');
    const [, style = ''] = /href="(\/static\/[^"]+)"/.exec(page.text) ?? [];
    expect((await rig.call({ path: style })).headers['content-type']).toContain('text/css');
  });

  test('writes nothing of the address into the page as it is', async () => {
    const page = await rig.call({ path: '/login?next=/%22%3E%3Cscript%3Ealert(1)%3C/script%3E' });
    expect(page.text).not.toContain('<script');
    expect(page.text).toContain('&quot;&gt;&lt;script&gt;');
  });
});

describe('a right token', () => {
  test.each([
    ['', '/sales'],
    ['/sales/batches', '/sales/batches'],
    ['https://evil.example', '/sales'],
    ['//evil.example', '/sales'],
    ['/\\evil.example', '/sales'],
  ])('goes on to %j as %s, with a cookie that no script reads', async (next, location) => {
    const answer = await rig.call(form({ token: ` ${token} `, next }));
    expect([answer.status, answer.headers.location]).toEqual([303, location]);
    const [cookie = ''] = cookiesOf(answer);
    expect(cookie).toMatch(
      /^caio_session=[A-Za-z0-9_-]{43}; Max-Age=604800; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(answer.text).not.toContain(token);
  });

  test('opens the API with the principal of the token, and the login page leads on', async () => {
    const browser = openBrowser();
    await browser.logIn(token);
    const session = await browser.session();
    expect(session).toMatchObject({
      via: 'session',
      principal: { name: 'dashboard' },
      environment: 'test-door',
    });
    expect(session.csrfToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(Date.parse(session.expiresAt ?? '') - Date.now()).toBeGreaterThan(6.9 * 86_400_000);
    expect((await browser.call({ path: '/api/drafts' })).status).toBe(200);
    expect(rig.seen.at(-1)?.user?.name).toBe('dashboard');
    expect(rig.seen.at(-1)?.headers).not.toHaveProperty('cookie');
    const again = await browser.call({ path: '/login?next=/sales/people' });
    expect([again.status, again.headers.location]).toEqual([302, '/sales/people']);
  });

  test('begins a new session each time and ends the one the browser had, so a planted one is worth nothing', async () => {
    const browser = openBrowser();
    await browser.logIn(token);
    const planted = browser.cookie();
    await browser.logIn(token);
    expect(browser.cookie()).not.toBe(planted);
    expect((await rig.call({ path: '/api/session', headers: { cookie: planted } })).status).toBe(401);
    expect((await browser.call({ path: '/api/session' })).status).toBe(200);
  });

  test('in the store there is neither the cookie nor the token', async () => {
    const browser = openBrowser();
    await browser.logIn(token);
    const [, id = ''] = browser.cookie().split('=');
    const keys = await rig.store.redis.keys('*');
    const values = await Promise.all(
      keys.map(async (key) => (await rig.store.redis.type(key)) === 'string' && rig.store.redis.get(key)),
    );
    expect(keys.length).toBeGreaterThan(0);
    expect(JSON.stringify([keys, values])).not.toMatch(new RegExp(`${id}|${token}`));
  });
});

test('outside a local environment the cookie is bound to this host and to TLS', async () => {
  const real = await startGatewayRig({ settings: { environment: 'staging', isLocal: false } });
  try {
    const [cookie = ''] = cookiesOf(await real.call(form({ token })));
    expect(cookie).toMatch(/^__Host-caio_session=/);
    expect(cookie).toContain('; Secure');
    expect(cookie).not.toContain('Domain');
    const unprefixed = cookie.split(';', 1)[0]?.replace('__Host-', '') ?? '';
    expect((await real.call({ path: '/api/session', headers: { cookie: unprefixed } })).status).toBe(401);
  } finally {
    await real.close();
  }
});

describe('a wrong token', () => {
  test('is told so on the same page, without a cookie and without being repeated', async () => {
    const answer = await rig.call(form({ token: 'tok-wrong-wrong-wrong', next: '/sales/people' }));
    expect(answer.status).toBe(200);
    expect(answer.text).toContain('Invalid token');
    expect(answer.text).toContain('value="/sales/people"');
    expect(answer.text).not.toContain('tok-wrong');
    expect(cookiesOf(answer)).toEqual([]);
  });

  test('five times closes the door for that address, for the right token too, and a page says for how long', async () => {
    for (let failure = 1; failure <= 5; failure += 1)
      expect((await rig.call(form({ token: `tok-wrong-${failure}` }))).status).toBe(200);
    const refused = await rig.call(form({ token }));
    expect(refused.status).toBe(429);
    expect(refused.text).toContain('Try again in 5 minutes');
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(290);
    expect(cookiesOf(refused)).toEqual([]);
    // Programs with their token, and whoever is in already, go on.
    expect((await rig.callIn({ path: '/api/session' })).status).toBe(200);
  });

  test('however many arrive at once, no more than five are looked at', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) => rig.call(form({ token: `tok-wrong-${index}` }))),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35);
  });

  test('is not counted when it is right, and does not take back the wrong ones', async () => {
    for (let round = 1; round <= 7; round += 1) expect((await rig.call(form({ token }))).status).toBe(303);
    for (let failure = 1; failure <= 4; failure += 1) {
      expect((await rig.call(form({ token: `tok-wrong-${failure}` }))).status).toBe(200);
      expect((await rig.call(form({ token }))).status).toBe(303);
    }
    expect((await rig.call(form({ token: 'tok-wrong-5' }))).status).toBe(200);
    expect((await rig.call(form({ token }))).status).toBe(429);
  });

  test('behind a proxy of ours each client has a count of its own, which it cannot write itself', async () => {
    const from = (chain: string, tried: string) =>
      rig.call(form({ token: tried }, { 'x-forwarded-for': chain }));
    for (let failure = 1; failure <= 5; failure += 1)
      await from(`203.0.113.${failure}, 192.0.2.7`, 'tok-wrong-wrong');
    expect((await from('203.0.113.99, 192.0.2.7', token)).status).toBe(429);
    expect((await from('192.0.2.8', token)).status).toBe(303);
  });

  test('without a trusted proxy the header counts for nothing', async () => {
    const direct = await startGatewayRig();
    try {
      for (let failure = 1; failure <= 5; failure += 1)
        await direct.call(form({ token: 'tok-wrong-wrong' }, { 'x-forwarded-for': `203.0.113.${failure}` }));
      expect((await direct.call(form({ token }))).status).toBe(429);
    } finally {
      await direct.close();
    }
  });
});

test('a form on another site logs nobody in', async () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: `http://127.0.0.1:${rig.port}` },
  ];
  for (const headers of foreign) {
    const answer = await rig.call(form({ token }, headers));
    expect([headers, answer.status]).toEqual([headers, 403]);
    expect(cookiesOf(answer)).toEqual([]);
  }
  const own = { origin: `http://127.0.0.1:${rig.port}` };
  expect((await rig.call(form({ token }, own))).status).toBe(303);
});

test('a body that is no form, or a large one, is refused in words', async () => {
  const json = { ...form({}), headers: { 'content-type': 'application/json' }, body: `{"token":"${token}"}` };
  expect((await rig.call(json)).status).toBe(415);
  expect((await rig.call({ ...form({}), body: `token=${'x'.repeat(20_000)}` })).status).toBe(413);
});

test('what happened at the door is in the log, by pseudonym: no token, no name, no address', async () => {
  const before = rig.log().length;
  const browser = openBrowser();
  await rig.call(form({ token: 'tok-wrong-wrong-wrong' }));
  await browser.logIn(token);
  await browser.call({ path: '/logout' });
  const lines = rig
    .log()
    .slice(before)
    .trim()
    .split('\n')
    .map((line): Record<string, unknown> => JSON.parse(line))
    .filter(({ event }) => event !== undefined);
  expect(lines.map(({ event, failures }) => [event, failures])).toEqual([
    ['login_refused', 1],
    ['login', undefined],
    ['logout', undefined],
  ]);
  for (const line of lines) expect(line['client']).toMatch(/^[0-9a-f]{16}$/);
  expect(lines[1]?.['person']).toBe(lines[2]?.['person']);
  expect(JSON.stringify(lines)).not.toMatch(/tok-|127\.0\.0\.1|198\.51\.100|dashboard/);
});

test('a store that is away is a page that says so, never a wrong token', async () => {
  const alone = await startGatewayRig();
  try {
    await alone.redis.kill9();
    const answer = await alone.call(form({ token }));
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('The store cannot be reached');
    expect(answer.text).not.toContain('Invalid');
    expect((await alone.call({ path: '/login' })).status).toBe(200);
    await alone.redis.restart();
    const browser = startBrowser(alone);
    await browser.logInWhenPossible(token);
    expect((await browser.session()).via).toBe('session');
  } finally {
    await alone.close();
  }
});
