// Risk: a deployment loses the wish of somebody who was just pressing the button, or leaves a process behind.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createUnsubscribeTokens, formatServicePublicKeys, generateServiceKeyPair } from '@caio/auth';
import { createRedisConnections } from '@caio/service-kit';
import { createJobQueue, createKeys } from '@caio/state-store';
import {
  callHttp,
  freePort,
  type RedisServer,
  type RunningProcess,
  startProcess,
  startRedis,
  waitFor,
} from '@caio/test-kit';
import { secret } from './testing/webhooks-rig.ts';

const root = resolve(__dirname, '../../..');
const environmentName = 'test-shutdown';
const link = `/u/${createUnsubscribeTokens({ secrets: [secret] }).issue('email:jo.fields@meadow.example')}`;
const keys = generateServiceKeyPair();

let folder = '';
let redis: RedisServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caio-webhooks-'));
  execFileSync(process.execPath, [join(root, 'tools/bin/build.mjs'), '--only', 'webhooks'], {
    stdio: 'pipe',
  });
  redis = await startRedis();
}, 60_000);
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const portOf = (child: RunningProcess): number =>
  Number(child.jsonLines().find((line) => line['ready'] === true)?.['port'] ?? 0);

const start = (overrides: Record<string, string | undefined>, waits: 'until ready' | 'not at all') =>
  startProcess({
    command: process.execPath,
    args: [join(root, 'dist/webhooks/main.cjs')],
    env: {
      ENVIRONMENT: environmentName,
      HOST: '127.0.0.1',
      PORT: '0',
      REDIS_URL: redis.url,
      LOG_LEVEL: 'debug',
      TRACE_ENVELOPE_FILE: join(folder, 'traces.jsonl'),
      SERVICE_PRIVATE_KEY: keys.privateKey,
      SERVICE_PUBLIC_KEYS: formatServicePublicKeys({ gateway: keys.publicKey }),
      UNSUBSCRIBE_SECRET: secret,
      DRAIN_MS: '5000',
      ...overrides,
    },
    ...(waits === 'until ready' ? { readyWhen: (child: RunningProcess) => portOf(child) > 0 } : {}),
  });

const waiting = async (): Promise<number> => {
  const quiet = {
    error: () => undefined,
    warn: () => undefined,
    info: () => undefined,
    debug: () => undefined,
  };
  const connections = createRedisConnections({
    url: redis.url,
    role: 'worker',
    logger: quiet,
    now: Date.now,
  });
  const queue = createJobQueue({
    queue: 'signals',
    redis: connections.connect('observer'),
    keys: createKeys(environmentName),
    onError: () => undefined,
  });
  try {
    return (await queue.counts())['waiting'] ?? 0;
  } finally {
    await connections.close();
  }
};

test('told to stop while somebody presses the button, it stores the wish, answers, takes nothing new, and ends', async () => {
  const child = await start({}, 'until ready');
  const port = portOf(child);
  await waitFor(async () => (await callHttp(port, { path: '/health/ready' })).status === 200, {
    timeoutMs: 5_000,
    describe: 'the webhooks to be ready',
  });
  // The request is in hand and cannot end before its body has.
  const outgoing = request({
    ...{ host: '127.0.0.1', port, method: 'POST', path: link },
    headers: { 'content-length': '26', expect: '100-continue' },
  });
  const answered = new Promise<number>((answer, fail) => {
    outgoing.once('response', (incoming) => {
      incoming.resume();
      incoming.once('end', () => answer(incoming.statusCode ?? 0));
    });
    outgoing.once('error', fail);
  });
  outgoing.flushHeaders();
  await once(outgoing, 'continue');

  child.signal('SIGTERM');
  await waitFor(() => child.stdout().includes('Stopping.'), { timeoutMs: 5_000, describe: 'it to stop' });
  await expect(callHttp(port, { path: link })).rejects.toThrow('ECONNREFUSED');
  outgoing.end('List-Unsubscribe=One-Click');
  expect(await answered).toBe(200);
  expect(await child.exit).toEqual({ code: 0, signal: null });
  expect(await waiting()).toBe(1);
});

test('without a store it comes up, shows pages, refuses wishes, says it is not ready, and still ends when told', async () => {
  const child = await start({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }, 'until ready');
  const port = portOf(child);
  expect((await callHttp(port, { path: link })).status).toBe(200);
  expect((await callHttp(port, { path: '/health/live' })).status).toBe(200);
  expect((await callHttp(port, { path: '/health/ready' })).status).toBe(503);
  expect((await callHttp(port, { method: 'POST', path: link })).status).toBe(503);
  child.signal('SIGTERM');
  expect(await child.exit).toEqual({ code: 0, signal: null });
});

test.each([
  [
    'no secret',
    { UNSUBSCRIBE_SECRET: undefined },
    /UNSUBSCRIBE_SECRET is not set\. Set the same random text/,
  ],
  ['a short secret', { UNSUBSCRIBE_SECRET: 'short-secret' }, /UNSUBSCRIBE_SECRET is shorter than 32/],
  [
    'a short former secret',
    { UNSUBSCRIBE_SECRET_PREVIOUS: 'short-secret' },
    /UNSUBSCRIBE_SECRET_PREVIOUS is shorter/,
  ],
])('%s stops the start with its name and the fix, never its value', async (_name, overrides, words) => {
  const child = await start(overrides, 'not at all');
  expect((await child.exit).code).toBe(1);
  expect(child.stderr()).toMatch(words);
  expect(child.stderr()).not.toMatch(/short-secret|\n {4}at /);
});
