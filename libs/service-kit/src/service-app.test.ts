// Risk: a service answers someone it should not, believes bytes nobody signed for, or answers in a way that leaks.
import { connect } from 'node:net';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import {
  createServiceTokenSigner,
  createServiceTokenVerifier,
  digestOf,
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
} from '@caio/auth';
import type { ServiceCall, ServiceTokenSigner } from '@caio/auth';
import { errorEnvelopeSchema, principalSchema } from '@caio/contracts';
import type { Principal } from '@caio/contracts';
import { createIdSource, waitFor } from '@caio/test-kit';
import {
  createLogger,
  createRedactor,
  createTraces,
  createTraceWriter,
  currentContext,
} from '@caio/trace-envelope';
import type { TraceWriter } from '@caio/trace-envelope';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { bodyStream } from './digesting-stream.ts';
import type { Readiness } from './health.ts';
import { HttpProblem } from './http-problem.ts';
import { jsonBody, parseBody, parseParams } from './json-body.ts';
import { callerOf, correlationIdOf, requirePermission, respondError } from './request-context.ts';
import { createServiceApp } from './service-app.ts';

const reader: Principal = principalSchema.parse({ name: 'reader', permissions: ['read'] });
const id = 'cor-12345678';
const header = 'x-service-token';

let folder = '';
let log = '';
let writer: TraceWriter;
let server: Server;
let signers: Record<'gateway' | 'scheduler', ServiceTokenSigner>;
let redis: Readiness = { ready: true, required: true, message: 'Connected.' };
let received = 0;

const present = <T>(parsed: { ok: true; value: T } | { ok: false; problem: string }): T => {
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caio-app-'));
  const pairs = { gateway: generateServiceKeyPair(), scheduler: generateServiceKeyPair() };
  const now = (): number => Date.now();
  const signerOf = (service: 'gateway' | 'scheduler'): ServiceTokenSigner =>
    createServiceTokenSigner({
      service,
      privateKey: present(parseServicePrivateKey(pairs[service].privateKey)),
      now,
    });
  signers = { gateway: signerOf('gateway'), scheduler: signerOf('scheduler') };
  const redactor = createRedactor();
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString('utf8');
      done();
    },
  });
  const logger = createLogger({ service: 'gatekeeper', level: 'debug', stream, redactor, now });
  const file = join(folder, 't.jsonl');
  const onReport = (): void => undefined;
  writer = createTraceWriter({
    file,
    enabled: true,
    retentionDays: 1,
    cleanupEnabled: false,
    redactor,
    now,
    onReport,
  });
  const newCorrelationId = createIdSource().correlationId;
  const monotonicNow = (): number => performance.now();
  const app = createServiceApp({
    service: 'gatekeeper',
    logger,
    traces: createTraces({ writer, redactor, now, monotonicNow, newCorrelationId }),
    verifier: createServiceTokenVerifier({
      service: 'gatekeeper',
      publicKeys: present(
        parseServicePublicKeys(
          formatServicePublicKeys({ gateway: pairs.gateway.publicKey, scheduler: pairs.scheduler.publicKey }),
        ),
      ),
      now,
    }),
    allowedIssuers: ['gateway'],
    readiness: [
      { name: 'redis', check: async () => redis },
      {
        name: 'provider',
        check: () =>
          redis.message === 'broken' ? Promise.reject(new Error('10.1.2.3 secret')) : Promise.resolve(redis),
      },
    ],
    publicPaths: ['/hooks'],
    newCorrelationId,
    monotonicNow,
    readinessTimeoutMs: 200,
    mount: (routes) => {
      routes.get('/api/who', (req, res) => {
        res.json({ ...callerOf(req), seen: correlationIdOf(req), context: currentContext() });
      });
      routes.get('/api/drafts/:draftId', (req, res) => {
        res.json(parseParams(req, z.object({ draftId: z.string().regex(/^drf_/) })));
      });
      routes.post('/api/echo', jsonBody({ limitBytes: 1_000 }), (req, res) => {
        res.json(parseBody(req, z.object({ name: z.string() })));
      });
      routes.post('/api/halt', requirePermission('halt'), (_req, res) => {
        res.json({});
      });
      routes.post('/api/upload', async (req, res) => {
        let size = 0;
        const sink = new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            size += chunk.length;
            received += chunk.length;
            done();
          },
        });
        await pipeline(bodyStream(req, { limitBytes: 5_000_000 }), sink);
        res.json({ size });
      });
      routes.get('/api/broken', () => {
        throw new Error('connect redis://:hunter2hunter2@h failed for jo@firm.example');
      });
      routes.get('/api/later', async () => {
        await Promise.resolve();
        throw new HttpProblem('state_conflict', {
          message: 'The batch is executed.',
          details: { status: 'executed' },
        });
      });
      routes.get('/api/store', () => {
        throw new Error("Stream isn't writeable and enableOfflineQueue options is false");
      });
      routes.get('/api/recovering', () => {
        throw Object.assign(new Error('inside words'), { code: 'store_recovering' });
      });
      routes.get('/api/half', (_req, res) => {
        res.write('half');
        throw new Error('too late');
      });
      routes.get('/api/refused', (_req, res) => respondError(res, 'halted'));
      routes.post('/hooks/:provider', jsonBody(), (req, res) => {
        res.json({ body: parseBody(req, z.object({ a: z.number() })), caller: 'nobody' });
      });
      routes.get('/hooks/private', (req, res) => {
        res.json(callerOf(req));
      });
    },
  });
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await writer.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  log = '';
  redis = { ready: true, required: true, message: 'Connected.' };
  received = 0;
});

