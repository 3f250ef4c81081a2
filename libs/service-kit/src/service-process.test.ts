// Risk: a service dies without a word, loses requests when it is stopped, or outlives the stack that started it.
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { formatServicePublicKeys, generateServiceKeyPair } from '@caio/auth';
import { freePort, startProcess, waitFor } from '@caio/test-kit';
import type { RunningProcess } from '@caio/test-kit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Agent, fetch } from 'undici';

const source = `
import { z } from 'zod';
import {
  createFaultPoints, createServiceApp, createServiceParts, loadConfig, runService, secretField, secretsOf,
} from './src/index.ts';

const schema = z.object({ UNSUBSCRIBE_SECRET: secretField({ fix: 'Make one.', lengthMin: 32 }).optional() });

await runService({
  service: 'webhooks',
  start: async ({ env, onClose, onStopping }) => {
    const endless = new Set();
    onStopping(() => endless.forEach((res) => res.end('the end')));
    if (env.FAIL_START) throw new Error('policy file of jo@firm.example is broken');
    const config = loadConfig(schema, env, 'webhooks');
    let ids = 0;
    const newCorrelationId = () => 'cor-' + String((ids += 1)).padStart(8, '0');
    const monotonicNow = () => performance.now();
    const parts = createServiceParts({
      service: 'webhooks', config, secrets: secretsOf(schema, env, 'webhooks'), stdout: process.stdout,
      now: Date.now, monotonicNow, newCorrelationId,
    });
    const faults = createFaultPoints(config.FAULT_PLAN ?? []);
    onClose('first', () => parts.logger.info({}, 'closed first'));
    onClose('failing', () => { throw new Error('no'); });
    onClose('last', () => parts.logger.info({}, 'closed last'));
    const app = createServiceApp({
      service: 'webhooks', ...parts, allowedIssuers: ['gateway'], readiness: [], publicPaths: ['/'],
      newCorrelationId, monotonicNow,
      mount: (routes) => {
        routes.get('/slow', (req, res) => { parts.logger.info({}, 'slow began'); setTimeout(() => res.json({ done: true }), Number(req.query.ms)); });
        routes.get('/endless', (_req, res) => { endless.add(res); res.write('begun '); parts.logger.info({}, 'endless began'); });
        routes.get('/fault', (_req, res) => { faults.reach('in-route'); res.json({}); });
        routes.get('/reject', (_req, res) => { res.json({}); void Promise.reject(new Error('nobody handled jo@firm.example')); });
      },
    });
    return { app, host: config.HOST, port: config.PORT, drainMs: config.DRAIN_MS, logger: parts.logger };
  },
});
`;

let folder = '';
let program = '';
const pair = generateServiceKeyPair();
const agent = new Agent();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caio-process-'));
  program = join(folder, 'service.mjs');
  const esbuild = createRequire(__filename).resolve('esbuild/bin/esbuild');
  const banner = `import { createRequire } from 'node:module'; const require = createRequire('file:///');`;
  const built = spawnSync(
    esbuild,
    [
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--loader=ts',
      `--banner:js=${banner}`,
      `--outfile=${program}`,
    ],
    { input: source, cwd: join(__dirname, '..'), encoding: 'utf8' },
  );
  if (built.status !== 0) throw new Error(built.stderr);
});
afterAll(async () => {
  await agent.close();
  await rm(folder, { recursive: true });
});

const environment = (overrides: Record<string, string | undefined>): Record<string, string | undefined> => ({
  PORT: '0',
  HOST: '127.0.0.1',
  REDIS_URL: 'redis://127.0.0.1:1',
  SERVICE_PRIVATE_KEY: pair.privateKey,
  SERVICE_PUBLIC_KEYS: formatServicePublicKeys({ gateway: pair.publicKey }),
  TRACE_ENVELOPE_FILE: join(folder, 'traces.jsonl'),
  ...overrides,
});
const start = (overrides: Record<string, string | undefined> = {}): Promise<RunningProcess> =>
  startProcess({
    command: process.execPath,
    args: [program],
    env: environment(overrides),
    readyWhen: ({ jsonLines }) => jsonLines().some((line) => line['ready'] === true),
  });
const startFailing = async (
  overrides: Record<string, string | undefined>,
): Promise<{ code: number | null; stderr: string }> => {
  const child = await startProcess({
    command: process.execPath,
    args: [program],
    env: environment(overrides),
  });
  const { code } = await child.exit;
  return { code, stderr: child.stderr() };
};
const addressOf = (child: RunningProcess): string => {
  const ready = child.jsonLines().find((line) => line['ready'] === true);
  return `http://127.0.0.1:${String(ready?.['port'])}`;
};
const get = (url: string) => fetch(url, { dispatcher: agent });
const said = (child: RunningProcess, message: string): Promise<true> =>
  waitFor(() => child.jsonLines().some((line) => line['msg'] === message), {
    timeoutMs: 5_000,
    describe: message,
  });

test('what would not end by itself is ended when it is asked to stop, in order and before anything is cut', async () => {
  const child = await start({ DRAIN_MS: '20000' });
  const answer = get(`${addressOf(child)}/endless`).then((response) => response.text());
  await said(child, 'endless began');
  child.signal('SIGTERM');
  expect(await answer).toBe('begun the end');
  expect((await child.exit).code).toBe(0);
  expect(child.stdout()).not.toContain('cut off');
});

test('one ready line names the service, its address and its process', async () => {
  const child = await start();
  expect(child.jsonLines()).toEqual([
    { ready: true, service: 'webhooks', host: '127.0.0.1', port: expect.any(Number), pid: child.pid },
  ]);
  expect((await get(`${addressOf(child)}/health/ready`)).status).toBe(200);
  expect(await child.stop()).toEqual({ code: 0, signal: null });
});

