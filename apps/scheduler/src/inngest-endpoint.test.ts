// Risk: somebody who is not Inngest runs our functions, registers them elsewhere, or reads a stack in an answer.
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { problemOf, startRedis, type RedisServer } from '@caio/test-kit';
import { createInngestExecutor, signatureOf } from './testing/inngest-executor.ts';
import { startSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

const signingKey = 'signkey-test-0123456789abcdef0123456789abcdef';
const cloud = { INNGEST_SIGNING_KEY: signingKey, INNGEST_EVENT_KEY: 'eventkey-of-this-test' };
const scan = '/inngest?fnId=caio-control-plane-pipeline-scan&stepId=step';

let server: RedisServer;
let rig: SchedulerRig | null = null;
let asked = 0;
beforeAll(async () => {
  server = await startRedis();
});
afterEach(async () => {
  await rig?.close();
  rig = null;
});
afterAll(() => server.stop());

const start = async (env: Record<string, string>): Promise<SchedulerRig> => {
  asked = 0;
  rig = await startSchedulerRig({
    redisUrl: server.url,
    environment: `test-${randomUUID().slice(0, 8)}`,
    env,
    parts: () => {
      asked += 1;
      return Promise.resolve([]);
    },
  });
  return rig;
};

const check = '/inngest?fnId=caio-control-plane-daily-health-check&stepId=step';
const event = { name: 'inngest/scheduled.timer', data: {} };
const body = {
  event,
  events: [event],
  steps: {},
  version: 2,
  ctx: { run_id: 'r', attempt: 0, use_api: false, stack: { stack: [], current: 0 } },
};
const seconds = (): number => Math.floor(Date.now() / 1_000);

describe('with a signing key', () => {
  const json = { 'content-type': 'application/json' };
  test.each<[string, () => Record<string, string>]>([
    ['no signature', () => ({})],
    ['an empty signature', () => ({ 'x-inngest-signature': '' })],
    ['a signature of nothing', () => ({ 'x-inngest-signature': 't=1&s=2' })],
    [
      'a signature of another body',
      () => ({ 'x-inngest-signature': signatureOf(signingKey, { ...body, steps: { a: 1 } }, seconds()) }),
    ],
    [
      'a signature by another key',
      () => ({ 'x-inngest-signature': signatureOf('signkey-test-ffff', body, seconds()) }),
    ],
    ['an old signature', () => ({ 'x-inngest-signature': signatureOf(signingKey, body, seconds() - 3_600) })],
    [
      'a signature of another time',
      () => ({
        'x-inngest-signature': signatureOf(signingKey, body, seconds()).replace(
          /^t=\d+/,
          `t=${seconds() + 1}`,
        ),
      }),
    ],
    ['words that ask for no check', () => ({ 'x-inngest-server-kind': 'dev', 'x-inngest-env': 'dev' })],
  ])('a call with %s runs nothing', async (_name, headers) => {
    const { callOpen } = await start(cloud);
    const answer = await callOpen({
      method: 'POST',
      path: check,
      headers: { ...json, ...headers() },
      body: JSON.stringify(body),
    });
    expect([answer.status, asked]).toEqual([401, 0]);
    expect(answer.text).not.toMatch(/ at |node_modules|signkey/);
  });

  test('a call of Inngest runs the function', async () => {
    const { port } = await start(cloud);
    const executor = createInngestExecutor({ port, signingKey, appId: 'caio-control-plane' });
    const { steps } = await executor.execute('daily-health-check');
    expect([steps, asked]).toEqual([['ask-parts', 'report'], 1]);
  });

  test('a registration that is not signed is refused, for whatever address', async () => {
    const { callOpen } = await start(cloud);
    for (const path of ['/inngest', '/inngest?deployId=1']) {
      const answer = await callOpen({
        method: 'PUT',
        path,
        headers: { ...json, host: 'elsewhere.example' },
        body: '{}',
      });
      expect(answer.status).toBe(401);
    }
  });

  test('anybody may know that calls are verified and how many functions there are, and nothing else', async () => {
    const { callOpen, log } = await start(cloud);
    const answer = await callOpen({ path: '/inngest' });
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      200,
      { mode: 'cloud', function_count: 2, has_event_key: true, has_signing_key: true },
    ]);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(log()).not.toContain('Signature validation failed');
  });

  test('Inngest is told more, and a wrong signature nothing', async () => {
    const { callOpen } = await start(cloud);
    const ask = (signature: string) =>
      callOpen({ path: '/inngest', headers: { 'x-inngest-signature': signature } });
    const answer = await ask(signatureOf(signingKey, null, seconds()));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({
      ...{ mode: 'cloud', function_count: 2, authentication_succeeded: true },
      app_id: 'caio-control-plane',
    });
    expect(answer.text).not.toContain(signingKey);
    for (const wrong of ['', signatureOf('signkey-test-ffff', null, seconds())])
      expect((await ask(wrong)).status).toBe(401);
  });

  test('the functions are registered at the public address that is set, whatever address was called', async () => {
    const { callOpen } = await start({ ...cloud, INNGEST_WEBHOOK_URL: 'https://desk.example.com/inngest' });
    const asked = { url: 'http://elsewhere.example/inngest' };
    const answer = await callOpen({
      method: 'PUT',
      path: '/inngest',
      headers: {
        ...{ ...json, host: 'elsewhere.example', 'x-inngest-sync-kind': 'in_band' },
        'x-inngest-signature': signatureOf(signingKey, asked, seconds()),
      },
      body: JSON.stringify(asked),
    });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toMatchObject({ url: 'https://desk.example.com/inngest' });
    expect(answer.text).not.toContain('elsewhere.example');
  });

  test.each(['DELETE', 'PATCH'])('%s is no method here', async (method) => {
    const { callOpen } = await start(cloud);
    expect((await callOpen({ method, path: '/inngest' })).status).toBe(405);
  });

  test.each([
    ['no JSON', '{"event":', 400],
    ['a JSON text that is no object', '"x"', 400],
    ['more than four megabytes', `{"x":"${'x'.repeat(4_200_000)}"}`, 413],
  ])('a body of %s is refused without an echo', async (_name, sent, status) => {
    const { callOpen, log } = await start(cloud);
    const answer = await callOpen({ method: 'POST', path: scan, headers: json, body: sent });
    expect(answer.status).toBe(status);
    expect(problemOf(answer).code).toBe(status === 413 ? 'payload_too_large' : 'bad_request');
    expect(answer.text + log()).not.toContain('"event":');
    expect(log()).not.toContain('A request failed.');
  });

  test('a Host that is none is refused without a stack', async () => {
    const { port } = await start(cloud);
    const answers = await Promise.all(
      ['GET', 'POST', 'PUT'].map(
        (method) =>
          new Promise<string>((done, failed) => {
            const socket = connect({ port, host: '127.0.0.1' }, () =>
              socket.write(
                `${method} /inngest HTTP/1.1\r\nHost: :::x[\r\nX-Inngest-Signature: t=1&s=2\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`,
              ),
            );
            let text = '';
            socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
            socket.once('close', () => done(text));
            socket.once('error', failed);
          }),
      ),
    );
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).not.toMatch(/ at |node_modules|"stack"/);
    }
  });

  test('what the SDK says goes to the log of the service', async () => {
    const { callOpen, log } = await start(cloud);
    await callOpen({ method: 'POST', path: check, headers: json, body: JSON.stringify(body) });
    expect(log()).toContain('inngest: Signature validation failed');
  });
});

describe('with neither a key nor a dev server', () => {
  test.each(['GET', 'POST', 'PUT'])(
    '%s is 503 with the variables to set, and runs nothing',
    async (method) => {
      const { callOpen } = await start({});
      const answer = await callOpen({
        method,
        path: check,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect([answer.status, problemOf(answer).code, asked]).toEqual([503, 'secret_missing', 0]);
      expect(problemOf(answer).fix).toContain('INNGEST_SIGNING_KEY');
    },
  );
});

describe('with a dev server, which is for a laptop', () => {
  test('calls need no signature, and the mode says so', async () => {
    const { callOpen } = await start({ INNGEST_DEV: 'http://127.0.0.1:1' });
    expect(JSON.parse((await callOpen({ path: '/inngest' })).text)).toMatchObject({
      mode: 'dev',
      function_count: 2,
    });
    const answer = await callOpen({
      method: 'POST',
      path: check,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    expect([answer.status, asked]).toEqual([206, 1]);
  });
});

test('nothing beside /inngest is open', async () => {
  const { callOpen } = await start(cloud);
  for (const path of ['/', '/inngestx', '/api/pipeline-runs', '/internal/x'])
    expect([path, (await callOpen({ path })).status]).toEqual([path, 401]);
});
