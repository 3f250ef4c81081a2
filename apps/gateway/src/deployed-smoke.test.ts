// Risk: the checks that deployments have always been accepted by fail against this system, or pass while it is open.
import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runtimeDependenciesSchema } from '@caio/contracts';
import type { ReadinessCheck } from '@caio/service-kit';
import { startBrowser } from './testing/browser.ts';
import { startGatewayRig, token, type GatewayRig } from './testing/gateway-rig.ts';

const redis: ReadinessCheck = {
  name: 'redis',
  check: () => Promise.resolve({ ready: true, required: true, message: 'ready, append-only' }),
};
const inngest: ReadinessCheck = {
  name: 'inngest',
  check: () => Promise.resolve({ ready: false, required: false, message: 'not set up' }),
};

let rig: GatewayRig;
beforeAll(async () => {
  rig = await startGatewayRig({
    settings: { environment: 'production', isLocal: false },
    readiness: [redis, inngest],
  });
});
afterAll(() => rig.close());

const inQuery = (path: string): string => `${path}?token=${token}`;

describe('the five expectations of the deployment gate', () => {
  test('1. without a credential the operator’s status and trigger are 401, and pending e-mails too', async () => {
    expect((await rig.call({ path: '/api/operator/status' })).status).toBe(401);
    expect((await rig.call({ method: 'POST', path: '/api/operator/trigger', body: '{}' })).status).toBe(401);
    expect((await rig.call({ path: '/api/pending-emails' })).status).toBe(401);
    expect(rig.seen).toEqual([]);
  });

  test('2. without a credential readiness is 200 and says so, and holds no token', async () => {
    for (const path of ['/api/health', '/api/health/ready', '/api/health/live']) {
      const answer = await rig.call({ path });
      expect(answer.status).toBe(200);
      expect(['ready', 'ok', 'healthy', 'live']).toContain(JSON.parse(answer.text).status);
      expect(answer.text).not.toContain(token);
    }
  });

  test('3. the token in the header is not 401', async () => {
    for (const path of ['/api/operator/status', '/api/runtime/dependencies'])
      expect((await rig.callIn({ path })).status).toBe(200);
  });

  test('4. the token in the query is not 401 while that is switched on, and 401 when it is not', async () => {
    expect((await rig.call({ path: inQuery('/api/operator/status') })).status).toBe(200);
    const off = await startGatewayRig({ settings: { queryTokens: 'refused' } });
    try {
      expect((await off.call({ path: inQuery('/api/operator/status') })).status).toBe(401);
    } finally {
      await off.close();
    }
  });

  test('5. a preflight is not 401, from whatever origin', async () => {
    for (const origin of ['https://desk.example.com', 'https://evil.example'])
      for (const path of ['/api/operator/status', '/api/operator/trigger']) {
        const headers = { origin, 'access-control-request-method': 'POST' };
        expect((await rig.call({ method: 'OPTIONS', path, headers })).status).toBe(204);
      }
  });
});

test('the desk asks strangers to log in, its former address is still there, and the API is described nowhere', async () => {
  const desk = await rig.call({ path: '/sales' });
  expect(desk.status).toBe(302);
  expect((await rig.call({ path: desk.headers.location ?? '' })).text).toContain('action="/login"');
  expect((await rig.call({ path: '/ChiefAIOfficer' })).status).toBe(307);
  for (const path of ['/docs', '/redoc', '/openapi.json'])
    expect([path, (await rig.call({ path })).status]).toEqual([path, 404]);
});

