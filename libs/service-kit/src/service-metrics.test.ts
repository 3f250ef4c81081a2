// Risk: whoever reaches a service's port reads who does how much, or the figures name what was asked for.
import type { Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { createProcessMetrics, createServiceMetrics } from './service-metrics.ts';
import { startApp, type RunningApp } from './testing/running-app.ts';

const scrapeToken = 'scrape-token-of-a-test-4Kd8';
let app: RunningApp;
let closed: RunningApp;
/** Where the next connection comes from, as the socket says it. */
let peer: string | null = null;
const comeFrom = (socket: Socket): void => {
  if (peer !== null) Object.defineProperty(socket, 'remoteAddress', { value: peer });
};

beforeAll(async () => {
  const mount: Parameters<typeof startApp>[0]['mount'] = (routes) => {
    routes.get('/api/drafts/:draftId', (_req, res) => {
      res.json({});
    });
  };
  app = await startApp({ mount, metrics: createServiceMetrics('gatekeeper', scrapeToken) });
  closed = await startApp({ mount, metrics: createServiceMetrics('gatekeeper') });
  for (const { server } of [app, closed]) server.on('connection', comeFrom);
});
afterAll(() => Promise.all([app.close(), closed.close()]));
beforeEach(() => {
  peer = null;
});

const scrape = (service: RunningApp, headers: Record<string, string> = {}) =>
  request(service.server).get('/metrics').set(headers);

test('requests are counted by route, never by what was asked for', async () => {
  await app.get('/api/drafts/drf_1');
  const { text } = await scrape(app);
  expect(text).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/api\/drafts\/:draftId"/);
  expect(text).not.toContain('drf_1');
});

test('a process shows its own figures beside those of its service', async () => {
  const text = await createProcessMetrics('gatekeeper').registry.metrics();
  for (const name of [
    'http_request_duration_seconds',
    'process_cpu_seconds_total',
    'nodejs_eventloop_lag_seconds',
    'nodejs_gc_duration_seconds',
  ])
    expect(text).toMatch(new RegExp(`^# TYPE ${name} `, 'm'));
});

describe('who is answered', () => {
  const bearer = { authorization: `Bearer ${scrapeToken}` };

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
    'this machine, as %s, without a token',
    async (from) => {
      peer = from;
      expect((await scrape(closed)).status).toBe(200);
    },
  );

  test('whoever presents the token, from anywhere', async () => {
    peer = '10.0.0.7';
    expect((await scrape(app, bearer)).status).toBe(200);
    expect((await scrape(app, { ...bearer, 'x-forwarded-for': '203.0.113.9' })).status).toBe(200);
  });

  test.each([
    '10.0.0.7',
    '172.17.0.4',
    '192.168.1.9',
    'fd00::7',
    'fe80::1',
    '203.0.113.9',
    '::ffff:10.0.0.7',
  ])('not %s without it: a private network has other tenants', async (from) => {
    peer = from;
    for (const service of [app, closed]) expect((await scrape(service)).status).toBe(401);
  });

  test.each([
    ['another token', { authorization: 'Bearer another-token-of-a-test' }],
    ['the start of the token', { authorization: `Bearer ${scrapeToken.slice(0, -1)}` }],
    ['the token without its scheme', { authorization: scrapeToken }],
    ['an empty token', { authorization: 'Bearer ' }],
  ])('not %s', async (_, headers) => {
    peer = '10.0.0.7';
    for (const service of [app, closed]) expect((await scrape(service, headers)).status).toBe(401);
  });

  test('nobody by a token where none is set', async () => {
    peer = '10.0.0.7';
    for (const said of ['undefined', 'null', scrapeToken]) {
      expect((await scrape(closed, { authorization: `Bearer ${said}` })).status).toBe(401);
    }
  });

  test.each(['x-forwarded-for', 'forwarded'])(
    'not what %s says was passed on to this machine',
    async (name) => {
      expect((await scrape(closed, { [name]: 'for=203.0.113.9' })).status).toBe(401);
    },
  );

  test('everybody about health', async () => {
    peer = '203.0.113.9';
    expect((await request(closed.server).get('/health/live')).status).toBe(200);
  });
});
