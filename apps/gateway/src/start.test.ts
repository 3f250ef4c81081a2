// Risk: a deployment cuts requests in two, leaves a process behind, or starts with settings that cannot work.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  callHttp,
  problemOf,
  type RedisServer,
  type RunningProcess,
  startProcess,
  startRedis,
  waitFor,
} from '@caio/test-kit';
import { createIdentities } from './testing/service-identities.ts';

const root = resolve(__dirname, '../../..');
const token = 'tok-Sd7Fg2Hj9Kl4Zx1C';
const identities = createIdentities(() => 'cor-of-this-test');

let folder = '';
let redis: RedisServer;
const held: ServerResponse[] = [];
const service = createServer((_req, res) => {
  held.push(res);
  service.emit('held');
});

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caio-gateway-'));
  redis = await startRedis();
  execFileSync(process.execPath, [join(root, 'tools/bin/build.mjs'), '--only', 'gateway'], { stdio: 'pipe' });
  await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening));
}, 60_000);
afterAll(async () => {
  service.closeAllConnections();
  await new Promise((closed) => service.close(closed));
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (): Record<string, string> => {
  const address = service.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    ENVIRONMENT: 'test-shutdown',
    HOST: '127.0.0.1',
    PORT: '0',
    REDIS_URL: redis.url,
    LOG_LEVEL: 'debug',
    TRACE_ENVELOPE_FILE: join(folder, 'traces.jsonl'),
    SERVICE_PRIVATE_KEY: identities.privateKeyOf('gateway'),
    SERVICE_PUBLIC_KEYS: identities.publicKeysText,
    DRAIN_MS: '5000',
    GATEKEEPER_URL: url,
    SCHEDULER_URL: url,
    WEBHOOKS_URL: url,
    DASHBOARD_AUTH_TOKEN: token,
  };
};

const start = (env: Record<string, string | undefined>, readyWhen?: (child: RunningProcess) => boolean) =>
  startProcess({
    command: process.execPath,
    args: [join(root, 'dist/gateway/main.cjs')],
    env,
    ...(readyWhen === undefined ? {} : { readyWhen }),
  });

const portOf = (child: RunningProcess): number =>
  Number(child.jsonLines().find((line) => line['ready'] === true)?.['port'] ?? 0);

test('told to stop, it takes nothing new, finishes what it has in hand, and ends without a word of the token', async () => {
  const child = await start(environment(), (starting) => portOf(starting) > 0);
  const port = portOf(child);
  const inHand = callHttp(port, { path: '/api/drafts', headers: { 'x-dashboard-token': token } });
  await once(service, 'held');

  child.signal('SIGTERM');
  await waitFor(() => child.stdout().includes('Stopping.'), { timeoutMs: 5_000, describe: 'it to stop' });
  await expect(callHttp(port, { path: '/api/health/live' })).rejects.toThrow('ECONNREFUSED');
  expect(child.exited()).toBeNull();

  held.pop()?.writeHead(200, { 'Content-Type': 'application/json' }).end('{"drafts":[]}');
  expect(await inHand).toMatchObject({ status: 200, text: '{"drafts":[]}', whole: true });
  expect(await child.exit).toEqual({ code: 0, signal: null });
  const written = child.stdout() + child.stderr() + readFileSync(join(folder, 'traces.jsonl'), 'utf8');
  expect(written).toContain('gateway:GET /api{/*path}');
  expect(written).not.toContain(token);
});

test('told to stop, it ends event streams in order and does not wait for them', async () => {
  const child = await start(environment(), (starting) => portOf(starting) > 0);
  const outgoing = request({
    ...{ host: '127.0.0.1', port: portOf(child) },
    path: '/api/batches/bat_01TE0000000000000000000001/events',
    headers: { 'x-dashboard-token': token },
  }).end();
  await once(service, 'held');
  held.pop()?.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: first\n\n');
  const [stream] = (await once(outgoing, 'response')) as [IncomingMessage];
  await once(stream, 'data');
  const stoppedAt = Date.now();
  child.signal('SIGTERM');
  await once(stream, 'end');
  expect([stream.statusCode, stream.complete]).toEqual([200, true]);
  expect(await child.exit).toEqual({ code: 0, signal: null });
  // Far below the drain time.
  expect(Date.now() - stoppedAt).toBeLessThan(4_000);
  expect(child.stdout()).not.toContain('cut off');
});

test('told to stop before a stream has begun, it breaks off, so that the browser asks again, and waits for nobody', async () => {
  const child = await start(environment(), (starting) => portOf(starting) > 0);
  const outgoing = request({
    ...{ host: '127.0.0.1', port: portOf(child) },
    path: '/api/batches/bat_01TE0000000000000000000001/events',
    headers: { 'x-dashboard-token': token },
  }).end();
  const broken = once(outgoing, 'error');
  await once(service, 'held');
  const stoppedAt = Date.now();
  child.signal('SIGTERM');
  expect(((await broken) as [NodeJS.ErrnoException])[0].code).toBe('ECONNRESET');
  expect(await child.exit).toEqual({ code: 0, signal: null });
  expect(Date.now() - stoppedAt).toBeLessThan(4_000);
  held.pop()?.destroy();
});

test('a request that does not end is cut at the end of the drain time, and the process ends', async () => {
  const child = await start({ ...environment(), DRAIN_MS: '100' }, (starting) => portOf(starting) > 0);
  const inHand = callHttp(portOf(child), { path: '/api/drafts', headers: { 'x-dashboard-token': token } });
  const outcome = inHand.then(
    () => 'answered',
    () => 'cut',
  );
  await once(service, 'held');
  child.signal('SIGTERM');
  expect(await outcome).toBe('cut');
  expect((await child.exit).code).toBe(0);
  expect(child.stdout()).toContain('cut off');
});

test('with no token it starts, says that nobody gets in, and is not ready', async () => {
  const child = await start(
    { ...environment(), DASHBOARD_AUTH_TOKEN: undefined },
    (starting) => portOf(starting) > 0,
  );
  const port = portOf(child);
  expect(child.stdout()).toContain('No token is configured, so nobody gets in');
  const answer = await callHttp(port, { path: '/api/drafts', headers: { 'x-dashboard-token': token } });
  expect([answer.status, problemOf(answer).code]).toEqual([401, 'unauthenticated']);
  const ready = await callHttp(port, { path: '/health/ready' });
  expect([ready.status, ready.text]).toEqual([503, expect.stringContaining('DASHBOARD_AUTH_TOKEN')]);
  await child.stop();
});

test('everything that is missing or wrong is named at once, with what to do and without a value', async () => {
  const child = await start({
    ...environment(),
    GATEKEEPER_URL: undefined,
    SCHEDULER_URL: 'not-an-address',
    DASHBOARD_AUTH_TOKEN: '"tok-in-quotes-5Gh7Jk"',
    CORS_ALLOWED_ORIGINS: '*',
    SERVICE_PRIVATE_KEY: 'c2VjcmV0LXZhbHVl',
  });
  expect((await child.exit).code).toBe(1);
  const said = child.stderr();
  for (const words of [
    'GATEKEEPER_URL is not set',
    'SCHEDULER_URL',
    'DASHBOARD_AUTH_TOKEN',
    'CORS_ALLOWED_ORIGINS holds *',
    'SERVICE_PRIVATE_KEY',
  ])
    expect(said).toContain(words);
  expect(said).not.toMatch(/tok-in-quotes|c2VjcmV0|not-an-address|\n {4}at /);
});
