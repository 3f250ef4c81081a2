// Risk: strangers who send slowly, or break off, keep the memory for calls of Inngest until a restart.
import { createServer, type Server } from 'node:http';
import { connect, type Socket } from 'node:net';
import { inngestBytesMax } from '@caio/contracts';
import { HttpProblem } from '@caio/service-kit';
import { callHttp, waitFor } from '@caio/test-kit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createInngestBodies } from './inngest-body.ts';

let server: Server;
let port = 0;
beforeEach(async () => {
  const read = createInngestBodies({ withinMs: 4_000 });
  server = createServer((req, res) => {
    const address = String(req.headers['x-from']);
    read(req, address).then(
      (body) => {
        body?.release();
        res.end(String(body?.content instanceof Buffer ? body.content.length : 0));
      },
      (error: unknown) => res.end(error instanceof HttpProblem ? error.code : 'internal'),
    );
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  port = typeof address === 'object' && address !== null ? address.port : 0;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const almostAll = Buffer.alloc(inngestBytesMax - 1, 97);

const whole = (from: string, bytes: number): Promise<string> =>
  callHttp(port, {
    ...{ method: 'POST', path: '/', headers: { 'x-from': from } },
    body: Buffer.alloc(bytes, 97),
  }).then(({ text }) => text);

/** Announces a body of the largest size and keeps back its last byte. */
const hold = (from: string): { socket: Socket; said: () => string } => {
  let text = '';
  const socket = connect({ port, host: '127.0.0.1' });
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nX-From: ${from}\r\nContent-Length: ${inngestBytesMax}\r\n\r\n`);
  socket.write(almostAll);
  socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  socket.on('error', () => undefined);
  return { socket, said: () => text };
};
const until = (describe: string, condition: () => boolean | Promise<boolean>): Promise<true> =>
  waitFor(async () => (await condition()) || undefined, { timeoutMs: 20_000, describe }).then(() => true);

const refused = (held: readonly ReturnType<typeof hold>[]): number =>
  held.filter(({ said }) => said().endsWith('overloaded')).length;

const holdThree = async (from: string) => {
  const held = [hold(from), hold(from), hold(from)];
  await until('one of them to be refused', () => refused(held) > 0);
  return held;
};

test('what does not come whole is given up, and its memory with it', async () => {
  const held = await holdThree('one');
  expect(await whole('two', 1)).toBe('1');
  expect(await whole('one', 1)).toBe('1');
  await until('the others to be given up', () => held.every(({ said }) => said() !== ''));
  expect(held.some(({ said }) => said().endsWith('request_timeout'))).toBe(true);
  held.forEach(({ socket }) => socket.destroy());
  await until('the share to be free', async () => (await whole('one', inngestBytesMax)) !== 'overloaded');
});

test('a client that breaks off leaves nothing behind', async () => {
  for (let round = 0; round < 5; round += 1) {
    const held = await holdThree('one');
    held.forEach(({ socket }) => socket.destroy());
    await until('the share to be free', async () => (await whole('one', inngestBytesMax)) !== 'overloaded');
  }
});

test('all addresses together get no more than there is for it, and small calls still come in', async () => {
  const held = Array.from({ length: 32 }, (_, index) => hold(`address-${index}`));
  await until('some of them to be refused', () => refused(held) > 0);
  expect(await whole('another', 5_000)).toBe('5000');
  held.forEach(({ socket }) => socket.destroy());
  await until('it to be free', async () => (await whole('another', inngestBytesMax)) !== 'overloaded');
});

test('an announcement alone holds nothing, and more than the largest size is refused unread', async () => {
  const silent = Array.from({ length: 40 }, () => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.write(`POST / HTTP/1.1\r\nHost: x\r\nX-From: one\r\nContent-Length: ${inngestBytesMax}\r\n\r\n`);
    return socket.on('error', () => undefined);
  });
  expect(await whole('one', inngestBytesMax)).toBe(String(inngestBytesMax));
  expect(await whole('one', inngestBytesMax + 1)).toBe('payload_too_large');
  silent.forEach((socket) => socket.destroy());
});