describe('runtime dependencies', () => {
  const dependenciesOf = async (from: GatewayRig) =>
    runtimeDependenciesSchema.parse(
      JSON.parse((await from.callIn({ path: '/api/runtime/dependencies' })).text),
    );

  test('say how production is kept, in the fields that are looked for', async () => {
    const { auth, dependencies, ready, required_failures: failures } = await dependenciesOf(rig);
    expect(auth).toEqual({
      strict_mode: true,
      query_token_enabled: true,
      token_header: 'X-Dashboard-Token',
      token_configured: true,
      session_secret_explicit: true,
      session_secret_source: 'server_side',
      webhook_signature_required: true,
      environment: 'production',
    });
    expect([ready, failures]).toEqual([true, []]);
    expect(dependencies.redis).toMatchObject({
      required: true,
      ready: true,
      connected: true,
      status: 'healthy',
    });
    expect(dependencies.redis.latency_ms).toBeGreaterThanOrEqual(0);
    expect(dependencies.redis.message).toBe('ready, append-only');
    expect(dependencies.inngest).toMatchObject({
      required: false,
      configured: false,
      status: 'not_configured',
      mode: null,
      function_count: null,
    });
    expect(dependencies.webhooks).toMatchObject({ required: true, ready: true });
    expect(dependencies.queues).toMatchObject({ required: true, ready: true });
    expect(dependencies.providers).toMatchObject({ required: false });
  });

  test.each([
    ['cloud', true],
    ['dev', false],
  ] as const)(
    'say that Inngest is set up in mode %s, and how many functions it runs',
    async (mode, required) => {
      const check = {
        name: 'inngest',
        ready: true,
        required,
        message: `configured: mode ${mode}, 2 functions`,
      };
      const state = { mode, function_count: 2, has_event_key: true, has_signing_key: required };
      const scheduler: RequestListener = (req, res) => {
        const isHealth = req.url === '/health/ready';
        res.setHeader('Content-Type', 'application/json');
        res.statusCode = isHealth || req.url === '/inngest' ? 200 : 404;
        res.end(JSON.stringify(isHealth ? { status: 'ready', checks: [check] } : state));
      };
      const scheduled = await startGatewayRig({ readiness: [redis], services: { scheduler } });
      try {
        const { dependencies, auth } = await dependenciesOf(scheduled);
        expect(dependencies.inngest).toEqual({
          ...{ ...check, configured: true, status: 'healthy' },
          ...{ mode, function_count: 2 },
        });
        // A development server is believed without a signature: a check of a deployment must not read "required".
        expect(auth.webhook_signature_required).toBe(mode === 'cloud');
      } finally {
        await scheduled.close();
      }
    },
  );

  test('name Inngest as what is missing where it is required and not set up', async () => {
    const missing: ReadinessCheck = {
      name: 'inngest',
      check: () => Promise.resolve({ ready: false, required: true, message: 'not set up' }),
    };
    const waiting = await startGatewayRig({ readiness: [redis, missing] });
    try {
      const { dependencies, ready, required_failures: failures } = await dependenciesOf(waiting);
      expect(dependencies.inngest).toMatchObject({ required: true, configured: false, status: 'unhealthy' });
      expect(ready).toBe(false);
      expect(failures).toContain('inngest: not set up');
      expect((await waiting.call({ path: '/api/health/ready' })).status).toBe(503);
    } finally {
      await waiting.close();
    }
  });

  test('are nobody’s business without a credential', async () => {
    expect((await rig.call({ path: '/api/runtime/dependencies' })).status).toBe(401);
  });

  test('name what is down, in words and without an address', async () => {
    const broken = await startGatewayRig({ readiness: [redis, inngest] });
    try {
      await broken.stopService('scheduler');
      await broken.stopService('webhooks');
      const answer = await dependenciesOf(broken);
      expect(answer).toMatchObject({ status: 'not_ready', ready: false });
      expect(answer.required_failures).toEqual([
        'inngest: the scheduler does not answer',
        'webhooks: does not answer',
        'queues: not served by the scheduler',
      ]);
      expect(JSON.stringify(answer)).not.toContain('127.0.0.1');
    } finally {
      await broken.close();
    }
  });

  test('are shown to a person who is logged in', async () => {
    const local = await startGatewayRig({ readiness: [redis, inngest] });
    try {
      const browser = startBrowser(local);
      await browser.logIn(token);
      const answer = await browser.call({ path: '/api/runtime/dependencies' });
      expect(answer.status).toBe(200);
      expect(answer.headers['cache-control']).toBe('no-store');
    } finally {
      await local.close();
    }
  });
});
