// Risk: a door looks cheap because the server beside it does more, less or something else than it says.
import { createHash } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { callHttp, type RedisServer, startRedis } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { createLoad } from '../bench/load.ts';
import { captureAnswer, statusWithoutBody } from '../bench/refusal-probe.ts';
import { createCannedAnswers } from './canned-answers.ts';
import { createExpressProxy } from './express-proxy.ts';
import { createUndiciProxy } from './undici-proxy.ts';
import { createUpstream, upstreamAnswer, upstreamCountsPath } from './upstream.ts';

const token = 'token-of-the-bench-0123456789';
const headers = { 'x-dashboard-token': token };
const path = '/api/queue-status?limit=5';

const open: Server[] = [];
const listen = async (server: Server): Promise<number> => {
  open.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return (server.address() as AddressInfo).port;
};
const urlOf = (port: number): string => `http://127.0.0.1:${port}`;

let redisServer: RedisServer;
let redis: Redis;
let upstreamPort = 0;
beforeAll(async () => {
  redisServer = await startRedis();
  redis = new Redis(redisServer.url);
});
beforeEach(async () => {
  await redis.flushall();
  upstreamPort = await listen(createUpstream());
});
afterEach(() => {
  for (const server of open.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(async () => {
  redis.disconnect();
  await redisServer.stop();
});

const reached = async (): Promise<unknown> =>
  JSON.parse((await callHttp(upstreamPort, { path: upstreamCountsPath })).text);

const startExpress = (requestsPerMinuteMax: number): Promise<number> =>
  listen(
    createExpressProxy({
      upstreamUrl: urlOf(upstreamPort),
      redis,
      keyPrefix: 'bench:',
      tokenSha256: createHash('sha256').update(token).digest('hex'),
      requestsPerMinuteMax,
    }),
  );
const startUndici = (): Promise<number> => listen(createUndiciProxy({ upstreamUrl: urlOf(upstreamPort) }));

describe('proxies', () => {
  test.each([
    ['Express', () => startExpress(100)],
    ['undici', startUndici],
  ])('%s passes on what the upstream answers, over one connection that is kept', async (_name, start) => {
    const port = await start();
    const load = createLoad(urlOf(port), 1);
    const { statuses, bodyBytes } = await load.run(5, () => ({ path, headers }));
    await load.close();
    expect([...statuses, bodyBytes]).toEqual([[200, 5], 5 * 2_048]);
    // One more connection is this question itself.
    expect(await reached()).toEqual({ requests: 5, connections: 2 });
    const answer = await callHttp(port, { path, headers });
    expect(answer).toMatchObject({ status: 200, text: upstreamAnswer, whole: true });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'content-length': '2048',
    });
  });

  test.each([
    ['Express', () => startExpress(100)],
    ['undici', startUndici],
  ])('%s leaves method, path and body as they are', async (_name, start) => {
    const seen: string[] = [];
    const echo: RequestListener = (req, res) => {
      void text(req).then((body) => {
        seen.push(`${req.method} ${req.url} ${body}`);
        res.end();
      });
    };
    upstreamPort = await listen(createServer(echo));
    const port = await start();
    await callHttp(port, { path, headers });
    await callHttp(port, { method: 'POST', path, headers, body: 'some words' });
    expect(seen).toEqual([`GET ${path} `, `POST ${path} some words`]);
  });

  test('Express lets in one token, counts in Redis and stops at the limit before the upstream', async () => {
    const port = await startExpress(2);
    const answerTo = async (given: Record<string, string>) => {
      const { status, headers: got } = await callHttp(port, { path, headers: given });
      return [status, got['ratelimit-limit'], got['ratelimit-remaining']];
    };
    expect(await answerTo({})).toEqual([401, undefined, undefined]);
    expect(await answerTo({ 'x-dashboard-token': `${token}!` })).toEqual([401, undefined, undefined]);
    expect(await redis.keys('*')).toEqual([]);
    expect(await answerTo(headers)).toEqual([200, '2', '1']);
    expect(await redis.get('bench:bench')).toBe('1');
    expect(await redis.pttl('bench:bench')).toBeGreaterThan(0);
    expect(await answerTo(headers)).toEqual([200, '2', '0']);
    expect(await answerTo(headers)).toEqual([429, '2', '0']);
    expect(await reached()).toMatchObject({ requests: 2 });
  });
});

describe('refusals', () => {
  const refuse: RequestListener = (req, res) => {
    res.setHeader('X-Correlation-ID', 'cor-12345678');
    res.setHeader('Set-Cookie', ['a=1', 'b=2']);
    res.statusCode = 401;
    if (req.url !== '/patient') return void res.end('{"error":"who?"}');
    req.resume().once('end', () => res.end());
  };

  const bytesFrom = (port: number, target: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`GET ${target} HTTP/1.1\r\nHost: a\r\n\r\n`),
      );
      socket.once('error', reject);
      let bytes = '';
      socket.on('data', (chunk) => {
        bytes += chunk.toString('latin1');
        if (!bytes.endsWith('}')) return;
        socket.destroy();
        resolve(bytes.replace(/^Date: .*$/m, 'Date: now'));
      });
    });

  test('a canned answer is the captured one, byte for byte', async () => {
    const port = await listen(createServer(refuse));
    const answer = await captureAnswer(urlOf(port), { path: '/', headers: {} });
    const other = { status: 200, rawHeaders: [], body: '{}' };
    const canned = await listen(createCannedAnswers([other, answer]));
    const bytes = await bytesFrom(canned, '/1');
    expect(bytes).toMatch(/^HTTP\/1\.1 401 /);
    expect(bytes.split('\r\n').toSorted()).toEqual((await bytesFrom(port, '/')).split('\r\n').toSorted());
    expect((await callHttp(canned, { path: '/2' })).status).toBe(404);
  });

  test('a server that waits for the body is told from one that does not', async () => {
    const url = urlOf(await listen(createServer(refuse)));
    expect(await statusWithoutBody(url, { path: '/', headers: {} })).toBe(401);
    expect(await statusWithoutBody(url, { path: '/patient', headers: {} }, 200)).toBeNull();
  });
});

describe('load', () => {
  test('asks as often as it is told, over its own connections only, and counts what comes back', async () => {
    let asked = 0;
    let connections = 0;
    const server = createServer((_req, res) => {
      asked += 1;
      res.writeHead(asked % 3 === 0 ? 429 : 200).end('four');
    });
    server.on('connection', () => (connections += 1));
    const load = createLoad(urlOf(await listen(server)), 4);
    const request = { path, headers };
    const first = await load.run(90, () => request);
    expect([...first.statuses].toSorted()).toEqual([
      [200, 60],
      [429, 30],
    ]);
    expect(first.bodyBytes).toBe(360);
    expect(await load.run(3, () => request)).toMatchObject({ bodyBytes: 12 });
    expect([asked, connections]).toEqual([93, 4]);
    await load.close();
  });

  test('an answer that breaks off is no answer', async () => {
    const server = createServer((_req, res) => {
      res.writeHead(200, { 'content-length': 100 }).write('four', () => res.destroy());
    });
    const load = createLoad(urlOf(await listen(server)), 1);
    await expect(load.run(1, () => ({ path, headers }))).rejects.toThrow();
    await load.close();
  });
});
