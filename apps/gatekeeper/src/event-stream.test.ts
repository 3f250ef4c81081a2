// Risk: a reader that takes nothing fills the memory of the service, or is left with an old state when it reads on.
import { createServer, type Server } from 'node:http';
import { createConnection, type Socket } from 'node:net';
import { waitFor } from '@caio/test-kit';
import { afterEach, expect, test } from '@jest/globals';
import express, { type Response } from 'express';
import { eventStreamLimits, openEventStream } from './event-stream.ts';

let server: Server | null = null;
let socket: Socket | null = null;
afterEach(async () => {
  socket?.destroy();
  server?.closeAllConnections();
  await new Promise((done) => (server === null ? done(null) : server.close(done)));
});

/** A stream whose reader sent its request and does not read. */
const openUnread = async (stallMaxMs: number) => {
  const limits = { ...eventStreamLimits, stallMaxMs };
  const opened = new Promise<{ res: Response; stream: ReturnType<typeof openEventStream> }>((resolve) => {
    server = createServer(
      express().get('/', (_req, res) => resolve({ res, stream: openEventStream(res, limits) })),
    );
  });
  await new Promise<void>((listening) => server?.listen(0, '127.0.0.1', listening));
  const address = server?.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  socket = createConnection({ port, host: '127.0.0.1' }).pause();
  socket.on('error', () => undefined);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return { ...(await opened), socket };
};
const filler = 'x'.repeat(200_000);
/** Until the connection takes no more, and the stream knows. */
const fill = (res: Response, stream: ReturnType<typeof openEventStream>): void => {
  while (!res.writableNeedDrain) stream.send({ event: 'progress', id: 1, data: filler });
};

test('piles nothing up, and reading on brings the newest state and then the end', async () => {
  const { res, stream, socket: reader } = await openUnread(60_000);
  fill(res, stream);
  const full = res.writableLength;
  for (let id = 1_000; id < 2_000; id += 1) stream.send({ event: 'progress', id, data: filler });
  expect(res.writableLength).toBe(full);
  stream.end({ event: 'end', id: 2_000, data: 'the last' });
  expect(res.writableEnded).toBe(false);
  let text = '';
  reader.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
  reader.resume();
  await waitFor(() => res.writableFinished, { timeoutMs: 10_000, describe: 'the end' });
  await waitFor(() => text.endsWith('\r\n0\r\n\r\n'), { timeoutMs: 10_000, describe: 'the last bytes' });
  expect(text).toContain('id: 2000\nevent: end\ndata: "the last"');
  expect(text).not.toContain('id: 1000\n');
});

test('cuts off a reader that takes nothing for too long', async () => {
  const { res, stream } = await openUnread(100);
  const sendMore = (): boolean => {
    stream.send({ event: 'progress', data: filler });
    return res.destroyed;
  };
  await waitFor(sendMore, { timeoutMs: 10_000, intervalMs: 1, describe: 'the cut' });
});
