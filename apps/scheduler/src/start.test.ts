// Risk: a deployment cuts an upload in two, loses a run that was in hand, or starts with settings that cannot work.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { permissionSchema, runAnswerSchema } from '@caio/contracts';
import { createServiceParts, loadConfig } from '@caio/service-kit';
import {
  callHttp,
  freePort,
  startProcess,
  startRedis,
  waitFor,
  type RedisServer,
  type RunningProcess,
} from '@caio/test-kit';
import { z } from 'zod';
import { fileOf, intern, rowOf } from './testing/lead-rows.ts';
import { contentDigest, createServiceKey } from './testing/scheduler-rig.ts';

const root = resolve(__dirname, '../../..');
const keys = { gateway: createServiceKey(), scheduler: createServiceKey() };
const publicKeys = JSON.stringify({
  gateway: keys.gateway.publicKey,
  scheduler: keys.scheduler.publicKey,
});

let folder = '';
let redis: RedisServer;
/** What the gatekeeper answers when it is asked what it said; null says that it cannot tell. Nobody is excluded. */
let gateAnswers: { count: number; answers: unknown[] } | null = null;
const gatekeeper = createServer((req, res) => {
  const answer = req.url === '/internal/excluded-leads' ? { lines: [] } : gateAnswers;
  if (answer === null) res.writeHead(503).end('{}');
  else res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer));
});
let gatekeeperUrl = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caio-scheduler-'));
  execFileSync(process.execPath, [join(root, 'tools/bin/build.mjs'), '--only', 'scheduler'], {
    stdio: 'pipe',
  });
  redis = await startRedis();
  await new Promise<void>((listening) => gatekeeper.listen(0, '127.0.0.1', listening));
  const address = gatekeeper.address();
  gatekeeperUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
}, 60_000);
afterEach(() => {
  gateAnswers = null;
});
afterAll(async () => {
  gatekeeper.closeAllConnections();
  await new Promise((closed) => gatekeeper.close(closed));
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const environment = (): Record<string, string> => ({
  ENVIRONMENT: 'test-shutdown',
  HOST: '127.0.0.1',
  PORT: '0',
  REDIS_URL: redis.url,
  LOG_LEVEL: 'debug',
  TRACE_ENVELOPE_FILE: join(folder, 'traces.jsonl'),
  SERVICE_PRIVATE_KEY: keys.scheduler.privateKey,
  SERVICE_PUBLIC_KEYS: publicKeys,
  GATEKEEPER_URL: gatekeeperUrl,
  COPY_PACK_DIR: join(root, 'config/copy-pack/harbor-pine'),
  DRAIN_MS: '5000',
});
const portOf = (child: RunningProcess): number =>
  Number(child.jsonLines().find((line) => line['ready'] === true)?.['port'] ?? 0);
const start = (overrides: Record<string, string | undefined>, waits: 'until ready' | 'not at all') =>
  startProcess({
    command: process.execPath,
    args: [join(root, 'dist/scheduler/main.cjs')],
    env: { ...environment(), ...overrides },
    ...(waits === 'until ready' ? { readyWhen: (child: RunningProcess) => portOf(child) > 0 } : {}),
  });

/** The header of the gateway, in the name of somebody who may do everything. */
const tokenFor = (method: string, path: string, bodyDigest: string | null): Record<string, string> => {
  const config = loadConfig(
    z.object({}),
    {
      REDIS_URL: redis.url,
      SERVICE_PRIVATE_KEY: keys.gateway.privateKey,
      SERVICE_PUBLIC_KEYS: publicKeys,
      TRACE_ENVELOPE_ENABLED: 'false',
    },
    'gateway',
  );
  const { signer } = createServiceParts({
    service: 'gateway',
    config,
    secrets: [],
    stdout: new Writable(),
    now: Date.now,
    monotonicNow: () => performance.now(),
    newCorrelationId: () => 'cor-of-this-test',
  });
  const user = { name: 'Rory Vale', permissions: [...permissionSchema.options] };
  return {
    'x-service-token': signer.sign({
      audience: 'scheduler',
      method,
      path,
      bodyDigest,
      correlationId: 'cor-of-this-test',
      user,
    }),
  };
};
const showRun = async (child: RunningProcess, runId: string) => {
  const path = `/api/pipeline-runs/${runId}`;
  const answer = await callHttp(portOf(child), { path, headers: tokenFor('GET', path, null) });
  return runAnswerSchema.parse(JSON.parse(answer.text)).run;
};
const upload = async (child: RunningProcess, content: string) => {
  const path = '/api/pipeline-runs';
  const headers = tokenFor('POST', path, contentDigest(content));
  const answer = await callHttp(portOf(child), { method: 'POST', path, headers, body: content });
  return runAnswerSchema.parse(JSON.parse(answer.text)).run;
};

describe('told to stop', () => {
  test('in the middle of an upload, it takes the rest, answers, takes nothing new, and ends', async () => {
    const child = await start({}, 'until ready');
    const port = portOf(child);
    const content = fileOf([intern(1), intern(2)]);
    const path = '/api/pipeline-runs';
    const outgoing = request({
      ...{ host: '127.0.0.1', port, method: 'POST', path },
      headers: {
        ...tokenFor('POST', path, contentDigest(content)),
        'content-length': String(content.length),
        expect: '100-continue',
      },
    });
    outgoing.flushHeaders();
    await once(outgoing, 'continue');
    outgoing.write(content.slice(0, 50));

    child.signal('SIGTERM');
    await waitFor(() => child.stdout().includes('Stopping.'), { timeoutMs: 5_000, describe: 'it to stop' });
    await expect(callHttp(port, { path: '/health/live' })).rejects.toThrow('ECONNREFUSED');
    outgoing.end(content.slice(50));
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    expect(incoming.statusCode).toBe(202);
    const { run } = runAnswerSchema.parse(JSON.parse(await text(incoming)));
    expect(await child.exit).toEqual({ code: 0, signal: null });

    const next = await start({}, 'until ready');
    await waitFor(async () => (await showRun(next, run.runId)).status === 'done', {
      timeoutMs: 20_000,
      describe: 'the next process to carry the run out',
    });
    expect((await showRun(next, run.runId)).counts).toEqual({ disqualified: 2 });
    await next.stop();
  }, 40_000);

  test('while a run waits for a gatekeeper that is away, it ends, and the next process finishes the run', async () => {
    const waiting = { ENVIRONMENT: 'test-waiting', JOB_LOCK_MS: '1500', JOB_STALL_CHECK_MS: '700' };
    const child = await start(waiting, 'until ready');
    const { runId } = await upload(child, fileOf([rowOf(1), intern(2)]));
    await waitFor(async () => (await showRun(child, runId)).rowsRead === 2, {
      timeoutMs: 10_000,
      describe: 'the rows to be read',
    });
    expect((await showRun(child, runId)).status).toBe('running');
    child.signal('SIGTERM');
    expect(await child.exit).toEqual({ code: 0, signal: null });

    const answer = { outcome: 'accepted', draftId: null, reasons: ['taken'], tier: null, score: null };
    gateAnswers = { count: 1, answers: [{ line: 2, answer }] };
    const next = await start(waiting, 'until ready');
    await waitFor(async () => (await showRun(next, runId)).status === 'done', {
      timeoutMs: 30_000,
      describe: () => `the next process to finish the run\n${next.stdout().slice(-2_000)}`,
    });
    expect(await showRun(next, runId)).toMatchObject({
      rowsRead: 2,
      rowsDone: 2,
      counts: { drafted: 1, disqualified: 1 },
    });
    await next.stop();
  }, 60_000);
});

test('a start that is refused says why and what to do, without a stack', async () => {
  writeFileSync(join(folder, 'inbox'), '');
  const cases: [Record<string, string | undefined>, RegExp][] = [
    [{ ENVIRONMENT: 'staging', INNGEST_DEV: '1' }, /INNGEST_DEV is set.*Remove it/],
    [{ INNGEST_REQUIRED: 'true' }, /INNGEST_SIGNING_KEY and INNGEST_EVENT_KEY\. Set both/],
    [{ LEAD_INBOX_DIR: join(folder, 'nowhere') }, /LEAD_INBOX_DIR names no folder\. Create it/],
    [{ LEAD_INBOX_DIR: join(folder, 'inbox') }, /LEAD_INBOX_DIR names no folder/],
    [{ COPY_PACK_DIR: join(folder, 'nowhere') }, /pack\.json.*no such file/],
    [{ REDIS_URL: `redis://127.0.0.1:${await freePort()}` }, /REDIS_URL names a Redis that does not answer/],
  ];
  await Promise.all(
    cases.map(async ([overrides, words]) => {
      const child = await start(overrides, 'not at all');
      expect((await child.exit).code).toBe(1);
      expect(child.stderr()).toMatch(words);
      expect(child.stderr()).not.toMatch(/\n {4}at /);
    }),
  );
}, 30_000);
