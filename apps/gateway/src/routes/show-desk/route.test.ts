// Risk: the desk is shown to nobody it should be, is kept by browsers past a release, or loads something from elsewhere.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBrowser } from '../../testing/browser.ts';
import { startGatewayRig, token, type GatewayRig } from '../../testing/gateway-rig.ts';

const page =
  '<!doctype html><title>Desk</title><script type="module" src="/static/app-AAAA1111.js"></script>';
const script = `console.log(${JSON.stringify('desk '.repeat(500))})`;
let folder = '';
let rig: GatewayRig;
let browser: ReturnType<typeof startBrowser>;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caio-desk-'));
  await writeFile(join(folder, 'index.html'), page);
  await writeFile(join(folder, 'app-AAAA1111.js'), script);
  await writeFile(join(folder, 'logo.svg'), '<svg/>');
  await writeFile(join(folder, 'app-AAAA1111.js.map'), '{}');
  await writeFile(join(folder, 'inputs.json'), '{}');
  rig = await startGatewayRig({ deskFolder: folder });
  browser = startBrowser(rig);
  await browser.logIn(token);
});
afterAll(async () => {
  await rig.close();
  await rm(folder, { recursive: true });
});

describe('its pages', () => {
  test.each(['/sales', '/sales/', '/sales/batches/bat_1', '/sales/people?q=x'])(
    '%s is the desk for whoever is logged in, and never kept',
    async (path) => {
      const answer = await browser.call({ path });
      expect([answer.status, answer.text]).toEqual([200, page]);
      expect(answer.headers).toMatchObject({
        'cache-control': 'no-store',
        'content-type': 'text/html; charset=utf-8',
      });
      expect(answer.headers.etag).toBeUndefined();
    },
  );

  test.each([
    ['/sales', '/login?next=%2Fsales'],
    ['/sales/batches/bat_1?a=1&b=2', '/login?next=%2Fsales%2Fbatches%2Fbat_1%3Fa%3D1%26b%3D2'],
  ])('%s leads somebody else to the login and back, whatever token is sent', async (path, location) => {
    const strangers: Record<string, string>[] = [
      {},
      { 'x-dashboard-token': token },
      { cookie: 'caio_session=x' },
    ];
    for (const headers of strangers) {
      const answer = await rig.call({ path, headers });
      expect([answer.status, answer.headers.location, answer.headers['cache-control']]).toEqual([
        302,
        location,
        'no-store',
      ]);
    }
    const login = await rig.call({ path: location });
    expect(login.text).toContain(`value="${path.replaceAll('&', '&amp;')}"`);
  });

  test('former addresses still lead there', async () => {
    const home = await rig.call({ path: '/' });
    expect([home.status, home.headers.location]).toEqual([302, '/sales']);
    for (const path of ['/ChiefAIOfficer', '/chiefaiofficer']) {
      const answer = await rig.call({ path: `${path}?tab=emails&x=1` });
      expect([answer.status, answer.headers.location]).toEqual([307, '/sales?tab=emails&x=1']);
    }
  });

  test('may do nothing in a browser but show themselves and talk to this origin', async () => {
    const { headers } = await browser.call({ path: '/sales' });
    const policy = new Map(
      String(headers['content-security-policy'])
        .split(';')
        .map((rule): [string, string] => [
          rule.trim().split(' ')[0] ?? '',
          rule.trim().split(' ').slice(1).join(' '),
        ]),
    );
    expect(Object.fromEntries(policy)).toMatchObject({
      'default-src': "'self'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(String(headers['content-security-policy'])).not.toContain('unsafe');
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
    });
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers['strict-transport-security']).toBeUndefined();
  });
});

test('outside a local environment browsers are told to come back over TLS', async () => {
  const real = await startGatewayRig({ settings: { environment: 'staging', isLocal: false } });
  try {
    const { headers } = await real.call({ path: '/login' });
    expect(headers['strict-transport-security']).toBe('max-age=31536000; includeSubDomains');
    expect(headers['content-security-policy']).toContain('upgrade-insecure-requests');
  } finally {
    await real.close();
  }
});

describe('its files', () => {
  const fetchBytes = (path: string, headers: Record<string, string>) =>
    new Promise<{ status: number | undefined; headers: NodeJS.Dict<string | string[]>; bytes: Buffer }>(
      (resolve, reject) => {
        request({ host: '127.0.0.1', port: rig.port, path, headers }, (answer) => {
          buffer(answer).then(
            (bytes) => resolve({ status: answer.statusCode, headers: answer.headers, bytes }),
            reject,
          );
        })
          .once('error', reject)
          .end();
      },
    );

  test('named after their content are kept for ever, and sent in the smallest form the client takes', async () => {
    const forms: [string, string | undefined, (bytes: Buffer) => Buffer][] = [
      ['gzip, deflate, br', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['identity', undefined, (bytes) => bytes],
      ['br;q=0, gzip', 'gzip', gunzipSync],
    ];
    for (const [accepted, encoding, read] of forms) {
      const answer = await fetchBytes('/static/app-AAAA1111.js', { 'accept-encoding': accepted });
      expect([answer.status, answer.headers['content-encoding']]).toEqual([200, encoding]);
      expect(read(answer.bytes).toString()).toBe(script);
      expect(answer.headers).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'content-type': 'text/javascript; charset=utf-8',
        'content-length': String(answer.bytes.length),
        vary: 'Accept-Encoding',
      });
    }
  });

  test('with a plain name are asked for again, and not sent again when they are the same', async () => {
    const first = await rig.call({ path: '/static/logo.svg' });
    expect(first.headers['cache-control']).toBe('no-cache');
    const again = await rig.call({
      path: '/static/logo.svg',
      headers: { 'if-none-match': first.headers.etag ?? '' },
    });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  test.each([
    'index.html',
    'inputs.json',
    'app-AAAA1111.js.map',
    'none.js',
    '..%2fmain.cjs',
    '__proto__',
    'constructor',
  ])('%s is not one of them', async (name) => {
    expect((await rig.call({ path: `/static/${name}` })).status).toBe(404);
  });
});

test('a build without a desk says so instead of showing nothing', async () => {
  const without = await startGatewayRig();
  try {
    const visitor = startBrowser(without);
    await visitor.logIn(token);
    const answer = await visitor.call({ path: '/sales' });
    expect(answer.status).toBe(503);
    expect(answer.text).toContain('The desk is not here');
    expect((await without.call({ path: '/api/health/ready' })).text).toContain(
      'desk: not part of this build',
    );
  } finally {
    await without.close();
  }
});
