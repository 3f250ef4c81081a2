// Risk: a route that somebody adds answers without a credential because nobody thought of it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeOpenApi, routes } from '@caio/contracts';
import * as contracts from '@caio/contracts';
import fc from 'fast-check';
import { version } from './version.ts';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

const document = describeOpenApi({ routes, schemas: contracts, version: '0.0.0' });
const id = '01TE0000000000000000000001';
const ids: Record<string, string> = {
  draftId: `drf_${id}`,
  batchId: `bat_${id}`,
  actionId: `act_${id}`,
  runId: `run_${id}`,
};
const paths = Object.keys(document.paths).filter((path) => path.startsWith('/api/'));
const filled = (path: string): string => path.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'x');
const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND'];
const open = new Set(['/api/health', '/api/health/ready', '/api/health/live']);

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig();
});
afterAll(() => rig.close());

describe('without a credential', () => {
  test.each(paths)('%s: 401 with any method, health with GET and HEAD excepted', async (path) => {
    for (const method of methods) {
      const { status } = await rig.call({ method, path: filled(path) });
      const isOpen = open.has(path) && (method === 'GET' || method === 'HEAD');
      expect([method, status]).toEqual([method, isOpen ? 200 : 401]);
    }
    expect(rig.seen).toEqual([]);
  });

  test('any other path under /api, whatever it is called and whatever is sent with it, is 401', async () => {
    const segment = fc.oneof(
      fc.constantFrom(
        'drafts',
        'health',
        'admin',
        'debug',
        'v2',
        '.env',
        'session',
        'internal',
        '%2e%2e',
        'ready',
      ),
      fc.stringMatching(/^[A-Za-z0-9_~.-]{1,12}$/).filter((text) => !/^\.{1,2}$/.test(text)),
    );
    const request = fc.record({
      method: fc.constantFrom(...methods),
      path: fc.array(segment, { minLength: 1, maxLength: 5 }).map((parts) => `/api/${parts.join('/')}`),
      headers: fc.constantFrom<Record<string, string>>(
        {},
        { cookie: 'caio_session=nobody' },
        { 'x-forwarded-user': 'root', 'x-user': 'root' },
        { 'x-service-token': 'eyJhbGciOiJub25lIn0.e30.' },
        { 'x-http-method-override': 'OPTIONS' },
        { authorization: 'Bearer undefined' },
      ),
    });
    await fc.assert(
      fc.asyncProperty(request, async (call) => {
        if (open.has(call.path.toLowerCase())) return;
        expect((await rig.call(call)).status).toBe(401);
      }),
      { numRuns: 300 },
    );
    expect(rig.seen).toEqual([]);
  });
});

test('with a credential the same paths are passed on, or answered here: nothing in the document leads nowhere', async () => {
  for (const [path, item] of Object.entries(document.paths)) {
    if (!path.startsWith('/api/')) continue;
    for (const method of Object.keys(item)) {
      const { status } = await rig.callIn({ method: method.toUpperCase(), path: filled(path) });
      expect([method, path, status]).toEqual([method, path, 200]);
    }
  }
});

describe('the description of the API', () => {
  test('is there in a local environment, with a page that has no script', async () => {
    const answer = await rig.call({ path: '/openapi.json' });
    expect(JSON.parse(answer.text).paths).toEqual(JSON.parse(JSON.stringify(document.paths)));
    const page = await rig.call({ path: '/docs' });
    expect(page.status).toBe(200);
    expect(page.text).toContain('/api/drafts/:draftId/approve');
    expect(page.text).not.toMatch(/<script|<style|style=|\/internal\//);
  });

  test('is nowhere else, with a credential or without', async () => {
    const real = await startGatewayRig({ settings: { environment: 'production', isLocal: false } });
    try {
      for (const path of ['/openapi.json', '/docs', '/redoc', '/docs/']) {
        expect([path, (await real.call({ path })).status]).toEqual([path, 404]);
        expect((await real.callIn({ path })).status).toBe(404);
      }
    } finally {
      await real.close();
    }
  });
});

describe('without a configured token', () => {
  test('strict: everything is refused, and readiness says what to set', async () => {
    const closed = await startGatewayRig({ tokens: {} });
    try {
      expect(
        (await closed.call({ path: '/api/drafts', headers: { 'x-dashboard-token': token } })).status,
      ).toBe(401);
      const ready = await closed.call({ path: '/api/health/ready' });
      expect(ready.status).toBe(503);
      expect(ready.text).toContain('DASHBOARD_AUTH_TOKEN');
      expect((await closed.call({ path: '/health/ready' })).status).toBe(503);
      expect((await closed.call({ path: '/api/health/live' })).status).toBe(200);
    } finally {
      await closed.close();
    }
  });

  test('relaxed: whoever uses this machine gets in under its own name, and pages of other sites do not', async () => {
    const relaxed = await startGatewayRig({ tokens: {}, settings: { authentication: 'relaxed' } });
    const call = (headers: Record<string, string>) =>
      relaxed.call({ method: 'POST', path: '/api/halt', headers: { ...headers } });
    try {
      expect((await call({})).status).toBe(200);
      expect(relaxed.seen[0]?.user?.name).toBe('dashboard');
      expect((await call({ origin: 'https://evil.example' })).status).toBe(401);
      expect((await call({ 'sec-fetch-site': 'cross-site' })).status).toBe(401);
      // A name of another site that was pointed at this machine.
      const rebound = await relaxed.call({ path: '/api/drafts', headers: { Host: 'evil.example' } });
      expect(rebound.status).toBe(400);
      expect(relaxed.seen).toHaveLength(1);
    } finally {
      await relaxed.close();
    }
  });

  test('relaxed with a token configured is as strict as ever', async () => {
    const relaxed = await startGatewayRig({ settings: { authentication: 'relaxed' } });
    try {
      expect((await relaxed.call({ path: '/api/drafts' })).status).toBe(401);
    } finally {
      await relaxed.close();
    }
  });
});

test('the version that the session shows is the one of this release', () => {
  const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8'));
  expect(version).toBe(manifest.version);
});
