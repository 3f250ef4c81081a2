// Risk: a request that was given up, or came too late, is written after all; or a sent one is called unsent.
import { afterEach, describe, expect, test } from '@jest/globals';
import { freePort } from '@caio/test-kit';
import { createServer, type Server, type Socket } from 'node:net';
import { createHttpExchange, type Exchange, type HttpExchange } from './http-exchange.ts';

/** A TCP server that keeps what it reads and answers only when told to. */
async function startRecorder() {
  const sockets: Socket[] = [];
  const received: string[] = [];
  const arrivals: ((socket: Socket) => void)[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      received.push(data.toString());
      arrivals.shift()?.(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    origin: `http://127.0.0.1:${port}`,
    received,
    connections: () => sockets.length,
    nextRequest: () => new Promise<Socket>((resolve) => arrivals.push(resolve)),
    close: () =>
      new Promise<void>((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

const cleanUp: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of cleanUp.splice(0)) await close();
});

async function setUp({ timeoutMs = 5_000, answerBytesMax = 1_000, origin = '' } = {}) {
  const recorder = await startRecorder();
  let nowMs = 0;
  const exchange: HttpExchange = createHttpExchange({
    origin: origin === '' ? recorder.origin : origin,
    timeoutMs,
    answerBytesMax,
    connections: 1,
    monotonicMs: () => nowMs,
  });
  cleanUp.push(exchange.close, recorder.close);
  const post = (body: string, writeDeadlineMs?: number): Promise<Exchange> =>
    exchange.send({
      method: 'POST',
      path: '/leads',
      headers: {},
      body,
      ...(writeDeadlineMs === undefined ? {} : { writeDeadlineMs }),
    });
  return { recorder, post, setNow: (ms: number) => (nowMs = ms) };
}

const ok = (body: string, more = ''): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n${more}\r\n${body}`;

describe('an exchange', () => {
  test('gives back the answer', async () => {
    const { recorder, post } = await setUp();
    const answer = post('one');
    (await recorder.nextRequest()).write(ok('{}', 'retry-after: 7\r\n'));
    expect(await answer).toEqual({
      state: 'answered',
      status: 200,
      contentType: 'application/json',
      retryAfter: '7',
      text: '{}',
    });
  });

  test('a deadline that passes while waiting for a connection leaves nothing on the wire', async () => {
    const { recorder, post, setNow } = await setUp();
    const first = post('first');
    const socket = await recorder.nextRequest();
    const late = post('late', 100);
    setNow(100);
    socket.write(ok('{}'));
    expect(await first).toMatchObject({ state: 'answered' });
    expect(await late).toEqual({ state: 'not_written', code: 'deadline_passed' });
    expect(recorder.received.join('')).not.toContain('late');
  });

  test('a deadline that has not passed by one millisecond lets it go', async () => {
    const { recorder, post, setNow } = await setUp();
    setNow(99);
    const answer = post('in time', 100);
    (await recorder.nextRequest()).write(ok('{}'));
    expect(await answer).toMatchObject({ state: 'answered' });
  });

  test('a request given up in the queue is never written when its turn comes', async () => {
    const { recorder, post } = await setUp({ timeoutMs: 150 });
    // Started in one turn, so that both times are up in one turn and neither gets the other's connection.
    const [first, queued] = [post('first'), post('queued')];
    const socket = await recorder.nextRequest();
    expect(await first).toEqual({ state: 'lost', code: 'timeout' });
    expect(await queued).toEqual({ state: 'not_written', code: 'no_connection' });
    socket.destroy();
    const third = post('third');
    (await recorder.nextRequest()).write(ok('{}'));
    expect(await third).toMatchObject({ state: 'answered' });
    expect(recorder.received.join('')).not.toContain('queued');
  });

  test('nobody listening is proof that nothing left', async () => {
    const { post } = await setUp({ origin: `http://127.0.0.1:${await freePort()}` });
    expect(await post('one')).toEqual({ state: 'not_written', code: 'connect_failed' });
  });

  test.each([
    ['before a byte of the answer', ''],
    ['in the middle of the answer', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf'],
  ])('a connection cut %s is lost and written once', async (_, text) => {
    const { recorder, post } = await setUp();
    const answer = post('once');
    (await recorder.nextRequest()).end(text);
    expect(await answer).toEqual({ state: 'lost', code: 'connection_lost' });
    expect(recorder.received.join('').match(/once/g)).toHaveLength(1);
    expect(recorder.connections()).toBe(1);
  });

  test('an answer beyond the bound is dropped', async () => {
    const { recorder, post } = await setUp({ answerBytesMax: 10 });
    const answer = post('one');
    (await recorder.nextRequest()).write(ok('x'.repeat(11)));
    expect(await answer).toEqual({ state: 'lost', code: 'answer_too_large' });
  });
});