const token = (
  overrides: Partial<ServiceCall> & { method: string; path: string },
  from: 'gateway' | 'scheduler' = 'gateway',
): string =>
  signers[from].sign({ audience: 'gatekeeper', bodyDigest: null, correlationId: id, ...overrides });
const get = (path: string, user?: Principal) =>
  request(server)
    .get(path)
    .set(header, token({ method: 'GET', path, ...(user ? { user } : {}) }));
const post = (path: string, body: string, overrides: Partial<ServiceCall> = {}) =>
  request(server)
    .post(path)
    .set(header, token({ method: 'POST', path, bodyDigest: digestOf(body), ...overrides }))
    .set('content-type', 'application/json')
    .send(body);
const port = (): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};
const traced = async () => {
  await writer.flush();
  const lines = (await readFile(join(folder, 't.jsonl'), 'utf8')).trimEnd().split('\n');
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
};

describe('who is answered', () => {
  test('a signed call sees its caller, and its correlation id everywhere', async () => {
    const answer = await get('/api/who?x=1', reader);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      service: 'gateway',
      user: reader,
      correlationId: id,
      bodyDigest: null,
      seen: id,
      context: { correlationId: id, caseId: null },
    });
    expect(answer.headers['x-correlation-id']).toBe(id);
  });

  test.each(['/api/who', '/api/none', '/', '/HEALTH', '/health', '/hooksy', '/metricsx'])(
    'without a token %s is refused alike, known or not',
    async (path) => {
      const answer = await request(server).get(path);
      expect(answer.status).toBe(401);
      expect(answer.body.error).toMatchObject({
        code: 'unauthenticated',
        details: { reason: 'token_missing' },
      });
    },
  );

  test.each([
    ['another path', (token1) => token1({ method: 'GET', path: '/api/none' }), 'path_mismatch'],
    ['another method', (token1) => token1({ method: 'POST', path: '/api/who' }), 'method_mismatch'],
    [
      'another service',
      (token1) => token1({ method: 'GET', path: '/api/who', audience: 'webhooks' }),
      'audience_mismatch',
    ],
    ['words', () => 'x.y.z', 'token_malformed'],
  ] satisfies [string, (make: typeof token) => string, string][])(
    'a token for %s is refused',
    async (_name, make, reason) => {
      const answer = await request(server).get('/api/who').set(header, make(token));
      expect([answer.status, answer.body.error.details.reason]).toEqual([401, reason]);
      expect(log).toContain(reason);
    },
  );

  test('a service that may not call here is refused', async () => {
    const path = '/api/who';
    const answer = await request(server)
      .get(path)
      .set(header, token({ method: 'GET', path }, 'scheduler'));
    expect([answer.status, answer.body.error.code]).toEqual([403, 'forbidden']);
  });

  test('a missing permission is named, and a service by itself has none', async () => {
    const asReader = await post('/api/halt', '', { user: reader });
    expect(asReader.status).toBe(403);
    expect(asReader.body.error.message).toContain('"halt"');
    expect(asReader.body.error.details).toEqual({ permission: 'halt' });
    expect((await post('/api/halt', '')).status).toBe(403);
    const allowed = principalSchema.parse({ name: 'hos', permissions: ['halt'] });
    expect((await post('/api/halt', '', { user: allowed })).status).toBe(200);
  });

  test('a public path needs no token and knows no caller', async () => {
    const answer = await request(server).post('/hooks/instantly').send({ a: 1 });
    expect([answer.status, answer.body.body]).toEqual([200, { a: 1 }]);
    expect((await request(server).get('/hooks/private')).status).toBe(401);
  });

  test('an unauthenticated upload is answered before its body was sent, and cut when it goes on and on', async () => {
    const socket = connect(port(), '127.0.0.1');
    let answer = '';
    let closed = false;
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => (closed = true));
    socket.write(`POST /api/upload HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n`);
    await waitFor(() => answer.includes('unauthenticated'), { timeoutMs: 5_000, describe: 'the refusal' });
    const chunk = Buffer.alloc(65_536);
    const sendMore = (): boolean => {
      if (!closed) socket.write(chunk);
      return closed;
    };
    await waitFor(sendMore, { timeoutMs: 10_000, describe: 'the cut', intervalMs: 1 });
    expect(received).toBe(0);
  });
});

