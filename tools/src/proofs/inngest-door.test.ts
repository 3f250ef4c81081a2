// Risk: Inngest cannot reach the functions through the one public door, or somebody who is not Inngest can.
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runtimeDependenciesSchema } from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import { callHttp } from '@caio/test-kit';
import { z } from 'zod';
import { startTestStack, type TestStack } from './testing/running-stack.ts';

const key = 'ab12'.repeat(16);
const otherKey = 'cd34'.repeat(16);
const publicAddress = 'https://desk.example.com/inngest';
const check = '/inngest?fnId=caio-control-plane-daily-health-check&stepId=step';

/** Inngest's side of a registration: it keeps what it is told. */
const registered: unknown[] = [];
let cloud: Server;
let rig: TestStack;
let gatewayPort = 0;
beforeAll(async () => {
  cloud = createServer((req, res) => {
    text(req).then(
      (body) => {
        registered.push({ path: req.url, authorization: req.headers.authorization, body: JSON.parse(body) });
        res.setHeader('Content-Type', 'application/json').end('{"ok":true,"status":200,"modified":true}');
      },
      () => res.destroy(),
    );
  });
  await new Promise<void>((listening) => cloud.listen(0, '127.0.0.1', listening));
  const address = cloud.address();
  const cloudPort = typeof address === 'object' && address !== null ? address.port : 0;
  rig = await startTestStack({
    environment: 'test-inngest',
    extra: {
      scheduler: {
        ...{ INNGEST_SIGNING_KEY: key, INNGEST_EVENT_KEY: 'eventkey-of-this-test', INNGEST_REQUIRED: 'true' },
        ...{ INNGEST_BASE_URL: `http://127.0.0.1:${cloudPort}`, INNGEST_WEBHOOK_URL: publicAddress },
      },
    },
  });
  gatewayPort = rig.settings.ports.gateway;
}, 90_000);
afterAll(async () => {
  await rig.close();
  cloud.closeAllConnections();
  await new Promise((closed) => cloud.close(closed));
});

const seconds = (): number => Math.floor(Date.now() / 1_000);
const signatureOf = (signingKey: string, body: unknown, at = seconds()): string => {
  const hmac = createHmac('sha256', signingKey).update(`${canonicalJson(body)}${at}`);
  return `t=${at}&s=${hmac.digest('hex')}`;
};
const event = { name: 'inngest/scheduled.timer', data: {}, id: 'evt-1', ts: 1 };
const call = {
  ...{ event, events: [event], steps: {}, version: 2 },
  ctx: { run_id: 'run-of-this-test', attempt: 0, use_api: false, stack: { stack: [], current: 0 } },
};
const send = (method: string, path: string, body: unknown, signature: string | null) =>
  callHttp(gatewayPort, {
    ...{ method, path, body: JSON.stringify(body, null, 2) },
    headers: {
      'content-type': 'application/json',
      ...(signature === null ? {} : { 'x-inngest-signature': signature }),
    },
  });

test('anybody sees that calls are verified and how many functions there are', async () => {
  const { status, text: said } = await callHttp(gatewayPort, { path: '/inngest' });
  expect([status, JSON.parse(said)]).toEqual([
    200,
    { mode: 'cloud', function_count: 2, has_event_key: true, has_signing_key: true },
  ]);
  const answer = await callHttp(gatewayPort, {
    path: '/api/runtime/dependencies',
    headers: { 'x-dashboard-token': rig.token },
  });
  expect(runtimeDependenciesSchema.parse(JSON.parse(answer.text)).dependencies.inngest).toMatchObject({
    ...{ required: true, configured: true, ready: true, status: 'healthy' },
    ...{ mode: 'cloud', function_count: 2 },
  });
});

test('a signed registration names the functions at the public address, with both triggers', async () => {
  const answer = await send('PUT', '/inngest', {}, signatureOf(key, {}));
  expect(answer.status).toBe(200);
  expect(registered).toMatchObject([
    { path: '/fn/register', body: { url: publicAddress, functions: [{}, {}] } },
  ]);
  const triggers = [...JSON.stringify(registered).matchAll(/"cron":"([^"]+)"/g)].map(([, cron]) => cron);
  expect(triggers.sort()).toEqual(['*/15 * * * *', '0 8 * * *']);
  expect(JSON.stringify(registered)).not.toContain('127.0.0.1');
});

test('a signed call runs the function, and its answer is signed in turn', async () => {
  const answer = await send('POST', check, call, signatureOf(key, call));
  expect(answer.status).toBe(206);
  const steps = z.array(z.object({ displayName: z.string().optional() })).parse(JSON.parse(answer.text));
  expect(steps.map(({ displayName }) => displayName)).toContain('ask-parts');
  expect(answer.headers['x-inngest-signature']).toMatch(/^t=\d+&s=[0-9a-f]{64}$/);
  expect(answer.headers['x-inngest-sdk']).toMatch(/^inngest-js:/);
});

describe('nothing runs and nothing is registered', () => {
  const forms: [string, () => string | null][] = [
    ['no signature', () => null],
    ['a signature by another key', () => signatureOf(otherKey, call)],
    ['a signature of another body', () => signatureOf(key, { ...call, steps: { a: 1 } })],
    ['a signature of an hour ago', () => signatureOf(key, call, seconds() - 3_600)],
    ['nonsense', () => 't=1&s=2'],
  ];
  test.each(forms)('for %s', async (_name, signature) => {
    const before = registered.length;
    for (const method of ['POST', 'PUT'])
      for (const path of [check, '/inngest?deployId=1']) {
        const answer = await send(method, path, call, signature());
        expect([method, path, answer.status]).toEqual([method, path, 401]);
        expect(answer.text).not.toMatch(/node_modules|"stack"|steps/);
      }
    expect(registered).toHaveLength(before);
  });

  test('for the token of the desk either', async () => {
    const answer = await callHttp(gatewayPort, {
      ...{ method: 'POST', path: check, body: JSON.stringify(call) },
      headers: { 'content-type': 'application/json', 'x-dashboard-token': rig.token },
    });
    expect(answer.status).toBe(401);
  });
});
