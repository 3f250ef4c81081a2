// Risk: a call between services goes out unsigned or twice, or an answer nobody understands is taken for one.
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, Server } from 'node:http';
import { Readable } from 'node:stream';
import {
  createServiceTokenSigner,
  createServiceTokenVerifier,
  digestOf,
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
} from '@caio/auth';
import { permissionSchema } from '@caio/contracts';
import { freePort } from '@caio/test-kit';
import type { FinishedCall, Traces } from '@caio/trace-envelope';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { createInternalClient } from './internal-client.ts';
import type { InternalClient } from './internal-client.ts';
import { present } from './testing/running-app.ts';

const pair = generateServiceKeyPair();
const signer = createServiceTokenSigner({
  service: 'gateway',
  privateKey: present(parseServicePrivateKey(pair.privateKey)),
  now: () => Date.now(),
});
const verifier = createServiceTokenVerifier({
  service: 'gatekeeper',
  publicKeys: present(parseServicePublicKeys(formatServicePublicKeys({ gateway: pair.publicKey }))),
  now: () => Date.now(),
});

const calls: FinishedCall[] = [];
const traces: Traces = {
  record: (call) => void calls.push(call),
  append: async (call) => void calls.push(call),
  traced: async (call, fn) => {
    const result = await fn();
    const verdict = call.judge?.(result);
    const output = call.describe === undefined ? result : call.describe(result);
    calls.push({ ...call, output, status: verdict?.status ?? 'success', durationMs: 0 });
    return result;
  },
};

let server: Server;
let client: InternalClient;
let answer: (...exchange: Parameters<RequestListener>) => unknown = (_req, res) => res.end();
let hits = 0;
let lastRequest: IncomingMessage | null = null;

const clientOf = (baseUrl: string, timeoutMs = 5_000): InternalClient =>
  createInternalClient({
    baseUrl,
    audience: 'gatekeeper',
    signer,
    traces,
    timeoutMs,
    answerLimitBytes: 10_000,
  });

