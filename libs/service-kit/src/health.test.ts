// Risk: a service that cannot work is sent traffic, or its health page tells a stranger about the inside.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import type { Readiness } from './health.ts';
import { startApp } from './testing/running-app.ts';
import type { RunningApp } from './testing/running-app.ts';

let app: RunningApp;
let redis: Readiness = { ready: true, required: true, message: 'Connected.' };

beforeAll(async () => {
  app = await startApp({
    readiness: [
      {
        name: 'redis',
        check: () => (redis.message === 'silent' ? new Promise(() => undefined) : Promise.resolve(redis)),
      },
      {
        name: 'provider',
        check: () =>
          redis.message === 'broken' ? Promise.reject(new Error('10.1.2.3 secret')) : Promise.resolve(redis),
      },
    ],
    mount: (routes) => {
      routes.get('/api/drafts/:draftId', (_req, res) => {
        res.json({});
      });
    },
  });
});
afterAll(() => app.close());
beforeEach(() => {
  redis = { ready: true, required: true, message: 'Connected.' };
});

describe('health', () => {
  test('live needs nothing', async () => {
    expect((await request(app.server).get('/health/live')).body).toEqual({
      status: 'live',
      service: 'gatekeeper',
    });
  });
  test('ready while every required part is', async () => {
    const answer = await request(app.server).get('/health/ready');
    expect(answer.status).toBe(200);
    expect(answer.body).toMatchObject({
      status: 'ready',
      checks: [{ name: 'redis', ready: true }, { name: 'provider' }],
    });
  });
  test('503 with the reason when a required part is not', async () => {
    redis = { ready: false, required: true, message: 'Redis does not answer.' };
    const answer = await request(app.server).get('/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.body.checks[0]).toEqual({
      name: 'redis',
      ready: false,
      required: true,
      message: 'Redis does not answer.',
    });
  });
  test('an optional part may be away', async () => {
    redis = { ready: false, required: false, message: 'Not configured.' };
    expect((await request(app.server).get('/health/ready')).status).toBe(200);
  });
  test('a check that fails is not ready and tells no details', async () => {
    redis = { ready: true, required: false, message: 'broken' };
    const answer = await request(app.server).get('/health/ready');
    expect(answer.status).toBe(503);
    expect(answer.text).not.toContain('10.1.2.3');
  });
  test('a check that never answers is not ready', async () => {
    redis = { ready: true, required: false, message: 'silent' };
    const answer = await request(app.server).get('/health/ready');
    expect([answer.status, answer.body.checks[0].message]).toEqual([503, 'No answer within 200 ms.']);
  });
});