describe('correlation', () => {
  test('a given id is echoed and an unusable one replaced, on every kind of answer', async () => {
    for (const path of ['/health/live', '/api/who', '/none']) {
      expect(
        (await request(server).get(path).set('x-correlation-id', 'abc-DEF_123')).headers['x-correlation-id'],
      ).toBe('abc-DEF_123');
      for (const bad of ['short', 'x'.repeat(65), 'with space', '<script>1']) {
        expect(
          (await request(server).get(path).set('x-correlation-id', bad)).headers['x-correlation-id'],
        ).toMatch(/^cor-01TE/);
      }
    }
  });

  test('the signed id wins over a header', async () => {
    const answer = await get('/api/who').set('x-correlation-id', 'another-id-1');
    expect(answer.headers['x-correlation-id']).toBe(id);
    expect(answer.body.context).toEqual({ correlationId: id, caseId: null });
  });

  test('a case id travels along and comes back', async () => {
    const answer = await get('/api/who').set('x-case-id', 'GS-001');
    expect(answer.headers['x-replay-case-id']).toBe('GS-001');
    expect(answer.body.context.caseId).toBe('GS-001');
    expect((await get('/api/who').set('x-case-id', 'a b')).headers['x-replay-case-id']).toBeUndefined();
  });
});

describe('bodies', () => {
  test('a signed body is parsed', async () => {
    expect((await post('/api/echo', '{"name":"Jo"}')).body).toEqual({ name: 'Jo' });
  });

  const refusalOf = async (sent: ReturnType<typeof post>): Promise<[number, string]> => {
    const answer = await sent;
    const { error } = errorEnvelopeSchema.parse(answer.body);
    expect(error.correlationId).toBe(answer.headers['x-correlation-id']);
    expect(answer.text).not.toMatch(/Zzz/);
    return [answer.status, error.code];
  };

  test('other bytes than the signed ones', async () => {
    expect(
      await refusalOf(post('/api/echo', '{"name":"Zzz"}', { bodyDigest: digestOf('{"name":"Jo"}') })),
    ).toEqual([400, 'digest_mismatch']);
    expect(
      await refusalOf(post('/api/echo', '{"name": "Zzz"}', { bodyDigest: digestOf('{"name":"Zzz"}') })),
    ).toEqual([400, 'digest_mismatch']);
  });
  test('a body under a token that covers none', async () => {
    expect(await refusalOf(post('/api/echo', '{"name":"Zzz"}', { bodyDigest: null }))).toEqual([
      401,
      'unauthenticated',
    ]);
  });
  test('malformed JSON', async () => {
    expect(await refusalOf(post('/api/echo', '{"name":Zzz}'))).toEqual([400, 'bad_request']);
    expect(await refusalOf(post('/api/echo', ''))).toEqual([400, 'bad_request']);
  });
  test('bytes that are not UTF-8', async () => {
    const bytes = Buffer.from([0x22, 0xff, 0x22]);
    const path = '/api/echo';
    const sent = request(server)
      .post(path)
      .set(header, token({ method: 'POST', path, bodyDigest: digestOf(bytes) }))
      .set('content-type', 'application/json')
      .serialize((body: Buffer) => body.toString('latin1'));
    sent.write(bytes);
    expect((await sent).status).toBe(400);
  });
  test('a field of the wrong kind is named, its value is not', async () => {
    const answer = await post('/api/echo', '{"name":{"Zzz":1}}');
    expect(answer.body.error.message).toContain('name: ');
    expect(answer.text).not.toContain('Zzz');
  });
  test('a body over the limit, announced or not', async () => {
    const long = `{"name":"${'Zzz'.repeat(1_000)}"}`;
    expect(await refusalOf(post('/api/echo', long))).toEqual([413, 'payload_too_large']);
    const path = '/api/echo';
    const chunked = request(server)
      .post(path)
      .set(header, token({ method: 'POST', path, bodyDigest: digestOf(long) }))
      .set('content-type', 'application/json')
      .set('transfer-encoding', 'chunked');
    for (let index = 0; index < long.length; index += 500) chunked.write(long.slice(index, index + 500));
    expect((await chunked).status).toBe(413);
  });
  test.each([
    ['text/plain', 'identity'],
    ['application/json; charset=latin1', 'identity'],
    ['application/json', 'gzip'],
  ])('%s with encoding %s', async (type, encoding) => {
    const sent = post('/api/echo', '{"name":"Zzz"}')
      .set('content-type', type)
      .set('content-encoding', encoding);
    expect(await refusalOf(sent)).toEqual([415, 'unsupported_media_type']);
  });
  test('a client that goes away mid-body is recorded as that and hurts nobody', async () => {
    const path = '/api/echo';
    const socket = connect(port(), '127.0.0.1');
    const credential = token({ method: 'POST', path, bodyDigest: digestOf('x') });
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\n${header}: ${credential}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"na`,
    );
    socket.end();
    socket.resume();
    await waitFor(() => /client_gone|http_400/.test(log), { timeoutMs: 5_000, describe: 'the record' });
    expect((await get('/api/who')).status).toBe(200);
  });
});

