// Risk: clients that leave early, or do not read, keep places, memory and connections, until nobody can press Stop.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { waitFor } from '@caio/test-kit';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

const events = '/api/batches/bat_01TE0000000000000000000001/events';
// More than the buffers of a connection take without a reader.
const large = Buffer.alloc(32 * 1024 * 1024, 97);
const open = new Set<ServerResponse>();
const gatekeeper = (req: IncomingMessage, res: ServerResponse): void => {
  open.add(res);
  res.once('close', () => open.delete(res));
  if (req.method !== 'GET') return void req.resume().once('end', () => res.end('{}'));
  if (req.url === '/api/drafts') return;
  if (req.url === '/api/reviews') return void res.end(large);
  res.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('data: {}\n\n');
};

let rig: GatewayRig;
afterEach(() => rig.close());

const requestOf = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: door\r\nX-Dashboard-Token: ${token}\r\n\r\n`;
const send = (text: string): Promise<Socket> =>
  new Promise((sent) => {
    const socket = connect(rig.port, '127.0.0.1', () => socket.write(text, () => sent(socket)));
    socket.on('error', () => undefined);
  });
const stop = () =>
  rig.callIn({
    method: 'POST',
    path: '/api/halt',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  });
const nothingIsLeft = (): Promise<unknown> =>
  waitFor(() => open.size === 0 && rig.eventStreams.size() === 0, {
    timeoutMs: 10_000,
    describe: 'every call behind the door and every place to be given back',
  });

test('whoever leaves while they are let in keeps no place', async () => {
  rig = await startGatewayRig({ services: { gatekeeper } });
  for (let round = 0; round < 60; round += 1) {
    const socket = await send(requestOf(events));
    socket.destroy();
  }
  await rig.callIn({ path: '/api/session' });
  await nothingIsLeft();
});

test('requests sent before the answer to the one before leave with their client', async () => {
  rig = await startGatewayRig({ services: { gatekeeper } });
  const sockets = await Promise.all(
    Array.from({ length: 70 }, () =>
      send(requestOf('/api/drafts') + requestOf('/api/reviews') + requestOf(events)),
    ),
  );
  await waitFor(() => open.size >= 60, { timeoutMs: 10_000, describe: 'the first of them to arrive' });
  for (const socket of sockets) socket.destroy();
  await nothingIsLeft();
  expect((await stop()).status).toBe(200);
});

test('readers who do not read keep nobody from pressing Stop', async () => {
  rig = await startGatewayRig({ services: { gatekeeper } });
  const sockets = await Promise.all(Array.from({ length: 70 }, () => send(requestOf('/api/reviews'))));
  for (const socket of sockets) socket.pause();
  await waitFor(() => open.size >= 60, {
    timeoutMs: 10_000,
    describe: 'every connection for questions to be taken',
  });
  expect((await stop()).status).toBe(200);
  for (const socket of sockets) socket.destroy();
  await nothingIsLeft();
});

test('a HEAD of an event stream, which nobody would end, is refused', async () => {
  rig = await startGatewayRig({ services: { gatekeeper } });
  expect((await rig.callIn({ method: 'HEAD', path: events })).status).toBe(405);
  expect(open.size).toBe(0);
});
