// Risk: a page of any site reads answers with a person's cookie, or a browser keeps an answer made for another origin.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startBrowser } from './testing/browser.ts';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

const listed = 'https://desk.example.com';
let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig({ settings: { allowedOrigins: [listed] } });
});
afterAll(() => rig.close());

const preflight = (origin: string, path = '/api/drafts') =>
  rig.call({
    method: 'OPTIONS',
    path,
    headers: {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-csrf-token',
    },
  });

test('a listed origin may read with credentials, on every path and also when it is refused', async () => {
  const allowed = { 'access-control-allow-origin': listed, 'access-control-allow-credentials': 'true' };
  for (const path of ['/api/drafts', '/api/no-such-thing']) {
    const answer = await preflight(listed, path);
    expect(answer.status).toBe(204);
    expect(answer.headers).toMatchObject(allowed);
    expect(answer.headers['access-control-allow-headers']).toContain('X-CSRF-Token');
  }
  const refused = await rig.call({ path: '/api/drafts', headers: { origin: listed } });
  expect(refused.status).toBe(401);
  expect(refused.headers).toMatchObject(allowed);
  const answer = await rig.callIn({ path: '/api/drafts', headers: { origin: listed } });
  expect(answer.headers).toMatchObject(allowed);
  expect(answer.headers['access-control-expose-headers']).toContain('Retry-After');
  expect(answer.headers.vary).toContain('Origin');
});

test.each([
  'https://evil.example',
  'https://desk.example.com.evil.example',
  'http://desk.example.com',
  'null',
  'https://desk.example.com:444',
])('%s is told nothing, and its preflight is not 401', async (origin) => {
  const asked = await preflight(origin);
  expect(asked.status).toBe(204);
  const browser = startBrowser(rig);
  await browser.logIn(token);
  const answer = await rig.call({ path: '/api/session', headers: { origin, cookie: browser.cookie() } });
  for (const { headers } of [asked, answer]) {
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
    expect(headers.vary).toContain('Origin');
  }
});

test('pages are for nobody but their own origin', async () => {
  const answer = await rig.call({ path: '/login', headers: { origin: listed } });
  expect(answer.headers['access-control-allow-origin']).toBeUndefined();
});
