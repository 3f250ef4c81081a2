// Risk: what is no readable request gets a bare answer without a fix or an id, is repeated back, breaks into another answer, or fills the disk.
import { once } from 'node:events';
import type { RequestListener, Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Writable } from 'node:stream';
import { createIdSource, waitFor } from '@caio/test-kit';
import { createLogger, createRedactor } from '@caio/trace-envelope';
import { afterEach, describe, expect, test } from '@jest/globals';
import { errorEnvelopeSchema } from '@caio/contracts';
import { createReadableServer } from './unreadable-requests.ts';

const marker = 'mrk-Qw7Er9Ty2';
const held: (() => void)[] = [];
const app: RequestListener = (req, res) => {
  if (req.url === '/hold') return void held.push(() => res.end('held'));
  if (req.url === '/begun') return void res.write('begun');
  if (req.url === '/early') return void res.writeHead(401).end('early');
  req.resume().once('end', () => res.end('fine'));
};

let server: Server | null = null;
let port = 0;
let lines: Record<string, unknown>[] = [];
const start = async (limits: Partial<Parameters<typeof createReadableServer>[0]['limits']> = {}) => {
  lines = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString('utf8')));
      done();
    },
  });
  const redactor = createRedactor();
  server = createReadableServer({
    app,
    limits: { maxHeaderSize: 2_048, ...limits },
    logger: createLogger({ service: 'gateway', level: 'debug', stream, redactor, now: Date.now }),
    newCorrelationId: createIdSource().correlationId,
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
};
afterEach(async () => {
  held.splice(0);
  server?.closeAllConnections();
  if (server?.listening === true) await new Promise((done) => server?.close(done));
});

/** Unlike `once`, which an error before it would end. */
const closing = (socket: Socket): Promise<void> => new Promise((done) => socket.once('close', () => done()));

/** Everything the server says to these pieces, each sent when the answer so far fits the one before. */
const talk = async (...pieces: (string | RegExp)[]): Promise<string> => {
  const socket = connect({ port, host: '127.0.0.1' });
  let said = '';
  socket.setEncoding('utf8').on('data', (text: string) => (said += text));
  socket.on('error', () => undefined);
  const closed = closing(socket);
  for (const piece of pieces) {
    if (typeof piece === 'string') socket.write(piece);
    else await waitFor(() => piece.test(said), { timeoutMs: 5_000, describe: String(piece) });
  }
  await closed;
  return said;
};

const answerIn = (said: string) => {
  const [head = '', body = ''] = said.split('\r\n\r\n');
  const [first = '', ...headers] = head.split('\r\n');
  const { error } = errorEnvelopeSchema.parse(JSON.parse(body));
  return { first, headers, error, body };
};

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: door\r\n\r\n`;

describe('what cannot be read', () => {
  test.each([
    ['no HTTP', `${marker}\r\n\r\n`, 400, 'bad_request'],
    ['a first line of too many words', `GET / ${marker} HTTP/1.1\r\nHost: door\r\n\r\n`, 400, 'bad_request'],
    ['another version', `GET /${marker} HTTP/9.9\r\nHost: door\r\n\r\n`, 400, 'bad_request'],
    ['a TLS greeting', '\x16\x03\x01\x02\x00\x01\x00', 400, 'bad_request'],
    ['a header without a name', `GET / HTTP/1.1\r\nHost: door\r\n: ${marker}\r\n\r\n`, 400, 'bad_request'],
    [
      'a header with a line break in it',
      `GET / HTTP/1.1\r\nHost: door\r\nX: a\rb${marker}\r\n\r\n`,
      400,
      'bad_request',
    ],
    [
      'two lengths',
      `POST / HTTP/1.1\r\nHost: door\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na`,
      400,
      'bad_request',
    ],
    [
      'a length and chunks',
      `POST / HTTP/1.1\r\nHost: door\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
      'bad_request',
    ],
    [
      'a chunk without a size',
      `POST / HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n${marker}\r\n`,
      400,
      'bad_request',
    ],
    ['no Host', `GET /${marker} HTTP/1.1\r\n\r\n`, 400, 'bad_request'],
    [
      'a head that is too large',
      `GET / HTTP/1.1\r\nHost: door\r\nX-A: ${marker}${'a'.repeat(3_000)}\r\n\r\n`,
      431,
      'too_many_headers',
    ],
    [
      'an address that is too long',
      `GET /${marker}${'a'.repeat(3_000)} HTTP/1.1\r\n`,
      431,
      'too_many_headers',
    ],
    [
      'chunk extensions without an end',
      `POST / HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n2;a=${'b'.repeat(20_000)}`,
      413,
      'payload_too_large',
    ],
  ])('%s gets the envelope, a new id and a closed connection', async (_name, sent, status, code) => {
    await start();
    const { first, headers, error, body } = answerIn(await talk(sent));
    expect([Number(first.split(' ')[1]), error.code]).toEqual([status, code]);
    expect(first).toMatch(/^HTTP\/1\.1 \d{3} \w+/);
    expect(error.fix).toMatch(/^\w.+\.$/);
    expect(headers).toEqual(
      expect.arrayContaining([
        'Connection: close',
        'Content-Type: application/json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Correlation-ID: ${error.correlationId}`,
      ]),
    );
    expect(body).not.toContain(marker);
    expect(JSON.stringify(lines)).not.toContain(marker);
    expect(lines).toMatchObject([{ correlationId: error.correlationId, code }]);
  });

  test('a head or a body that takes too long is 408', async () => {
    await start({ headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 });
    for (const begun of [
      'GET / HTTP/1.1\r\nHost: door\r\nX-A: ',
      'POST / HTTP/1.1\r\nHost: door\r\nContent-Length: 5\r\n\r\n',
    ]) {
      const { first, error } = answerIn(await talk(begun));
      expect([first, error.code]).toEqual(['HTTP/1.1 408 Request Timeout', 'request_timeout']);
    }
  });

  test('a connection that says nothing is told so, without a line in the log', async () => {
    await start({ headersTimeout: 100, requestTimeout: 200, connectionsCheckingInterval: 20 });
    expect(answerIn(await talk()).error.code).toBe('request_timeout');
    expect(lines).toEqual([]);
  });

  test('of a second request on the same connection is answered after the first', async () => {
    await start();
    const said = await talk(get('/'), /fine$/, `${marker}\r\n\r\n`);
    expect(said).toMatch(/^HTTP\/1\.1 200 /);
    expect(answerIn(said.slice(said.indexOf('HTTP/1.1 400'))).error.code).toBe('bad_request');
  });
});