beforeEach(async () => {
  calls.length = 0;
  hits = 0;
  server = createServer((req, res) => {
    hits += 1;
    lastRequest = req;
    answer(req, res);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  client = clientOf(`http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`);
});
afterEach(async () => {
  await client.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const json =
  (status: number, body: unknown): RequestListener =>
  (_req, res) => {
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
const bytesOf = async (stream: Readable): Promise<Buffer> => Buffer.concat(await stream.toArray());

const user = { name: 'dashboard', permissions: [...permissionSchema.options] };
const schema = z.object({ id: z.string() });
const call = { method: 'POST', path: '/api/batches?x=1', correlationId: 'cor-12345678', schema } as const;

test('what arrives is signed for exactly this call, its body, its user and its correlation id', async () => {
  let body: Buffer = Buffer.alloc(0);
  answer = async (req, res) => {
    body = await bytesOf(req);
    json(201, { id: 'bat_1', extra: true })(req, res);
  };
  const result = await client.request({ ...call, body: { name: 'Jö' }, user, caseId: 'GS-001' });
  expect(result).toEqual({ ok: true, status: 201, data: { id: 'bat_1' } });
  expect(JSON.parse(body.toString('utf8'))).toEqual({ name: 'Jö' });
  expect(lastRequest?.headers).toMatchObject({
    'content-type': 'application/json',
    'x-correlation-id': 'cor-12345678',
    'x-case-id': 'GS-001',
  });
  const verdict = await verifier.verify(String(lastRequest?.headers['x-service-token']), {
    method: 'POST',
    path: '/api/batches?x=1',
  });
  expect(verdict).toEqual({
    ok: true,
    caller: {
      ...{ service: 'gateway', user, correlationId: 'cor-12345678', bodyDigest: digestOf(body) },
      tokenId: expect.any(String),
    },
  });
  expect(calls).toMatchObject([{ agent: 'gateway', tool: 'gatekeeper:POST' }]);
});

test('a refusal of the other side comes back as it said it', async () => {
  const error = {
    code: 'halted',
    message: 'Everything is stopped.',
    fix: 'Lift it.',
    correlationId: 'cor-12345678',
    details: { by: 'hos' },
  };
  answer = json(409, { error });
  expect(await client.request(call)).toEqual({
    ok: false,
    status: 409,
    error: { code: 'halted', message: 'Everything is stopped.', fix: 'Lift it.', details: { by: 'hos' } },
  });
});

describe('what is no usable answer is upstream_unavailable, naming the service, tried once', () => {
  const failing = async (result: ReturnType<InternalClient['request']>, reason: string): Promise<void> => {
    expect(await result).toMatchObject({
      ok: false,
      status: 503,
      error: {
        code: 'upstream_unavailable',
        message: expect.stringContaining('gatekeeper'),
        details: { service: 'gatekeeper', reason },
      },
    });
  };

  test('another shape than the contract', async () => {
    answer = json(200, { id: 7 });
    await failing(client.request(call), 'answer_invalid');
    expect(hits).toBe(1);
  });
  test('no JSON', async () => {
    answer = (_req, res) => res.end('<html>');
    await failing(client.request(call), 'answer_invalid');
  });
  test('an error page', async () => {
    answer = (_req, res) => res.writeHead(502).end('<html>');
    await failing(client.request(call), 'http_502');
    expect(hits).toBe(1);
  });
  test('an answer without end', async () => {
    answer = (_req, res) => res.end('x'.repeat(20_000));
    await failing(client.request(call), 'answer_too_large');
  });
  test('a connection that breaks', async () => {
    answer = (req) => req.socket.destroy();
    await failing(client.request({ ...call, method: 'GET' }), 'UND_ERR_SOCKET');
    expect(hits).toBe(1);
  });
  test('nobody there', async () => {
    const away = clientOf(`http://127.0.0.1:${await freePort()}`);
    await failing(away.request(call), 'ECONNREFUSED');
    await away.close();
  });
  test('silence, and an answer that trickles past the time', async () => {
    const port = new URL(`http://x:${lastPort()}`).port;
    const hasty = clientOf(`http://127.0.0.1:${port}`, 150);
    answer = () => undefined;
    const silent = await hasty.request(call);
    expect(silent).toMatchObject({ ok: false, error: { code: 'upstream_unavailable' } });
    answer = (_req, res) => {
      const timer = setInterval(() => res.write(' '), 20);
      res.once('close', () => clearInterval(timer));
    };
    const trickling = await hasty.request(call);
    expect(trickling).toMatchObject({ ok: false, error: { code: 'upstream_unavailable' } });
    await hasty.close();
  });
});

const lastPort = (): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

describe('streams', () => {
  test('a large body goes out under its digest and the answer comes back as it is', async () => {
    const content = Buffer.alloc(2_000_000, 'abc');
    answer = (req, res) => {
      res.writeHead(418, { 'x-kind': 'echo' });
      req.pipe(res);
    };
    const result = await client.stream({
      method: 'POST',
      path: '/api/upload',
      correlationId: 'cor-12345678',
      headers: { 'Content-Type': 'text/csv', 'X-Service-Token': 'forged', 'X-Correlation-ID': 'forged-id' },
      body: {
        content: Readable.from([content.subarray(0, 500_000), content.subarray(500_000)]),
        digest: digestOf(content),
      },
    });
    if (!result.ok) throw new Error(result.error.message);
    expect([result.status, result.headers['x-kind']]).toEqual([418, 'echo']);
    expect(calls.at(-1)?.output).toEqual({ status: 418 });
    expect(digestOf(await bytesOf(result.body))).toBe(digestOf(content));
    expect(lastRequest?.headers['content-type']).toBe('text/csv');
    expect(lastRequest?.headers['x-correlation-id']).toBe('cor-12345678');
    const verdict = await verifier.verify(String(lastRequest?.headers['x-service-token']), {
      method: 'POST',
      path: '/api/upload',
    });
    expect(verdict).toMatchObject({ ok: true, caller: { bodyDigest: digestOf(content) } });
  });

  test('nobody there is a value, not an exception', async () => {
    const away = clientOf(`http://127.0.0.1:${await freePort()}`);
    expect(await away.stream({ method: 'GET', path: '/x', correlationId: 'cor-12345678' })).toMatchObject({
      ok: false,
      error: { code: 'upstream_unavailable' },
    });
    expect(calls.at(-1)?.status).toBe('failure');
    await away.close();
  });

  test('a caller that gives up stops the call', async () => {
    answer = () => undefined;
    const result = await client.stream({
      method: 'GET',
      path: '/x',
      correlationId: 'cor-12345678',
      signal: AbortSignal.timeout(50),
    });
    expect(result).toMatchObject({ ok: false });
  });
});

test('a base address with a path is part of what is signed and called', async () => {
  const based = clientOf(`http://127.0.0.1:${lastPort()}/inner/`);
  answer = json(200, { id: 'x' });
  await based.request({ ...call, method: 'GET', path: '/api/x' });
  expect(lastRequest?.url).toBe('/inner/api/x');
  const token = String(lastRequest?.headers['x-service-token']);
  expect(await verifier.verify(token, { method: 'GET', path: '/inner/api/x' })).toMatchObject({ ok: true });
  await based.close();
});
