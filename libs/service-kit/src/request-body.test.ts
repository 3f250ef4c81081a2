// Risk: bytes that nobody signed for are believed, or a broken body makes a service hang, crash or echo it.
import { connect } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { Writable } from 'node:stream';
import { digestOf } from '@caio/auth';
import { errorEnvelopeSchema } from '@caio/contracts';
import { waitFor } from '@caio/test-kit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { z } from 'zod';
import { bodyStream } from './digesting-stream.ts';
import { jsonBody, parseBody } from './json-body.ts';
import { startApp, tokenHeader } from './testing/running-app.ts';
import type { RunningApp } from './testing/running-app.ts';

let app: RunningApp;
let received = 0;

beforeAll(async () => {
  app = await startApp({
    mount: (routes) => {
      routes.post('/api/echo', jsonBody({ limitBytes: 1_000 }), (req, res) => {
        res.json(parseBody(req, z.object({ name: z.string() })));
      });
      routes.post('/api/upload', async (req, res) => {
        const sink = new Writable({
          write: (chunk: Buffer, _encoding, done) => {
            received += chunk.length;
            done();
          },
        });
        await pipeline(bodyStream(req, { limitBytes: 5_000_000 }), sink);
        res.json({ size: received });
      });
    },
  });
});
afterAll(() => app.close());
beforeEach(() => {
  app.forgetLog();
  received = 0;
});

describe('bodies', () => {
  test('a signed body is parsed', async () => {
    expect((await app.post('/api/echo', '{"name":"Jo"}')).body).toEqual({ name: 'Jo' });
  });

  const refusalOf = async (sent: ReturnType<RunningApp['post']>): Promise<[number, string]> => {
    const answer = await sent;
    const { error } = errorEnvelopeSchema.parse(answer.body);
    expect(error.correlationId).toBe(answer.headers['x-correlation-id']);
    expect(answer.text).not.toMatch(/Zzz/);
    return [answer.status, error.code];
  };

  test('other bytes than the signed ones', async () => {
    expect(
      await refusalOf(app.post('/api/echo', '{"name":"Zzz"}', { bodyDigest: digestOf('{"name":"Jo"}') })),
    ).toEqual([400, 'digest_mismatch']);
    expect(
      await refusalOf(app.post('/api/echo', '{"name": "Zzz"}', { bodyDigest: digestOf('{"name":"Zzz"}') })),
    ).toEqual([400, 'digest_mismatch']);
  });
  test('a body under a token that covers none', async () => {
    expect(await refusalOf(app.post('/api/echo', '{"name":"Zzz"}', { bodyDigest: null }))).toEqual([
      401,
      'unauthenticated',
    ]);
  });
  test('malformed JSON', async () => {
    expect(await refusalOf(app.post('/api/echo', '{"name":Zzz}'))).toEqual([400, 'bad_request']);
    expect(await refusalOf(app.post('/api/echo', ''))).toEqual([400, 'bad_request']);
  });
  test('bytes that are not UTF-8', async () => {
    const path = '/api/echo';
    const body = Buffer.from([...Buffer.from('{"name":"'), 0xff, ...Buffer.from('"}')]);
    const answer = await fetch(`http://127.0.0.1:${app.port}${path}`, {
      method: 'POST',
      headers: {
        [tokenHeader]: app.token({ method: 'POST', path, bodyDigest: digestOf(body) }),
        'content-type': 'application/json',
      },
      body,
    });
    expect(answer.status).toBe(400);
  });
  test('a field of the wrong kind is named, its value is not', async () => {
    const answer = await app.post('/api/echo', '{"name":{"Zzz":1}}');
    expect(answer.body.error.message).toContain('name: ');
    expect(answer.text).not.toContain('Zzz');
  });
  test('a body over the limit, announced or not', async () => {
    const long = `{"name":"${'Zzz'.repeat(1_000)}"}`;
    expect(await refusalOf(app.post('/api/echo', long))).toEqual([413, 'payload_too_large']);
    const path = '/api/echo';
    const chunked = request(app.server)
      .post(path)
      .set(tokenHeader, app.token({ method: 'POST', path, bodyDigest: digestOf(long) }))
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
    const sent = app
      .post('/api/echo', '{"name":"Zzz"}')
      .set('content-type', type)
      .set('content-encoding', encoding);
    expect(await refusalOf(sent)).toEqual([415, 'unsupported_media_type']);
  });
  test('a client that goes away mid-body is recorded as that and hurts nobody', async () => {
    const path = '/api/echo';
    const socket = connect(app.port, '127.0.0.1');
    const credential = app.token({ method: 'POST', path, bodyDigest: digestOf('x') });
    socket.write(
      `POST ${path} HTTP/1.1\r\nhost: x\r\n${tokenHeader}: ${credential}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"na`,
    );
    socket.end();
    socket.resume();
    await waitFor(() => /client_gone|http_400/.test(app.log()), { timeoutMs: 5_000, describe: 'the record' });
    expect((await app.post('/api/echo', '{"name":"Jo"}')).status).toBe(200);
  });
});

describe('streamed bodies', () => {
  const big = Buffer.alloc(3_000_000, 'abcdefg');
  const upload = (bytes: Buffer, bodyDigest: string | null) =>
    request(app.server)
      .post('/api/upload')
      .set(tokenHeader, app.token({ method: 'POST', path: '/api/upload', bodyDigest }))
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