describe('nothing is written', () => {
  test('into an answer that has begun', async () => {
    await start();
    const said = await talk(get('/begun'), /begun/, `${marker}\r\n\r\n`);
    expect(said).not.toMatch(/400|bad_request/);
  });

  test('where it would be taken for the answer to a request that is being worked on', async () => {
    await start();
    expect(await talk(`${get('/hold')}${marker}\r\n\r\n`)).toBe('');
    expect(held).toHaveLength(1);
  });

  test('behind an answer that came before the body', async () => {
    await start();
    const said = await talk(
      'POST /early HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\n',
      /early/,
      `${marker}\r\n`,
    );
    expect(said.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  test('to somebody who is gone', async () => {
    await start();
    let arrived = 0;
    server?.once('connection', (from: Socket) => from.on('data', (chunk) => (arrived += chunk.length)));
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write('GET / HTTP/1.1\r\nX-A: ');
    await waitFor(() => arrived > 0, { timeoutMs: 5_000, describe: 'the half of a request to arrive' });
    socket.resetAndDestroy();
    await waitFor(() => lines.some((line) => line['code'] === 'client_gone'), {
      timeoutMs: 5_000,
      describe: 'the client to be missed',
    });
    expect((await talk(`${get('/').replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n')}`)).slice(-4)).toBe(
      'fine',
    );
  });
});

test('what still comes after the answer is thrown away, and past a megabyte the connection is cut', async () => {
  await start();
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  socket.on('error', () => undefined).resume();
  const closed = closing(socket);
  const begunMs = performance.now();
  socket.write(`${marker}\r\n\r\n`);
  const push = (): void => {
    while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 97)));
  };
  socket.on('drain', push);
  push();
  await closed;
  expect(performance.now() - begunMs).toBeLessThan(5_000);
});

test('an expectation that nobody knows does not keep a request from its answer', async () => {
  await start();
  const said = await talk('GET / HTTP/1.1\r\nHost: door\r\nExpect: a-miracle\r\nConnection: close\r\n\r\n');
  expect(said).toMatch(/^HTTP\/1\.1 200 [\s\S]*fine$/);
});

test('many of them leave so many lines a second, and the number of the rest', async () => {
  await start();
  let sent = 0;
  const toldOfRest = () => lines.some((line) => typeof line['count'] === 'number');
  await waitFor(
    async () => {
      await Promise.all(Array.from({ length: 300 }, () => talk('x\r\n\r\n')));
      sent += 300;
      return toldOfRest() || undefined;
    },
    { timeoutMs: 20_000, describe: 'the rest to be told' },
  );
  const single = lines.filter((line) => line['code'] === 'bad_request').length;
  const rest = lines.reduce((sum, line) => sum + Number(line['count'] ?? 0), 0);
  expect(single).toBeLessThan(sent);
  expect(rest).toBeGreaterThan(0);
  expect(single + rest).toBeLessThanOrEqual(sent);
});