describe('streamed bodies', () => {
  const big = Buffer.alloc(3_000_000, 'abcdefg');
  const upload = (bytes: Buffer, bodyDigest: string | null) =>
    request(server)
      .post('/api/upload')
      .set(header, token({ method: 'POST', path: '/api/upload', bodyDigest }))
      .set('content-type', 'text/csv')
      .send(bytes);

  test('the announced bytes pass', async () => {
    expect((await upload(big, digestOf(big))).body).toEqual({ size: 3_000_000 });
  });
  test('other bytes end in an error, not in an answer', async () => {
    const answer = await upload(big, digestOf('other'));
    expect([answer.status, answer.body.error.code]).toEqual([400, 'digest_mismatch']);
  });
  test('without a digest nothing is read', async () => {
    const answer = await upload(big, null);
    expect([answer.status, answer.body.error.code]).toEqual([400, 'digest_required']);
    expect(received).toBe(0);
  });
  test('too many bytes', async () => {
    const more = Buffer.alloc(5_000_001);
    expect((await upload(more, digestOf(more))).status).toBe(413);
    expect(received).toBe(0);
  });
});

describe('errors', () => {
  test('an unexpected one says nothing about the inside, the log does, redacted', async () => {
    const answer = await get('/api/broken');
    expect(answer.status).toBe(500);
    expect(errorEnvelopeSchema.parse(answer.body).error).toEqual({
      code: 'internal',
      message: 'Something went wrong on our side.',
      fix: 'Give the correlation id to whoever runs the system.',
      correlationId: id,
    });
    expect(log).toContain('connect redis://');
    expect(log).not.toMatch(/hunter2|jo@firm/);
  });
  test('a thrown problem is answered as it is', async () => {
    const answer = await get('/api/later');
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({
      code: 'state_conflict',
      message: 'The batch is executed.',
      details: { status: 'executed' },
    });
  });
  test('a lost store is named, not called a fault of ours', async () => {
    const answer = await get('/api/store');
    expect([answer.status, answer.body.error.code]).toEqual([503, 'store_unavailable']);
  });
  test('an error with a catalogue code speaks the catalogue’s words', async () => {
    const answer = await get('/api/recovering');
    expect([answer.status, answer.body.error.code]).toEqual([503, 'store_recovering']);
    expect(answer.text).not.toContain('inside words');
  });
  test('an unknown path and a broken one', async () => {
    const unknown = await get('/api/none');
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'not_found']);
    const broken = await get('/api/drafts/%E0%A4%A');
    expect([broken.status, broken.body.error.code]).toEqual([400, 'bad_request']);
    const misnamed = await get('/api/drafts/Zzz');
    expect(misnamed.status).toBe(400);
    expect(misnamed.text).not.toContain('Zzz');
  });
  test('half an answer is cut off instead of looking whole', async () => {
    await expect(get('/api/half')).rejects.toThrow(/aborted|socket hang up/);
  });
  test('nothing shows what we are made of', async () => {
    const { headers } = await get('/api/refused');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toBeDefined();
  });
});

