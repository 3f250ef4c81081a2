import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createServiceTokenSigner, digestOf, parseServicePrivateKey, serviceTokenHeader } from '@caio/auth';
import { createKeys } from '@caio/state-store';
import {
  buildPolicy,
  freePort,
  type ProviderSimulator,
  type RedisServer,
  type RunningProcess,
  startProcess,
} from '@caio/test-kit';
import { Redis } from 'ioredis';
import { request } from 'undici';
import { createStackSecrets } from '../../stack/secrets.ts';
import { allPermissions, serviceEnvironment, type StackSettings } from '../../stack/stack-settings.ts';

export const root = resolve(__dirname, '../../../..');
export const copyPackDir = join(root, 'config/copy-pack/harbor-pine');

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly code: string | null;
}

export interface RigOptions {
  readonly redis: RedisServer;
  readonly simulator: ProviderSimulator;
  /** Changes to the rehearsal policy; leases are short so that recovery is quick. */
  readonly policy?: Parameters<typeof buildPolicy>[0];
  readonly deliveryMode?: 'log-only' | 'sandbox';
}

const rehearsalDispatch = {
  ...buildPolicy().dispatch,
  leaseSeconds: 3,
  sendDeadlineMs: 1_000,
  providerTimeoutMs: 1_500,
  retryFirstSeconds: 1,
  retryMaxSeconds: 60,
  latenessMaxHours: 24,
};

const quickRecovery = { JOB_LOCK_MS: '1500', JOB_STALL_CHECK_MS: '1000', REQUEUE_AFTER_MS: '2500' };

const codeOf = (body: unknown): string | null => {
  const error: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'error') : null;
  const code: unknown = typeof error === 'object' && error !== null ? Reflect.get(error, 'code') : null;
  return typeof code === 'string' ? code : null;
};

/**
 * A real gatekeeper process on a real Redis and a real provider simulator, spoken to as the gateway speaks to
 * it. It can be killed and started again, with another environment when a test is about that.
 */
export const createGatekeeperProcess = async (options: RigOptions) => {
  const environment = `test-${randomBytes(5).toString('hex')}`;
  const records = mkdtempSync(join(tmpdir(), 'caio-rig-'));
  const secrets = createStackSecrets();
  const signing = parseServicePrivateKey(secrets.privateKeys.gateway);
  if (!signing.ok) throw new Error(signing.problem);
  const signer = createServiceTokenSigner({ service: 'gateway', privateKey: signing.value, now: Date.now });
  const port = await freePort();
  let process: RunningProcess | null = null;
  let policies = 0;

  const writePolicy = (overrides: Parameters<typeof buildPolicy>[0] = {}): string => {
    policies += 1;
    const file = join(records, `policy-${policies}.json`);
    const policy = buildPolicy({ dispatch: rehearsalDispatch, ...options.policy, ...overrides });
    writeFileSync(file, JSON.stringify(policy));
    return file;
  };
  let policyFile = writePolicy();

  const settings = (): StackSettings => ({
    root,
    environment,
    redisUrl: options.redis.url,
    ports: {
      gateway: 1,
      gatekeeper: port,
      scheduler: 1,
      webhooks: 1,
      simulator: options.simulator.port,
      inngest: 1,
    },
    secrets,
    users: [],
    policyFile,
    copyPackDir,
    deliveryMode: options.deliveryMode ?? 'sandbox',
    recordsDir: records,
    inngestUrl: null,
    extra: {},
  });

  const start = async (extra: Readonly<Record<string, string>> = {}): Promise<void> => {
    mkdirSync(join(records, 'traces'), { recursive: true });
    process = await startProcess({
      command: globalThis.process.execPath,
      args: [join(root, 'dist/gatekeeper/main.cjs')],
      env: {
        ...serviceEnvironment(settings(), 'gatekeeper'),
        LOG_LEVEL: 'info',
        CAIO_PARENT_PID: undefined,
        ...quickRecovery,
        ...extra,
      },
      readyWhen: (started) => started.stdout().includes('"ready":true'),
    });
  };

  const running = (): RunningProcess => {
    if (process === null) throw new Error('the gatekeeper of this rig was not started');
    return process;
  };

  /** One signed call. `body` is JSON unless it is a Buffer. */
  const call = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const bytes =
      body === undefined ? null : Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const correlationId = `rig-${randomUUID()}`;
    const token = signer.sign({
      audience: 'gatekeeper',
      method,
      path,
      bodyDigest: bytes === null ? null : digestOf(bytes),
      correlationId,
      user: { name: 'test-user', permissions: allPermissions },
    });
    const answer = await request(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        [serviceTokenHeader]: token,
        'x-correlation-id': correlationId,
        ...(bytes === null ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: bytes,
    });
    const text = await answer.body.text();
    const json: unknown = text === '' ? null : JSON.parse(text);
    return { status: answer.statusCode, body: json, code: codeOf(json) };
  };

  /** A call that has to succeed. */
  const must = async (
    method: 'GET' | 'POST',
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<unknown> => {
    const answer = await call(method, path, body, headers);
    if (answer.status >= 400)
      throw new Error(`${method} ${path} answered ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

  const connections: Redis[] = [];
  return {
    environment,
    keys: createKeys(environment),
    records,
    secrets,
    port,
    start,
    running,
    call,
    must,
    /** Takes effect at the next start. */
    usePolicy: (overrides: Parameters<typeof buildPolicy>[0]): void => {
      policyFile = writePolicy(overrides);
    },
    redis: (): Redis => {
      const redis = new Redis(options.redis.url, { maxRetriesPerRequest: 1 });
      redis.on('error', () => undefined);
      connections.push(redis);
      return redis;
    },
    logs: (): string => running().stdout() + running().stderr(),
    traces: (): string =>
      readFileSync(join(records, 'traces', 'tool_trace_envelopes.gatekeeper.jsonl'), 'utf8'),
    close: async (): Promise<void> => {
      connections.forEach((redis) => redis.disconnect());
      await process?.kill9();
      rmSync(records, { recursive: true, force: true });
    },
  };
};
