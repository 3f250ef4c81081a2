// Risk: a change goes out without its token, an answer nobody agreed on is shown, or a cut connection throws.
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { createApiClient } from './api-client.ts';

let server: Server;
let base: string;
let answer: RequestListener;
const seen: IncomingMessage[] = [];
const signedOut: string[] = [];
const dates: string[] = [];
let csrf: string | null;
let isSomebodyElse: boolean;
let isAttended: boolean;

beforeEach(async () => {
  seen.length = 0;
  signedOut.length = 0;
  dates.length = 0;
  csrf = 'first-token';
  isSomebodyElse = false;
  isAttended = true;
  server = createServer((req, res) => {
    seen.push(req);
    req.resume().on('end', () => void answer(req, res));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const client = (timeoutMs = 5_000) =>
  createApiClient({
    fetch: (path, init) => fetch(new URL(typeof path === 'string' ? path : '', base), init),
    newCorrelationId: () => 'desk-0123456789',
    csrfToken: () => csrf,
    renewSession: async () => {
      if (isSomebodyElse) return 'other_person';
      const renewed = csrf === 'first-token';
      csrf = 'second-token';
      return renewed ? 'renewed' : 'same';
    },
    isAttended: () => isAttended,
    onSignedOut: () => void signedOut.push('out'),
    onServerDate: (date) => void dates.push(date),
    timeoutMs: { GET: timeoutMs, POST: timeoutMs },
  });

const shape = z.object({ word: z.string() });
const ask = (method: 'GET' | 'POST', timeoutMs?: number) =>
  client(timeoutMs)({ method, path: '/api/x', answer: shape, ...(method === 'POST' ? { body: {} } : {}) });
const json =
  (status: number, body: unknown): RequestListener =>
  (_req, res) =>
    void res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

test('a change carries the token, a question does not, and both can be traced', async () => {
  answer = json(200, { word: 'yes' });
  expect([await ask('GET'), await ask('POST')]).toEqual([
    { ok: true, value: { word: 'yes' } },
    { ok: true, value: { word: 'yes' } },
  ]);
  expect(seen.map(({ headers }) => [headers['x-csrf-token'], headers['x-correlation-id']])).toEqual([
    [undefined, 'desk-0123456789'],
    ['first-token', 'desk-0123456789'],
  ]);
  expect(dates).toHaveLength(2);
});

test('a token that another login replaced is renewed once', async () => {
  answer = (req, res) =>
    void (
      req.headers['x-csrf-token'] === 'second-token'
        ? json(200, { word: 'done' })
        : json(403, { error: { code: 'forbidden', message: 'm', correlationId: 'c-12345678' } })
    )(req, res);
  expect(await ask('POST')).toEqual({ ok: true, value: { word: 'done' } });
  expect(seen).toHaveLength(2);
});

test('a missing permission is not tried again', async () => {
  const details = { permission: 'halt' };
  answer = json(403, { error: { code: 'forbidden', message: 'm', correlationId: 'c-12345678', details } });
  expect(await ask('POST')).toMatchObject({ failure: { kind: 'forbidden', permission: 'halt' } });
  expect(seen).toHaveLength(1);
});

test.each([
  [200, { word: 7 }],
  [200, 'no object'],
])('an answer of status %d with %j is not shown', async (status, body) => {
  answer = json(status, body);
  expect(await ask('GET')).toMatchObject({ ok: false, failure: { kind: 'unreadable' } });
});

test('a login that ended is said to everybody', async () => {
  answer = json(401, { error: { code: 'unauthenticated', message: 'm', correlationId: 'c-12345678' } });
  expect(await ask('GET')).toMatchObject({ failure: { kind: 'signed_out', correlationId: 'c-12345678' } });
  expect(signedOut).toEqual(['out']);
});

test('a cut connection, silence and a question given up are three things', async () => {
  answer = (_req, res) => void res.socket?.destroy();
  expect(await ask('GET')).toMatchObject({ failure: { kind: 'offline' } });
  answer = () => undefined;
  expect(await ask('GET', 50)).toMatchObject({ failure: { kind: 'silent' } });
  const gone = AbortSignal.abort();
  expect(await client()({ method: 'GET', path: '/api/x', answer: shape, signal: gone })).toMatchObject({
    failure: { kind: 'aborted' },
  });
});

test('a change that was refused because somebody else is signed in is not asked for again', async () => {
  isSomebodyElse = true;
  answer = json(403, { error: { code: 'csrf_invalid', message: 'no', fix: 'again' } });
  expect(await ask('POST')).toMatchObject({ ok: false, failure: { kind: 'other_person' } });
  expect(seen).toHaveLength(1);
});

test('a question that nobody is there to ask says so, and a change never does', async () => {
  answer = json(200, { word: 'yes' });
  await ask('GET');
  isAttended = false;
  await ask('GET');
  await ask('POST');
  expect(seen.map(({ headers }) => headers['x-caio-background'])).toEqual([undefined, '1', undefined]);
});
