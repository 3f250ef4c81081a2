// Risk: a session outlives its logout, or another site logs people out while they work.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { HttpCall } from '@caio/test-kit';
import { startBrowser } from '../../testing/browser.ts';
import { startGatewayRig, token, type GatewayRig } from '../../testing/gateway-rig.ts';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig();
});
afterAll(() => rig.close());

const loggedIn = async () => {
  const browser = startBrowser(rig);
  await browser.logIn(token);
  const cookie = browser.cookie();
  return { browser, cookie, csrf: (await browser.session()).csrfToken ?? '' };
};
const isIn = async (cookie: string): Promise<boolean> =>
  (await rig.call({ path: '/api/session', headers: { cookie } })).status === 200;
const formHeaders = { 'content-type': 'application/x-www-form-urlencoded' };

test('the button ends the session, not only the cookie', async () => {
  const { browser, cookie, csrf } = await loggedIn();
  const answer = await browser.call({
    method: 'POST',
    path: '/logout',
    headers: formHeaders,
    body: new URLSearchParams({ csrf }).toString(),
  });
  expect([answer.status, answer.headers.location]).toEqual([302, '/login']);
  expect(browser.cookie()).toBe('');
  expect(await isIn(cookie)).toBe(false);
});

test('a program may send the proof as a header', async () => {
  const { browser, cookie, csrf } = await loggedIn();
  await browser.call({ method: 'POST', path: '/logout', headers: { 'x-csrf-token': csrf } });
  expect(await isIn(cookie)).toBe(false);
});

test('the former link works when the person follows it', async () => {
  const own: Record<string, string>[] = [
    {},
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-site': 'same-origin' },
  ];
  for (const headers of own) {
    const { cookie } = await loggedIn();
    const answer = await rig.call({ path: '/logout', headers: { cookie, ...headers } });
    expect([answer.status, answer.headers.location]).toEqual([302, '/login']);
    expect(await isIn(cookie)).toBe(false);
    const desk = await rig.call({ path: '/sales', headers: { cookie } });
    expect([desk.status, desk.headers.location]).toEqual([302, '/login?next=%2Fsales']);
  }
});

test('a link, a picture or a form of another site ends nothing and says so', async () => {
  const { cookie, csrf } = await loggedIn();
  const attempts: (HttpCall & { headers: Record<string, string> })[] = [
    { path: '/logout', headers: { 'sec-fetch-site': 'cross-site' } },
    { path: '/logout', headers: { 'sec-fetch-site': 'same-site' } },
    { method: 'POST', path: '/logout', headers: formHeaders, body: 'csrf=' },
    { method: 'POST', path: '/logout', headers: formHeaders, body: '' },
    {
      method: 'POST',
      path: '/logout',
      headers: { ...formHeaders, origin: 'https://evil.example' },
      body: `csrf=${csrf}`,
    },
  ];
  for (const { headers, ...attempt } of attempts) {
    const answer = await rig.call({ ...attempt, headers: { ...headers, cookie } });
    expect([attempt, answer.status]).toEqual([attempt, 403]);
    expect(answer.text).toContain('still logged in');
  }
  expect(await isIn(cookie)).toBe(true);
});

test('without a session it leads to the login all the same', async () => {
  for (const method of ['GET', 'POST']) {
    const answer = await rig.call({ method, path: '/logout' });
    expect([answer.status, answer.headers.location]).toEqual([302, '/login']);
  }
});
