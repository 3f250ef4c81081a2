// Risk: a gatekeeper starts that would forget opt-outs, send for real or decide without its store, or stops half-way.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createPseudonymiser, formatServicePublicKeys, generateServiceKeyPair } from '@caio/auth';
import { ConfigError, createRedisConnections, type StartedService } from '@caio/service-kit';
import {
  createDraftStore,
  createJobQueue,
  createKeys,
  createStoreSession,
  type StoreSession,
} from '@caio/state-store';
import { freePort, type RedisServer, startRedis, waitFor } from '@caio/test-kit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import request from 'supertest';
import { startGatekeeper } from './start.ts';
import { type GateBenches, openGateBenches, testSecrets } from './testing/gate-bench.ts';
import { createTestLog } from './testing/real-store.ts';

const root = resolve(__dirname, '../../..');
const pair = generateServiceKeyPair();
let redis: RedisServer;
let folder = '';
let benches: GateBenches;
let environments = 0;
const closers: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  redis = await startRedis();
  folder = mkdtempSync(join(tmpdir(), 'caio-gatekeeper-'));
  benches = await openGateBenches();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(async () => {
  await benches.close();
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

const settings = (
  overrides: Record<string, string | undefined> = {},
): Record<string, string | undefined> => ({
  ENVIRONMENT: `test-start-${environments}`,
  REDIS_URL: redis.url,
  LOG_LEVEL: 'error',
  TRACE_ENVELOPE_FILE: join(folder, 'traces.jsonl'),
  SERVICE_PRIVATE_KEY: pair.privateKey,
  SERVICE_PUBLIC_KEYS: formatServicePublicKeys({ gateway: pair.publicKey }),
  PUBLIC_BASE_URL: 'http://127.0.0.1:8080',
  POLICY_FILE: join(root, 'config/policy/local.json'),
  COPY_PACK_DIR: join(root, 'config/copy-pack/harbor-pine'),
  PSEUDONYM_KEY: testSecrets.pseudonym,
  AUDIT_SEAL_KEY: testSecrets.auditSeal,
  UNSUBSCRIBE_SECRET: testSecrets.unsubscribe,
  ...overrides,
});
const start = (overrides?: Record<string, string | undefined>): Promise<StartedService> =>
  startGatekeeper({
    env: settings(overrides),
    onClose: (_, close) => void closers.push(close),
    onStopping: (stop) => void closers.push(stop),
  });
const problemsOf = async (overrides: Record<string, string | undefined>): Promise<string> => {
  const error: unknown = await start(overrides).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(ConfigError);
  return error instanceof ConfigError ? error.problems.join('\n') : '';
};
const observe = async (): Promise<StoreSession> => {
  const connections = createRedisConnections({
    ...{ url: redis.url, role: 'worker', logger: createTestLog().logger, now: Date.now },
  });
  closers.push(() => connections.close());
  const session = createStoreSession({
    redis: connections.connect('observer'),
    keys: createKeys(settings()['ENVIRONMENT'] ?? ''),
  });
  await session.refresh();
  return session;
};

describe('is refused at boot, by name and with the fix', () => {
  test.each<[string, Record<string, string | undefined>, readonly string[]]>([
    [
      'real delivery',
      { DELIVERY_MODE_EMAIL: 'live' },
      ['DELIVERY_MODE_EMAIL', 'provider_not_configured', 'log-only', 'real_mode_local'],
    ],
    [
      'real delivery under rules and a company that are made up',
      {
        ENVIRONMENT: 'production',
        ...{ DELIVERY_MODE_EMAIL: 'live', INSTANTLY_API_KEY: 'a-key-of-a-test' },
        PUBLIC_BASE_URL: 'https://outreach.harborpine.org',
      },
      ['localOnly'],
    ],
    ['a mode nobody knows', { DELIVERY_MODE_EMAIL: 'real' }, ['DELIVERY_MODE_EMAIL']],
    [
      'the sandbox without its address',
      { DELIVERY_MODE_EMAIL: 'sandbox' },
      ['SANDBOX_URL', 'SANDBOX_API_KEY'],
    ],
    ['a stop that is no yes and no no', { EMERGENCY_STOP: 'maybe' }, ['EMERGENCY_STOP']],
    ['a short pseudonym key', { PSEUDONYM_KEY: 'hunter2' }, ['PSEUDONYM_KEY']],
    [
      'no keys at all',
      { PSEUDONYM_KEY: undefined, AUDIT_SEAL_KEY: undefined, UNSUBSCRIBE_SECRET: undefined },
      ['PSEUDONYM_KEY', 'AUDIT_SEAL_KEY', 'UNSUBSCRIBE_SECRET'],
    ],
  ])('%s', async (_, overrides, named) => {
    const problems = await problemsOf(overrides);
    for (const name of named) expect(problems).toContain(name);
    expect(problems).not.toContain('hunter2');
  });

  test('a store that does not answer', async () => {
    const problems = await problemsOf({ REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    expect(problems).toContain('REDIS_URL');
  });

  test('another pseudonym key than the store was filled with: it would find no opt-out', async () => {
    environments += 1;
    const session = await observe();
    const former = createPseudonymiser({ key: 'the key of the process before this one!' });
    await session.redis.set(session.keys.pseudonymCheck, former('check'));
    expect(await problemsOf({})).toContain('pseudonym_key_changed');
  });
});

describe('the audit', () => {
  const sealed = async (session: StoreSession): Promise<string> => {
    await waitFor(async () => (await session.redis.hget(session.keys.auditHead, 'head')) ?? '', {
      timeoutMs: 10_000,
      describe: 'a sealed row',
    });
    return (await session.redis.hget(session.keys.auditHead, 'head')) ?? '';
  };
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };

  test('sealed with another key is refused at boot, by name', async () => {
    environments += 1;
    await start();
    await sealed(await observe());
    await stop();
    const problems = await problemsOf({ AUDIT_SEAL_KEY: 'another audit seal key of sufficient length' });
    expect(problems).toContain('seal_key_changed');
    expect(problems).toContain('AUDIT_SEAL_KEY');
  });

  test('has its heads in the file, and a store that lost everything stops until a person lifts it', async () => {
    environments += 1;
    const file = join(folder, 'audit', `heads-${environments}.jsonl`);
    await start({ AUDIT_HEADS_FILE: file });
    let session = await observe();
    const head = await sealed(session);
    await waitFor(() => readFileSync(file, 'utf8').includes(head), {
      timeoutMs: 10_000,
      describe: 'the head in its file',
    });
    expect(await session.redis.exists(session.keys.halt)).toBe(0);
    await stop();
    session = await observe();
    await session.redis.flushall();
    await stop();
    await start({ AUDIT_HEADS_FILE: file });
    session = await observe();
    expect(await session.redis.hgetall(session.keys.halt)).toMatchObject({
      active: '1',
      reason: expect.stringContaining('store_replaced'),
    });
  });

  test('file that cannot be written is refused at boot', async () => {
    writeFileSync(join(folder, 'a-file'), '');
    const problems = await problemsOf({ AUDIT_HEADS_FILE: join(folder, 'a-file', 'heads.jsonl') });
    expect(problems).toContain('AUDIT_HEADS_FILE');
  });
});

describe('a gatekeeper that started', () => {
  test('is ready, and not ready on a store that may throw records away', async () => {
    environments += 1;
    const { app } = await start();
    const session = await observe();
    expect((await request(app).get('/health/ready')).body).toMatchObject({ status: 'ready' });
    await session.redis.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const answer = await request(app).get('/health/ready');
    await session.redis.config('SET', 'maxmemory-policy', 'noeviction');
    expect([answer.status, JSON.stringify(answer.body)]).toEqual([
      503,
      expect.stringContaining('noeviction'),
    ]);
  });

  test('takes drafts and signals from its queues, and keeps the audit sealed', async () => {
    environments += 1;
    await start();
    const session = await observe();
    const queueOf = <Q extends 'drafts' | 'signals'>(queue: Q) =>
      createJobQueue({ queue, redis: session.redis, keys: session.keys, onError: () => undefined });
    const runId = benches.testIds.runId();
    await queueOf('drafts').add({
      id: `${runId}-2`,
      payload: {
        drafts: [
          {
            submission: await benches.submissionOf(benches.leadOf()),
            origin: { kind: 'run', runId, line: 2 },
            correlationId: 'correlation-1',
          },
        ],
      },
    });
    await queueOf('signals').add({
      id: 'signal-1',
      payload: {
        ...{ kind: 'unsubscribed', source: 'link', deliveryId: 'delivery-1', correlationId: 'correlation-1' },
        ...{ personKeys: ['email:ada@acme.example'], occurredAt: '2026-01-05T12:00:00.000Z' },
      },
    });
    const drafts = createDraftStore(session);
    const inTime = { timeoutMs: 10_000 } as const;
    await waitFor(async () => (await drafts.answerCountOfRun(runId)) === 1, {
      ...inTime,
      describe: 'the answer',
    });
    expect([...(await drafts.answersOfRun(runId)).values()]).toMatchObject([{ outcome: 'accepted' }]);
    await waitFor(async () => (await session.redis.hlen(session.keys.suppressions)) === 1, {
      ...inTime,
      describe: 'the suppression',
    });
    await waitFor(async () => (await session.redis.hget(session.keys.auditHead, 'count')) === '3', {
      ...inTime,
      describe: 'the store’s own row and both others to be sealed',
    });
  });
});
