// Risk: a service answers someone it should not, cannot be traced, or shows its inside when it fails.
import { connect } from 'node:net';
import { principalSchema, errorEnvelopeSchema } from '@caio/contracts';
import type { Principal } from '@caio/contracts';
import { waitFor } from '@caio/test-kit';
import { currentContext } from '@caio/trace-envelope';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { HttpProblem } from './http-problem.ts';
import { jsonBody, parseBody, parseParams } from './json-body.ts';
import { callerOf, correlationIdOf, requirePermission, respondError } from './request-context.ts';
import { correlationId, startApp, tokenHeader } from './testing/running-app.ts';
import type { RunningApp } from './testing/running-app.ts';

const reader: Principal = principalSchema.parse({ name: 'reader', permissions: ['read'] });
let app: RunningApp;
let received = 0;

beforeAll(async () => {
  app = await startApp({
    mount: (routes) => {
      routes.get('/api/who', (req, res) => {
        res.json({ ...callerOf(req), seen: correlationIdOf(req), context: currentContext() });
      });
      routes.get('/api/drafts/:draftId', (req, res) => {
        res.json(parseParams(req, z.object({ draftId: z.string().regex(/^drf_/) })));
      });
      routes.post('/api/halt', requirePermission('halt'), (_req, res) => {
        res.json({});
      });
      routes.post('/api/upload', (req, res) => {
        req.on('data', (chunk: Buffer) => (received += chunk.length));
        res.json({});
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
});
afterAll(() => app.close());
beforeEach(() => {
  app.forgetLog();
  received = 0;
});

describe('who is answered', () => {
  test('a signed call sees its caller, and its correlation id everywhere', async () => {
    const answer = await app.get('/api/who?x=1', reader);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      tokenId: expect.any(String),
      service: 'gateway',
      user: reader,
      correlationId,
      bodyDigest: null,
      seen: correlationId,
      context: { correlationId, caseId: null },
    });
    expect(answer.headers['x-correlation-id']).toBe(correlationId);
  });

  test.each(['/api/who', '/api/none', '/', '/HEALTH', '/health', '/hooksy', '/metricsx'])(
    'without a token %s is refused alike, known or not',
    async (path) => {
      const answer = await request(app.server).get(path);
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
  ] satisfies [string, (make: typeof app.token) => string, string][])(
    'a token for %s is refused',
    async (_name, make, reason) => {
      const answer = await request(app.server).get('/api/who').set(tokenHeader, make(app.token));
      expect([answer.status, answer.body.error.details.reason]).toEqual([401, reason]);
      expect(app.log()).toContain(reason);
    },
  );

  test('a service that may not call here is refused', async () => {
    const path = '/api/who';
    const answer = await request(app.server)
      .get(path)
      .set(tokenHeader, app.token({ method: 'GET', path }, 'scheduler'));
    expect([answer.status, answer.body.error.code]).toEqual([403, 'forbidden']);
  });

  test('a missing permission is named, and a service by itself has none', async () => {
    const asReader = await app.post('/api/halt', '', { user: reader });
    expect(asReader.status).toBe(403);
    expect(asReader.body.error.message).toContain('"halt"');
    expect(asReader.body.error.details).toEqual({ permission: 'halt' });
    expect((await app.post('/api/halt', '')).status).toBe(403);
    const allowed = principalSchema.parse({ name: 'hos', permissions: ['halt'] });
    expect((await app.post('/api/halt', '', { user: allowed })).status).toBe(200);
  });

  test('a public path needs no token and knows no caller', async () => {
    const answer = await request(app.server).post('/hooks/instantly').send({ a: 1 });
    expect([answer.status, answer.body.body]).toEqual([200, { a: 1 }]);
    expect((await request(app.server).get('/hooks/private')).status).toBe(401);
  });

  test('an unauthenticated upload is answered before its body was sent, and cut when it goes on and on', async () => {
    const socket = connect(app.port, '127.0.0.1');
    let answer = '';
    let closed = false;
    socket.on('data', (chunk) => (answer += chunk.toString('utf8')));
    socket.on('error', () => undefined);
    socket.on('close', () => (closed = true));
    socket.write(`POST /api/upload HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n`);
    await waitFor(() => answer.includes('unauthenticated'), { timeoutMs: 5_000, describe: 'the refusal' });
    const chunk = Buffer.alloc(1_048_576);
    const sendMore = (): boolean => {
      if (!closed && !socket.writableNeedDrain) socket.write(chunk);
      return closed;
    };
    await waitFor(sendMore, { timeoutMs: 10_000, describe: 'the cut', intervalMs: 1 });
    expect(socket.bytesWritten).toBeLessThan(100_000_000);
    expect(received).toBe(0);
  });
});

describe('correlation', () => {
  test('a given id is echoed and an unusable one replaced, on every kind of answer', async () => {
    for (const path of ['/health/live', '/api/who', '/none']) {
      expect(
        (await request(app.server).get(path).set('x-correlation-id', 'abc-DEF_123')).headers[
          'x-correlation-id'
        ],
      ).toBe('abc-DEF_123');
      for (const bad of ['short', 'x'.repeat(65), 'with space', '<script>1']) {
        expect(
          (await request(app.server).get(path).set('x-correlation-id', bad)).headers['x-correlation-id'],
        ).toMatch(/^cor-01TE/);
      }
    }
  });

  test('the signed id wins over a header', async () => {
    const answer = await app.get('/api/who').set('x-correlation-id', 'another-id-1');
    expect(answer.headers['x-correlation-id']).toBe(correlationId);
    expect(answer.body.context).toEqual({ correlationId, caseId: null });
  });

  test('a case id travels along and comes back', async () => {
    const answer = await app.get('/api/who').set('x-case-id', 'GS-001');
    expect(answer.headers['x-replay-case-id']).toBe('GS-001');
    expect(answer.body.context.caseId).toBe('GS-001');
    expect((await app.get('/api/who').set('x-case-id', 'a b')).headers['x-replay-case-id']).toBeUndefined();
  });
});

describe('errors', () => {
  test('an unexpected one says nothing about the inside, the app.log() does, redacted', async () => {
    const answer = await app.get('/api/broken');
    expect(answer.status).toBe(500);
    expect(errorEnvelopeSchema.parse(answer.body).error).toEqual({
      code: 'internal',
      message: 'Something went wrong on our side.',
      fix: 'Give the correlation id to whoever runs the system.',
      correlationId,
    });
    expect(app.log()).toContain('connect redis://');
    expect(app.log()).not.toMatch(/hunter2|jo@firm/);
  });
  test('a thrown problem is answered as it is', async () => {
    const answer = await app.get('/api/later');
    expect(answer.status).toBe(409);
    expect(answer.body.error).toMatchObject({
      code: 'state_conflict',
      message: 'The batch is executed.',
      details: { status: 'executed' },
    });
  });
  test('a lost store is named, not called a fault of ours', async () => {
    const answer = await app.get('/api/store');
    expect([answer.status, answer.body.error.code]).toEqual([503, 'store_unavailable']);
    expect(answer.headers['retry-after']).toBe('2');
  });
  test('an error with a catalogue code speaks the catalogue’s words', async () => {
    const answer = await app.get('/api/recovering');
    expect([answer.status, answer.body.error.code]).toEqual([503, 'store_recovering']);
    expect(answer.text).not.toContain('inside words');
  });
  test('an unknown path and a broken one', async () => {
    const unknown = await app.get('/api/none');
    expect([unknown.status, unknown.body.error.code]).toEqual([404, 'not_found']);
    const broken = await app.get('/api/drafts/%E0%A4%A');
    expect([broken.status, broken.body.error.code]).toEqual([400, 'bad_request']);
    const misnamed = await app.get('/api/drafts/Zzz');
    expect(misnamed.status).toBe(400);
    expect(misnamed.text).not.toContain('Zzz');
  });
  test('half an answer is cut off instead of looking whole', async () => {
    await expect(app.get('/api/half')).rejects.toThrow(/aborted|socket hang up/);
  });
  test('nothing shows what we are made of', async () => {
    const { headers } = await app.get('/api/refused');
    expect(headers['x-powered-by']).toBeUndefined();
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toBeDefined();
  });
});

test('each request leaves one app.log() line and one trace, by route and without its ids', async () => {
  await app.get('/api/drafts/drf_secretlink');
  await waitFor(() => app.log().includes('"msg":"request"'), {
    timeoutMs: 5_000,
    describe: 'the app.log() line',
  });
  expect(
    JSON.parse(
      app
        .log()
        .split('\n')
        .find((line) => line.includes('"msg":"request"')) ?? '{}',
    ),
  ).toMatchObject({
    level: 'info',
    service: 'gatekeeper',
    correlationId,
    method: 'GET',
    route: '/api/drafts/:draftId',
    status: 200,
    from: 'gateway',
  });
  expect((await app.traces()).at(-1)).toMatchObject({
    correlation_id: correlationId,
    agent: 'gatekeeper',
    tool_name: 'gatekeeper:GET /api/drafts/:draftId',
    tool_output_summary: '{"status":200}',
    status: 'success',
  });
  expect(app.log()).not.toContain('secretlink');
});

test('whoever is turned away again and again cannot fill the log: the rest is a number, and all are measured', async () => {
  const startedMs = performance.now();
  for (let round = 0; round < 10; round += 1) {
    await Promise.all(Array.from({ length: 20 }, () => request(app.server).get('/api/flood')));
  }
  // One may have been running already, and the last is not over yet.
  const seconds = Math.floor((performance.now() - startedMs) / 1_000) + 2;
  const linesWith = (text: string): Record<string, unknown>[] =>
    app
      .log()
      .split('\n')
      .filter((line) => line.includes(text))
      .map((line): Record<string, unknown> => JSON.parse(line));
  const leftOut = (): number => linesWith('turned away').reduce((sum, { count }) => sum + Number(count), 0);
  const recorded = (): number => linesWith('"msg":"request"').length;
  await waitFor(() => recorded() + leftOut() === 200, {
    timeoutMs: 5_000,
    describe: 'every request in the log, by itself or in a number',
  });
  expect(recorded()).toBeLessThanOrEqual(50 * seconds);
  expect(linesWith('turned away')[0]).toMatchObject({ level: 'warn' });
  const { text } = await request(app.server).get('/metrics');
  const measured = /http_request_duration_seconds_count\{[^}]*status="401"[^}]*\} (\d+)/.exec(text)?.[1];
  expect(Number(measured)).toBeGreaterThanOrEqual(200);
});