describe('health and metrics', () => {
  test('live needs nothing', async () => {
    expect((await request(server).get('/health/live')).body).toEqual({
      status: 'live',
      service: 'gatekeeper',
    });
  });
  test('ready while every required part is', async () => {
    const answer = await request(server).get('/health/ready');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'ready',
      checks: [{ name: 'redis', ready: true }, { name: 'provider' }],
    });
  });
  test('503 with the reason when a required part is not', async () => {
    redis = { ready: false, required: true, message: 'Redis does not answer.' };
    const answer = await request(server).get('/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.body.checks[0]).toEqual({
      name: 'redis',
      ready: false,
      required: true,
      message: 'Redis does not answer.',
    });
  });
  test('an optional part may be away', async () => {
    redis = { ready: false, required: false, message: 'Not configured.' };
    expect((await request(server).get('/health/ready')).status).toBe(200);
  });
  test('a check that fails is not ready and tells no details', async () => {
    redis = { ready: true, required: false, message: 'broken' };
    const answer = await request(server).get('/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('10.1.2.3');
  });
  test('metrics count requests by route, and exist for the private network only', async () => {
    await get('/api/drafts/drf_1');
    const inside = await request(server).get('/metrics');
    expect(inside.text).toMatch(/http_request_duration_seconds_count\{[^}]*route="\/api\/drafts\/:draftId"/);
    expect(inside.text).not.toContain('drf_1');
    expect((await request(server).get('/metrics').set('x-forwarded-for', '203.0.113.9')).status).toBe(401);
  });
});

test('each request leaves one log line and one trace, by route and without its ids', async () => {
  await get('/api/drafts/drf_secretlink');
  await waitFor(() => log.includes('"msg":"request"'), { timeoutMs: 5_000, describe: 'the log line' });
  expect(JSON.parse(log.split('\n').find((line) => line.includes('"msg":"request"')) ?? '{}')).toMatchObject({
    level: 'info',
    service: 'gatekeeper',
    correlationId: id,
    method: 'GET',
    route: '/api/drafts/:draftId',
    status: 200,
    from: 'gateway',
  });
  expect((await traced()).at(-1)).toMatchObject({
    correlation_id: id,
    agent: 'gatekeeper',
    tool_name: 'gatekeeper:GET /api/drafts/:draftId',
    tool_output_summary: '{"status":200}',
    status: 'success',
  });
  expect(log).not.toContain('secretlink');
});