test('settings of the former system that do nothing here are named in one warning, without their values', async () => {
  const child = await start({ REDIS_REQUIRED: 'false', SESSION_SECRET_KEY: 'nobody-may-read-this' });
  const warnings = child.jsonLines().filter(({ level }) => level === 'warn');
  expect(warnings).toHaveLength(1);
  expect(warnings[0]?.['msg']).toMatch(/without effect here: REDIS_REQUIRED .*; SESSION_SECRET_KEY /);
  expect(child.stdout()).not.toContain('nobody-may-read-this');
  expect(await child.stop()).toEqual({ code: 0, signal: null });
});

test('a wrong configuration is one message, exit 1, no secret, no stack', async () => {
  const { code, stderr } = await startFailing({
    REDIS_URL: undefined,
    UNSUBSCRIBE_SECRET: 'short-secret',
    LOG_LEVEL: 'loud',
  });
  expect(code).toBe(1);
  expect(stderr).toBe(
    'webhooks cannot start, its configuration has problems:\n' +
      '  - REDIS_URL is not set. Set it like redis://127.0.0.1:6379/0, rediss:// for TLS.\n' +
      '  - LOG_LEVEL is none of error, warn, info, debug. Set one of error, warn, info, debug.\n' +
      '  - UNSUBSCRIBE_SECRET is shorter than 32 characters. Make one.\n' +
      'What each variable is: docs/configuration.md.\n',
  );
});

test('a taken port is one sentence, exit 1', async () => {
  const port = await freePort();
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(port, '127.0.0.1', resolve));
  const { code, stderr } = await startFailing({ PORT: String(port) });
  await new Promise((resolve) => holder.close(resolve));
  expect(code).toBe(1);
  expect(stderr).toBe(
    `webhooks cannot start: 127.0.0.1:${port} is taken by another process; stop that one or set PORT to a free port.\n`,
  );
});

test('any other failure at the start is told, redacted, exit 1', async () => {
  const { code, stderr } = await startFailing({ FAIL_START: '1' });
  expect(code).toBe(1);
  expect(stderr).toContain('webhooks cannot start');
  expect(stderr).toContain('policy file of');
  expect(stderr).not.toContain('jo@firm');
});

test('a stopped service answers what it has begun, takes nothing new, then closes in reverse order', async () => {
  const child = await start();
  const address = addressOf(child);
  const slow = get(`${address}/slow?ms=400`);
  await said(child, 'slow began');
  child.signal('SIGTERM');
  await said(child, 'Stopping.');
  await expect(fetch(`${address}/health/live`, { dispatcher: new Agent() })).rejects.toThrow();
  expect(await (await slow).json()).toEqual({ done: true });
  expect(await child.exit).toEqual({ code: 0, signal: null });
  const messages = child.jsonLines().map((line) => line['msg']);
  expect(messages.slice(messages.indexOf('Stopping.'))).toEqual([
    'Stopping.',
    'request',
    'closed last',
    'A closer failed.',
    'closed first',
  ]);
});

test('waiting for requests ends with the drain time', async () => {
  const child = await start({ DRAIN_MS: '200' });
  const slow = get(`${addressOf(child)}/slow?ms=60000`).catch((error: unknown) => error);
  await said(child, 'slow began');
  const started = performance.now();
  expect(await child.stop()).toEqual({ code: 0, signal: null });
  expect(performance.now() - started).toBeLessThan(3_000);
  expect(await slow).toBeInstanceOf(Error);
});

test('a second signal ends it at once', async () => {
  const child = await start({ DRAIN_MS: '60000' });
  const slow = get(`${addressOf(child)}/slow?ms=60000`).catch(() => undefined);
  await said(child, 'slow began');
  child.signal('SIGINT');
  await said(child, 'Stopping.');
  child.signal('SIGINT');
  expect(await child.exit).toEqual({ code: 1, signal: null });
  await slow;
});

test('a failure nobody handled is logged, redacted, and ends the process', async () => {
  const child = await start();
  await get(`${addressOf(child)}/reject`).catch(() => undefined);
  expect(await child.exit).toEqual({ code: 1, signal: null });
  expect(child.jsonLines().find((line) => line['level'] === 'error')).toMatchObject({
    kind: 'unhandled_rejection',
    err: { message: 'nobody handled ***REDACTED***' },
  });
});

test('what no parser can read is answered in the form of every other error', async () => {
  const child = await start();
  const socket = connect(Number(new URL(addressOf(child)).port), '127.0.0.1', () =>
    socket.write('no http\r\n\r\n'),
  );
  const said = await text(socket);
  expect(said).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*"code":"bad_request"/);
  expect(child.jsonLines().at(-1)).toMatchObject({
    code: 'bad_request',
    msg: 'A request could not be read.',
  });
});

test('a planned crash is a real one', async () => {
  const child = await start({ FAULT_PLAN: 'kill:in-route:2' });
  expect((await get(`${addressOf(child)}/fault`)).status).toBe(200);
  await expect(get(`${addressOf(child)}/fault`)).rejects.toThrow();
  expect(await child.exit).toEqual({ code: null, signal: 'SIGKILL' });
});

test('it ends with the stack that started it', async () => {
  const stack = await startProcess({ command: 'sleep', args: ['60'] });
  const child = await start({ CAIO_PARENT_PID: String(stack.pid) });
  await stack.kill9();
  expect(await child.exit).toEqual({ code: 0, signal: null });
  expect(child.jsonLines()).toContainEqual(expect.objectContaining({ reason: 'parent_gone' }));
});
