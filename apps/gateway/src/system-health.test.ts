// Risk: the door says all is well while a part cannot work, or says nothing while one is down.
import { afterEach, expect, test } from '@jest/globals';
import type { ReadinessCheck } from '@caio/service-kit';
import { z } from 'zod';
import { startGatewayRig, type GatewayRig, type RigOptions } from './testing/gateway-rig.ts';

const reportSchema = z.object({
  status: z.string(),
  parts: z.array(z.object({ part: z.string(), ready: z.boolean(), message: z.string() })),
});

let rig: GatewayRig | null = null;
afterEach(async () => {
  await rig?.close();
  rig = null;
});

const healthOf = async (options: RigOptions, prepare?: (started: GatewayRig) => Promise<void>) => {
  rig = await startGatewayRig(options);
  await prepare?.(rig);
  const summary = await rig.call({ path: '/api/health' });
  const ready = await rig.call({ path: '/api/health/ready' });
  const live = await rig.call({ path: '/api/health/live' });
  return {
    statuses: [summary.status, ready.status, live.status],
    summary: reportSchema.parse(JSON.parse(summary.text)),
    ready: reportSchema.parse(JSON.parse(ready.text)),
    cache: ready.headers['cache-control'],
  };
};

const redis = (ready: boolean): ReadinessCheck => ({
  name: 'redis',
  check: () => Promise.resolve({ ready, required: true, message: ready ? 'answers' : 'No answer.' }),
});

test('all parts ready is 200 three times, without a credential and never from a cache', async () => {
  const health = await healthOf({ readiness: [redis(true)] });
  expect(health.statuses).toEqual([200, 200, 200]);
  expect(health.ready.status).toBe('ready');
  expect(health.ready.parts.map(({ part }) => part)).toEqual([
    'gatekeeper',
    'scheduler',
    'webhooks',
    'gateway',
  ]);
  expect(health.cache).toBe('no-store');
});

test('a part that is away is named; the summary stays 200, ready is 503, live stays 200', async () => {
  const health = await healthOf({}, (started) => started.stopService('scheduler'));
  expect(health.statuses).toEqual([200, 503, 200]);
  expect(health.summary.status).toBe('not_ready');
  expect(health.ready.parts).toContainEqual({ part: 'scheduler', ready: false, message: 'does not answer' });
  expect(health.ready.parts).toContainEqual({ part: 'webhooks', ready: true, message: 'ready' });
});

test('a part that is up and not ready says what it waits for', async () => {
  const health = await healthOf({ readiness: [redis(false)] });
  expect(health.statuses).toEqual([200, 503, 200]);
  expect(health.ready.parts[0]).toEqual({ part: 'gatekeeper', ready: false, message: 'redis: No answer.' });
});

test('a part that works without something optional is ready and says in words what is missing', async () => {
  const optional: ReadinessCheck = {
    name: 'inngest',
    check: () => Promise.resolve({ ready: false, required: false, message: 'not set up, nothing runs' }),
  };
  const health = await healthOf({ readiness: [redis(true), optional] });
  expect(health.statuses).toEqual([200, 200, 200]);
  expect(health.summary.parts[0]).toEqual({
    ...{ part: 'gatekeeper', ready: true },
    message: 'ready, without the optional inngest: not set up, nothing runs',
  });
});

test('a part whose check hangs gets to say so before the door gives up on it', async () => {
  const hanging: ReadinessCheck = { name: 'redis', check: () => new Promise(() => undefined) };
  const health = await healthOf({ readiness: [hanging] });
  expect(health.ready.parts[0]?.message).toBe('redis: No answer within 300 ms.');
});

test('a part that never answers counts as not ready', async () => {
  const health = await healthOf({ services: { webhooks: () => undefined } });
  expect(health.statuses).toEqual([200, 503, 200]);
  expect(health.ready.parts[2]).toEqual({ part: 'webhooks', ready: false, message: 'does not answer' });
});

test('something else that answers on the port of a part is not taken for it', async () => {
  const health = await healthOf({ services: { gatekeeper: (_req, res) => res.end('<html>hello</html>') } });
  expect(health.ready.parts[0]).toEqual({ part: 'gatekeeper', ready: false, message: 'does not answer' });
});

test('a slash at the end or other letters change nothing about the answer', async () => {
  rig = await startGatewayRig({ readiness: [redis(false)] });
  expect((await rig.call({ path: '/api/health/' })).status).toBe(200);
  expect((await rig.call({ path: '/api/health/ready/' })).status).toBe(503);
  expect((await rig.call({ method: 'POST', path: '/api/health' })).status).toBe(401);
  expect((await rig.call({ path: '/api/health/anything' })).status).toBe(401);
});
