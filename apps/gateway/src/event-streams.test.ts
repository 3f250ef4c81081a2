// Risk: progress comes late or in lumps, a stream outlives its reader, or many of them stop everything else.
import { once } from 'node:events';
import { type IncomingMessage, request, type ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { problemOf, waitFor } from '@caio/test-kit';
import { startBrowser } from './testing/browser.ts';
import { generousLimits, startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

const path = '/api/batches/bat_01TE0000000000000000000001/events';
const otherToken = 'tok-of-somebody-else-Lp7';

/** The service's side of the streams: what it was asked with, and the open answers. */
const upstream = { asked: [] as IncomingMessage[], open: [] as ServerResponse[] };
const gatekeeper = (req: IncomingMessage, res: ServerResponse): void => {
  if (req.url !== path) return void res.end('{}');
  upstream.asked.push(req);
  upstream.open.push(res);
  res.writeHead(200, { 'Content-Type': 'text/event-stream' });
  res.flushHeaders();
};

let rig: GatewayRig;
const start = async (settings: Parameters<typeof startGatewayRig>[0] = {}): Promise<void> => {
  rig = await startGatewayRig({
    services: { gatekeeper },
    tokens: {
      DASHBOARD_AUTH_TOKEN: token,
      ACCESS_TOKENS: JSON.stringify([
        {
          name: 'else',
          sha256: createHash('sha256').update(otherToken).digest('hex'),
          permissions: ['read'],
        },
      ]),
    },
    ...settings,
  });
};
beforeEach(() => {
  upstream.asked.length = 0;
  upstream.open.length = 0;
});
afterEach(() => rig.close());

const openStream = async (headers: Record<string, string> = {}) => {
  const outgoing = request({
    host: '127.0.0.1',
    port: rig.port,
    path,
    headers: { 'x-dashboard-token': token, ...headers },
    agent: false,
  }).end();
  outgoing.on('error', () => undefined);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  answer.setEncoding('utf8').on('error', () => undefined);
  return { outgoing, answer };
};

test('whoever logs out, in whichever tab, reads no further event', async () => {
  await start();
  const browser = startBrowser(rig);
  await browser.logIn(token);
  const mine = await openStream({ cookie: browser.cookie(), 'x-dashboard-token': '' });
  const withToken = await openStream();
  const ended = once(mine.answer, 'close');
  mine.answer.resume();
  await browser.call({ path: '/logout' });
  await ended;
  expect(rig.eventStreams.size()).toBe(1);
  upstream.open[1]?.write('data: {}\n\n');
  expect(((await once(withToken.answer, 'data')) as [string])[0]).toBe('data: {}\n\n');
  withToken.outgoing.destroy();
});

test('each event comes when it is sent, with the place the reader had, and nothing holds it back', async () => {
  await start();
  const { answer, outgoing } = await openStream({ 'last-event-id': '41', accept: 'text/event-stream' });
  expect(answer.headers).toMatchObject({
    'content-type': 'text/event-stream',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  expect(answer.headers['content-length']).toBeUndefined();
  expect(upstream.asked[0]?.headers['last-event-id']).toBe('41');
  for (const event of ['id: 42\ndata: {}\n\n', ': still here\n\n', 'id: 43\ndata: {}\n\n']) {
    upstream.open[0]?.write(event);
    const [chunk] = (await once(answer, 'data')) as [string];
    expect(chunk).toBe(event);
  }
  outgoing.destroy();
});

test('silence is no reason to end it', async () => {
  await start({ upstreamTimeoutMs: 200 });
  const { answer, outgoing } = await openStream();
  setTimeout(() => upstream.open[0]?.write('data: late\n\n'), 1_000);
  const [chunk] = (await once(answer, 'data')) as [string];
  expect(chunk).toBe('data: late\n\n');
  outgoing.destroy();
});

describe('when one side goes', () => {
  test('a reader that leaves ends it at the service and frees its place', async () => {
    await start();
    const { outgoing } = await openStream();
    const [held] = upstream.open;
    if (held === undefined) throw new Error('no stream');
    outgoing.destroy();
    await once(held, 'close');
    await waitFor(() => rig.eventStreams.size() === 0, {
      timeoutMs: 5_000,
      describe: 'the place to be free',
    });
  });

  test('a service that ends it ends it in order, and one that dies cuts it', async () => {
    await start();
    const ended = await openStream();
    upstream.open[0]?.end('data: last\n\n');
    let text = '';
    ended.answer.on('data', (chunk: string) => (text += chunk));
    await once(ended.answer, 'close');
    expect([text, ended.answer.complete]).toEqual(['data: last\n\n', true]);

    const cut = await openStream();
    upstream.open[1]?.write('data: half', () => upstream.open[1]?.socket?.destroy());
    await new Promise((closed) => cut.answer.resume().once('close', closed));
    expect(cut.answer.complete).toBe(false);
    await waitFor(() => rig.eventStreams.size() === 0, {
      timeoutMs: 5_000,
      describe: 'both places to be free',
    });
  });

  test('the door that stops ends all in order, so that browsers come again, and takes no new one', async () => {
    await start();
    const readers = await Promise.all([openStream(), openStream(), openStream()]);
    const closes = readers.map(({ answer }) => once(answer.resume(), 'close'));
    const left = upstream.open.map((res) => once(res, 'close'));
    rig.eventStreams.endAll();
    await Promise.all([...closes, ...left]);
    expect(readers.map(({ answer }) => answer.complete)).toEqual([true, true, true]);
    const refused = await rig.callIn({ path });
    expect([refused.status, problemOf(refused).code]).toEqual([503, 'overloaded']);
  });
});

describe('bounds', () => {
  test('one person has so many, others still get theirs, and one that ends makes room', async () => {
    await start({ settings: { eventStreamsPerPersonMax: 3 } });
    const mine = await Promise.all([openStream(), openStream(), openStream()]);
    const refused = await rig.callIn({ path });
    expect([refused.status, problemOf(refused).code]).toEqual([503, 'overloaded']);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    const other = await openStream({ 'x-dashboard-token': otherToken });
    expect(other.answer.statusCode).toBe(200);
    mine[0]?.outgoing.destroy();
    await waitFor(() => rig.eventStreams.size() === 3, { timeoutMs: 5_000, describe: 'a place to be free' });
    const next = await openStream();
    expect(next.answer.statusCode).toBe(200);
    for (const { outgoing } of [...mine, other, next]) outgoing.destroy();
  });

  test('an answer that is no stream keeps no place', async () => {
    await start({ services: { gatekeeper: (_req, res) => res.writeHead(404).end('{}') } });
    for (let call = 0; call < 5; call += 1) expect((await rig.callIn({ path })).status).toBe(404);
    expect(rig.eventStreams.size()).toBe(0);
  });

  test('a thousand are carried at once, the next is refused, and everything else goes on beside them', async () => {
    const limits = { ...generousLimits, stream: { takesMax: 5_000, perSeconds: 60 } };
    await start({ settings: { eventStreamsPerPersonMax: 1_000, limits } });
    const readers: Awaited<ReturnType<typeof openStream>>[] = [];
    while (readers.length < 1_000)
      readers.push(...(await Promise.all(Array.from({ length: 50 }, () => openStream()))));
    expect(rig.eventStreams.size()).toBe(1_000);
    expect((await rig.callIn({ path })).status).toBe(503);
    expect((await rig.callIn({ path: '/api/drafts' })).status).toBe(200);
    const heard = readers.map(({ answer }) => once(answer, 'data'));
    for (const res of upstream.open) res.write('data: all\n\n');
    expect(await Promise.all(heard)).toHaveLength(1_000);
    for (const { outgoing } of readers) outgoing.destroy();
    await waitFor(() => rig.eventStreams.size() === 0, { timeoutMs: 15_000, describe: 'all to be gone' });
  }, 90_000);
});
