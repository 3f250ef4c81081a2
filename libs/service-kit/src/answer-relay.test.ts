// Risk: a part of an answer is taken for the whole, a slow reader fills the memory, or a call outlives who asked.
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Writable } from 'node:stream';
import { waitFor } from '@caio/test-kit';
import { afterEach, expect, test } from '@jest/globals';
import { Pool } from 'undici';
import { type AnswerHead, relayAnswer, type RelayEnd } from './answer-relay.ts';

let server: Server | null = null;
let pool: Pool | null = null;
afterEach(async () => {
  await pool?.destroy();
  server?.closeAllConnections();
  server?.close();
});

const listen = async (listener: RequestListener): Promise<Pool> => {
  const listening = createServer(listener);
  server = listening;
  await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', () => resolve()));
  pool = new Pool(`http://127.0.0.1:${(listening.address() as AddressInfo).port}`);
  return pool;
};

/** A reader that keeps what it is given, and takes it only while `open`. */
const createReader = (isOpen = true) => {
  const held: (() => void)[] = [];
  const chunks: Buffer[] = [];
  const out = new Writable({
    highWaterMark: 1_024,
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      if (isOpen) done();
      else held.push(done);
    },
  });
  out.on('error', () => undefined);
  return {
    out,
    text: (): string => Buffer.concat(chunks).toString(),
    bytes: (): number => chunks.reduce((sum, chunk) => sum + chunk.length, 0),
    letGo: (): void => {
      isOpen = true;
      for (const done of held.splice(0)) done();
    },
  };
};

const ask = (dispatcher: Pool, out: Writable, heads: AnswerHead[] = []): Promise<RelayEnd> =>
  relayAnswer(dispatcher, { method: 'GET', path: '/' }, { out, onHead: (head) => heads.push(head) > 0 });

test('a whole answer comes with its head once, what is said on the way to it left out', async () => {
  const dispatcher = await listen((_req, res) => {
    res.writeEarlyHints({ link: '</a>; rel=preload' }, () => {
      res.writeHead(201, { 'x-one': '1' }).end('four');
    });
  });
  const reader = createReader();
  const heads: AnswerHead[] = [];
  expect(await ask(dispatcher, reader.out, heads)).toEqual({ kind: 'whole', status: 201 });
  expect(heads.map(({ status, headers }) => [status, headers['x-one']])).toEqual([[201, '1']]);
  expect([reader.text(), reader.out.writableEnded]).toEqual(['four', true]);
});

test('without an answer nothing is written, so that something else can be said', async () => {
  const dispatcher = await listen((req) => req.socket.destroy());
  const reader = createReader();
  expect(await ask(dispatcher, reader.out)).toMatchObject({ kind: 'no head' });
  expect([reader.out.destroyed, reader.out.writableEnded]).toEqual([false, false]);
});

test('a request that cannot be written at all is no answer either, not a crash', async () => {
  const dispatcher = await listen((_req, res) => res.end());
  const reader = createReader();
  const request = { method: 'GET', path: '/', headers: { 'x-one': 'a\nb' } } as const;
  const end = await relayAnswer(dispatcher, request, { out: reader.out, onHead: () => true });
  expect(end).toMatchObject({ kind: 'no head' });
});

test('an answer that is not to be passed on leaves the reader untouched, and the call is over', async () => {
  let closed = false;
  const dispatcher = await listen((_req, res) => {
    res.once('close', () => (closed = true));
    res.writeHead(401).write('four');
  });
  const reader = createReader();
  const target = { out: reader.out, onHead: ({ status }: AnswerHead) => status !== 401 };
  const end = await relayAnswer(dispatcher, { method: 'GET', path: '/' }, target);
  expect(end).toEqual({ kind: 'turned down', status: 401 });
  await waitFor(() => closed, { timeoutMs: 5_000, describe: 'the call to end' });
  expect([reader.text(), reader.out.destroyed, reader.out.writableEnded]).toEqual(['', false, false]);
});

test('what breaks off in the middle destroys the reader: a part is never the whole', async () => {
  const dispatcher = await listen((_req, res) => {
    res.writeHead(200, { 'content-length': 100 }).write('four', () => res.destroy());
  });
  const reader = createReader();
  expect(await ask(dispatcher, reader.out)).toMatchObject({ kind: 'broken', status: 200 });
  expect([reader.out.destroyed, reader.out.writableEnded]).toEqual([true, false]);
});

test('a reader that does not take it is not read ahead for, and gets all of it when it does', async () => {
  const size = 64 * 1024 * 1024;
  let sent = 0;
  const dispatcher = await listen((_req, res) => {
    res.writeHead(200, { 'content-length': size });
    const writeOn = (): void => {
      while (sent < size) {
        sent += 65_536;
        if (!res.write(Buffer.alloc(65_536, 'a'))) return void res.once('drain', writeOn);
      }
      res.end();
    };
    writeOn();
  });
  const reader = createReader(false);
  const ended = ask(dispatcher, reader.out);
  let before = -1;
  await waitFor(
    () => {
      const stands = sent > 0 && sent === before;
      before = sent;
      return stands;
    },
    { timeoutMs: 10_000, intervalMs: 150, describe: 'the sender to be held up' },
  );
  expect(sent).toBeLessThan(size);
  expect(reader.bytes()).toBeLessThan(1024 * 1024);
  reader.letGo();
  expect(await ended).toEqual({ kind: 'whole', status: 200 });
  expect(reader.bytes()).toBe(size);
});

test('a reader that goes away ends the call behind it, before the head and after', async () => {
  const closed: string[] = [];
  let arrived = 0;
  const dispatcher = await listen((_req, res) => {
    const name = arrived === 0 ? 'before' : 'after';
    arrived += 1;
    res.once('close', () => closed.push(name));
    if (name === 'after') res.writeHead(200).write('four');
  });
  const first = createReader();
  const waiting = ask(dispatcher, first.out);
  await waitFor(() => arrived === 1, { timeoutMs: 5_000, describe: 'the first request' });
  first.out.destroy();
  expect(await waiting).toEqual({ kind: 'gone' });

  const second = createReader();
  const reading = ask(dispatcher, second.out);
  await waitFor(() => second.text() === 'four', { timeoutMs: 5_000, describe: 'the first bytes' });
  second.out.destroy();
  expect(await reading).toEqual({ kind: 'gone' });
  await waitFor(() => closed.length === 2, { timeoutMs: 5_000, describe: 'both calls to end' });
  expect(closed.toSorted()).toEqual(['after', 'before']);
});

test('for a reader that is gone already nobody is asked', async () => {
  let asked = 0;
  const dispatcher = await listen((_req, res) => {
    asked += 1;
    res.end();
  });
  const reader = createReader();
  reader.out.destroy();
  expect(await ask(dispatcher, reader.out)).toEqual({ kind: 'gone' });
  expect(asked).toBe(0);
});
