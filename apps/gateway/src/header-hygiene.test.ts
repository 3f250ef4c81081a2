// Risk: a client writes a header that a service believes, or a service's connection and insides show in its answer.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { passedAnswerHeaders, passedRequestHeaders } from './header-hygiene.ts';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig({
    services: {
      webhooks: (_req, res) => {
        res.writeHead(203, {
          Connection: 'close, X-Hop',
          'Keep-Alive': 'timeout=1',
          'Proxy-Authenticate': 'Basic',
          Upgrade: 'h2c',
          'X-Hop': 'named by Connection',
          'X-Powered-By': 'something old',
          Server: 'inside/1.0',
          Date: 'Thu, 01 Jan 1970 00:00:00 GMT',
          'X-Correlation-ID': 'cor-of-the-service',
          'Content-Type': 'text/plain; charset=utf-8',
          'Cache-Control': 'private, max-age=7',
          'X-Kept': ['one', 'two'],
        });
        res.end('as it is');
      },
    },
  });
});
afterAll(() => rig.close());

/** Everything a client could try to be somebody else with, or to change how the connection behind is used. */
const forged = {
  'X-Service-Token': 'eyJhbGciOiJub25lIn0.e30.',
  'X-User': 'root',
  'X-Forwarded-For': '10.0.0.1',
  'X-Forwarded-Host': 'inside.example',
  'X-Forwarded-Proto': 'https',
  'X-Forwarded-User': 'root',
  'X-Real-IP': '10.0.0.1',
  Forwarded: 'for=10.0.0.1',
  Via: '1.1 somewhere',
  'Proxy-Authorization': 'Basic cm9vdDpyb290',
  'Proxy-Connection': 'keep-alive',
  'Keep-Alive': 'timeout=600',
  TE: 'trailers',
  Upgrade: 'websocket',
  Cookie: 'session=1',
  'X-Case-Id': 'case-1',
  'X-Original-Url': '/internal/runs',
  'X-Http-Method-Override': 'DELETE',
  'X-Named-By-Connection': 'yes',
  Connection: ['X-Named-By-Connection, Accept-Language', 'upgrade'],
} as const;

test('only what means something to a service passes; who asks is what the credential says', async () => {
  rig.seen.length = 0;
  const answer = await rig.callIn({
    path: '/api/drafts?status=pending',
    headers: {
      ...forged,
      authorization: 'Bearer not-looked-at',
      'user-agent': 'caio-test/1',
      accept: 'application/json',
      'if-none-match': '"abc"',
    },
  });
  expect(answer.status).toBe(200);
  const [seen] = rig.seen;
  expect(Object.keys(seen?.headers ?? {}).sort()).toEqual([
    'accept',
    'connection',
    'host',
    'if-none-match',
    'user-agent',
    'x-case-id',
    'x-correlation-id',
    'x-service-token',
  ]);
  expect(seen?.headers['x-service-token']).not.toBe(forged['X-Service-Token']);
  expect(seen?.headers.connection).toBe('keep-alive');
  expect(seen).toMatchObject({ issuer: 'gateway', user: { name: 'dashboard' } });
  expect(JSON.stringify(seen)).not.toContain(token);
});

test('a header that Connection names does not pass even when it is one that otherwise would', () => {
  const passed = passedRequestHeaders({
    connection: 'close, Accept-Language',
    accept: 'text/html',
    'accept-language': 'fr',
  });
  expect(passed).toEqual({ accept: 'text/html' });
});

describe('correlation', () => {
  test('an id the client chose goes through every part and comes back', async () => {
    rig.seen.length = 0;
    const answer = await rig.callIn({
      path: '/api/drafts',
      headers: { 'x-correlation-id': 'chosen-by-the-client' },
    });
    expect(answer.headers['x-correlation-id']).toBe('chosen-by-the-client');
    expect(rig.seen[0]?.correlationId).toBe('chosen-by-the-client');
  });

  test.each(['short', 'has spaces in it', 'x'.repeat(65), '<script>alert(1)</script>'])(
    'an id of another form (%s) is replaced',
    async (id) => {
      rig.seen.length = 0;
      const answer = await rig.callIn({ path: '/api/drafts', headers: { 'x-correlation-id': id } });
      expect(answer.headers['x-correlation-id']).toMatch(/^cor-/);
      expect(rig.seen[0]?.correlationId).toBe(answer.headers['x-correlation-id']);
    },
  );
});

test('of an answer, status, body and end-to-end headers come through, and nothing of the connection behind', async () => {
  const answer = await rig.call({ path: '/u/some-token' });
  expect([answer.status, answer.text, answer.whole]).toEqual([203, 'as it is', true]);
  expect(answer.headers).toMatchObject({
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'private, max-age=7',
    'x-kept': 'one, two',
  });
  for (const name of ['keep-alive', 'proxy-authenticate', 'upgrade', 'x-hop', 'x-powered-by', 'server'])
    expect([name, answer.headers[name]]).toEqual([name, undefined]);
  expect(answer.headers.date).not.toContain('1970');
  expect(answer.headers['x-correlation-id']).toMatch(/^cor-0/);
  expect(answer.headers['content-security-policy']).toContain("default-src 'self'");
});

test('two headers called Connection both count, in any case of letters', () => {
  const passed = passedAnswerHeaders(
    { Connection: ['X-One', 'x-two'], 'x-one': '1', 'X-Two': '2', 'x-three': '3' },
    'page',
  );
  expect(passed).toEqual([['x-three', '3']]);
});

test('of an answer of the API the door alone says what browsers may do with it, and that nobody keeps it', () => {
  const said = {
    'Content-Security-Policy': "default-src 'self' 'unsafe-inline'",
    'Strict-Transport-Security': 'max-age=1',
    'Referrer-Policy': 'unsafe-url',
    'X-Frame-Options': 'ALLOWALL',
    'Set-Cookie': ['caio_session=planted'],
    'Access-Control-Allow-Origin': '*',
    'Access-Control-Allow-Credentials': 'true',
    'RateLimit-Remaining': '1',
    'Cache-Control': 'public, max-age=60',
    'Content-Type': 'application/json',
    'Retry-After': '7',
  };
  expect(passedAnswerHeaders(said, 'data')).toEqual([
    ['Content-Type', 'application/json'],
    ['Retry-After', '7'],
  ]);
  // A page knows its own style; of the rest nothing changes.
  expect(passedAnswerHeaders(said, 'page').map(([name]) => name)).toEqual([
    'Content-Security-Policy',
    'Cache-Control',
    'Content-Type',
    'Retry-After',
  ]);
  const stricter = passedAnswerHeaders({ 'cache-control': 'no-store, no-transform' }, 'data');
  expect(stricter).toEqual([['cache-control', 'no-store, no-transform']]);
});
