// Risk: a few clients that send almost nothing, or far too much, keep everybody else out; a restart loses what was accepted.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
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
const credential = { 'x-dashboard-token': token };
const identities = createIdentities(() => 'cor-of-this-test');
const megabyte = 1024 * 1024;

let folder = '';
let redis: RedisServer;
let gateway: RunningProcess;
let port = 0;
let servicePort = 0;

/** A service that may be stopped and started on its port as a deployment does it. */
const received: string[] = [];
let draining = false;
const serve: RequestListener = (req, res) => {
  let body = '';
  req.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
  req.once('end', () => {
    received.push(body);
    if (draining) res.setHeader('Connection', 'close');
    res.end(JSON.stringify({ bytes: body.length }));
  });
};
let service: Server;
const startService = async (at: number): Promise<number> => {
  draining = false;
  service = createServer(serve);
  await new Promise<void>((listening) => service.listen(at, '127.0.0.1', listening));
  const address = service.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const stopService = (): Promise<unknown> => {
  draining = true;
  const closed = new Promise((done) => service.close(done));
  service.closeIdleConnections();
  return closed;
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caio-gateway-'));
  redis = await startRedis();
  servicePort = await startService(0);
  const url = `http://127.0.0.1:${servicePort}`;
  execFileSync(process.execPath, [join(root, 'tools/bin/build.mjs'), '--only', 'gateway'], { stdio: 'pipe' });
  gateway = await startProcess({
    command: process.execPath,
    args: [join(root, 'dist/gateway/main.cjs')],
    env: {
      ...{ ENVIRONMENT: 'test-slow', HOST: '127.0.0.1', PORT: '0', REDIS_URL: redis.url, DRAIN_MS: '1000' },
      TRACE_ENVELOPE_FILE: join(folder, 'traces.jsonl'),
      SERVICE_PRIVATE_KEY: identities.privateKeyOf('gateway'),
      SERVICE_PUBLIC_KEYS: identities.publicKeysText,
      ...{ GATEKEEPER_URL: url, SCHEDULER_URL: url, WEBHOOKS_URL: url },
      DASHBOARD_AUTH_TOKEN: token,
      ...{ REQUEST_HEAD_TIMEOUT_MS: '500', REQUEST_TIMEOUT_MS: '1500' },
      ...{ RATE_LIMIT_READ_PER_MINUTE: '100000', RATE_LIMIT_WRITE_PER_MINUTE: '100000' },
      RATE_LIMIT_UPLOAD_PER_MINUTE: '1000',
    },
    readyWhen: (child) => child.jsonLines().some((line) => line['ready'] === true),
  });
  port = Number(gateway.jsonLines().find((line) => line['ready'] === true)?.['port'] ?? 0);
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  service.closeAllConnections();
  await stopService();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

/** What the door says to a client that sends this and then a byte now and then, until it is cut off. */
const dribble = (first: string): Promise<string> =>
  new Promise((done) => {
    let timer: NodeJS.Timeout | undefined;
    const socket = connect({ port, host: '127.0.0.1' }, () => {
      socket.write(first);
      timer = setInterval(() => socket.write('a'), 100);
    });
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => (said += text));
    socket.on('error', () => undefined);
    socket.once('close', () => {
      clearInterval(timer);
      done(said);
    });
  });

const tooSlow = /^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/;

describe('a client that takes its time', () => {
  test('with the head is cut off, and many of them keep nobody else waiting', async () => {
    const slow = Array.from({ length: 200 }, () =>
      dribble('GET /api/drafts HTTP/1.1\r\nHost: door\r\nX-A: '),
    );
    expect((await callHttp(port, { path: '/api/drafts', headers: credential })).status).toBe(200);
    for (const said of await Promise.all(slow)) expect(said).toMatch(tooSlow);
  });

  test.each([
    [
      'an upload',
      `POST /api/pipeline-runs HTTP/1.1\r\nHost: door\r\nX-Dashboard-Token: ${token}\r\nContent-Length: 100000\r\n\r\n`,
    ],
    [
      'a login',
      'POST /login HTTP/1.1\r\nHost: door\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 10000\r\n\r\ntoken=',
    ],
    ['a link', 'POST /u/abc HTTP/1.1\r\nHost: door\r\nContent-Length: 10000\r\n\r\n'],
  ])('with the body of %s is cut off', async (_name, head) => {
    const said = await dribble(head);
    expect(said).toMatch(tooSlow);
  });

  test('with no credential is answered at once and not read', async () => {
    const said = await dribble('POST /api/drafts HTTP/1.1\r\nHost: door\r\nContent-Length: 10000\r\n\r\n');
    expect(said).toMatch(/^HTTP\/1\.1 401/);
  });
});

test('bodies of ten megabytes at once, announced or not, leave the door within its memory and answering', async () => {
  const before = residentBytes(gateway.pid);
  const body = Buffer.alloc(10 * megabyte, 97);
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) =>
      callHttp(port, {
        method: 'POST',
        path: index % 2 === 0 ? '/api/pipeline-runs' : '/api/halt',
        headers: index % 4 < 2 ? credential : {},
        body,
      }).catch(() => null),
    ),
  );
  // 408 is what a client gets that a busy machine makes too slow; an answer that was cut has no status.
  const statuses = new Set(answers.flatMap((answer) => answer?.status ?? []));
  expect([...statuses].filter((status) => ![400, 401, 408, 413, 503].includes(status))).toEqual([]);
  expect((await callHttp(port, { path: '/api/drafts', headers: credential })).status).toBe(200);
  const after = residentBytes(gateway.pid);
  expect(after - before).toBeLessThan(250 * megabyte);
});

test('too many headers are refused, and so is a second name of the host', async () => {
  const headers = {
    ...credential,
    ...Object.fromEntries(Array.from({ length: 120 }, (_, at) => [`x-${at}`, '1'])),
  };
  const many = await callHttp(port, { path: '/api/drafts', headers });
  expect([many.status, problemOf(many).code]).toEqual([431, 'too_many_headers']);
  const twoHosts = await callHttp(port, {
    path: '/api/drafts',
    headers: { ...credential, Host: 'other.example' },
  });
  expect(twoHosts.status).toBe(400);
});

test('a service that is replaced again and again under load loses nothing that was accepted', async () => {
  received.length = 0;
  let running = true;
  let sent = 0;
  const outcomes = { read: new Map<number, number>(), changed: new Map<number, string[]>() };
  const count = (status: number): void =>
    void outcomes.read.set(status, (outcomes.read.get(status) ?? 0) + 1);
  const reader = async (): Promise<void> => {
    while (running) {
      const answer = await callHttp(port, { path: '/api/drafts', headers: credential });
      expect(answer.whole).toBe(true);
      count(answer.status);
    }
  };
  const writer = async (): Promise<void> => {
    while (running) {
      const body = `change-${(sent += 1)}`;
      const answer = await callHttp(port, { method: 'POST', path: '/api/halt', headers: credential, body });
      outcomes.changed.set(answer.status, [...(outcomes.changed.get(answer.status) ?? []), body]);
      if (answer.status === 503)
        expect(problemOf(answer)).toMatchObject({
          code: 'upstream_unavailable',
          details: { part: 'gatekeeper' },
        });
    }
  };
  const load = [reader(), reader(), reader(), writer(), writer(), writer()];
  for (let round = 0; round < 8; round += 1) {
    const until = received.length + 60;
    await waitFor(() => received.length >= until, {
      timeoutMs: 20_000,
      intervalMs: 5,
      describe: 'some load',
    });
    await stopService();
    await startService(servicePort);
  }
  running = false;
  await Promise.all(load);
  const accepted = outcomes.changed.get(200) ?? [];
  expect(accepted.length).toBeGreaterThan(100);
  // Accepted is done, and done once.
  const done = received.filter((body) => body !== '');
  expect(accepted.filter((body) => !done.includes(body))).toEqual([]);
  expect(new Set(done).size).toBe(done.length);
  expect(
    [...outcomes.read.keys(), ...outcomes.changed.keys()].filter((status) => ![200, 503].includes(status)),
  ).toEqual([]);
  expect((await callHttp(port, { path: '/api/drafts', headers: credential })).status).toBe(200);
});
