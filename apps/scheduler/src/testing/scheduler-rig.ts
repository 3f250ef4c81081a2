import { createHash, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { PassThrough } from 'node:stream';
import { permissionSchema, type Permission, type Principal, type ServiceName } from '@caio/contracts';
import {
  createInternalClient,
  createRedisConnections,
  createServiceMetrics,
  createServiceParts,
  loadConfig,
} from '@caio/service-kit';
import { createJobQueue, createKeys, createRunStore } from '@caio/state-store';
import { callHttp, createIdSource, createManualClock, type HttpCall } from '@caio/test-kit';
import { createApp } from '../app.ts';
import { schedulerVariables } from '../config.ts';
import { createDailyHealthCheck, type PartHealth } from '../functions/daily-health-check.ts';
import { createPipelineScan } from '../functions/pipeline-scan.ts';
import { createInngest, createInngestEndpoint } from '../inngest-endpoint.ts';
import { createLeadInbox } from '../lead-inbox.ts';
import { createStartRun } from '../use-cases/start-run.ts';

const monotonicNow = (): number => performance.now();
const now = (): number => Date.now();

/** The two forms of a service's key, as a deployment sets them. */
export const createServiceKey = () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x } = publicKey.export({ format: 'jwk' });
  const secret = JSON.stringify(privateKey.export({ format: 'jwk' }));
  return { privateKey: Buffer.from(secret).toString('base64url'), publicKey: { kty, crv, x } };
};

/** How a service token names a body. */
export const contentDigest = (bytes: Buffer | string): string =>
  `sha-256=:${createHash('sha256').update(bytes).digest('base64')}:`;

export interface Reply {
  readonly status: number;
  readonly text: string;
}

export interface SignedCall {
  readonly path: string;
  readonly method?: 'GET' | 'POST';
  /** Who asks; null is a service by itself. Everything is allowed unless told otherwise. */
  readonly permissions?: readonly Permission[] | null;
  readonly from?: ServiceName;
  readonly body?: string | Buffer | PassThrough;
  /** What the token says the body is, when that is something else. */
  readonly announced?: string | Buffer;
  readonly signal?: AbortSignal;
}

/** The scheduler on a real port with a real Redis behind it, spoken to as the gateway and Inngest speak to it. */
export const startSchedulerRig = async (options: {
  redisUrl: string;
  environment: string;
  env?: Readonly<Record<string, string>>;
  inboxFolder?: string;
  inboxLimitBytes?: number;
  inboxAbandonedMs?: number;
  parts?: () => Promise<PartHealth[]>;
}) => {
  const keys = { gateway: createServiceKey(), gatekeeper: createServiceKey(), scheduler: createServiceKey() };
  const publicKeys = JSON.stringify(
    Object.fromEntries(Object.entries(keys).map(([name, { publicKey }]) => [name, publicKey])),
  );
  const config = loadConfig(
    schedulerVariables,
    {
      ENVIRONMENT: options.environment,
      REDIS_URL: options.redisUrl,
      SERVICE_PRIVATE_KEY: keys.scheduler.privateKey,
      SERVICE_PUBLIC_KEYS: publicKeys,
      TRACE_ENVELOPE_ENABLED: 'false',
      LOG_LEVEL: 'debug',
      GATEKEEPER_URL: 'http://127.0.0.1:1',
      COPY_PACK_DIR: resolve(__dirname, '../../../../config/copy-pack/harbor-pine'),
      ...options.env,
    },
    'scheduler',
  );
  const clock = createManualClock();
  const ids = createIdSource();
  const lines: string[] = [];
  const stdout = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString('utf8'));
      done();
    },
  });
  const shared = { secrets: [], stdout, now, monotonicNow, newCorrelationId: ids.correlationId };
  const parts = createServiceParts({ service: 'scheduler', config, ...shared });
  const callers = (['gateway', 'gatekeeper'] as const).map((service) => {
    const own = loadConfig(
      schedulerVariables,
      {
        REDIS_URL: options.redisUrl,
        SERVICE_PRIVATE_KEY: keys[service].privateKey,
        SERVICE_PUBLIC_KEYS: publicKeys,
        TRACE_ENVELOPE_ENABLED: 'false',
        GATEKEEPER_URL: 'http://127.0.0.1:1',
        COPY_PACK_DIR: 'unused',
      },
      service,
    );
    return [service, createServiceParts({ service, config: own, ...shared })] as const;
  });
  const signers = new Map<ServiceName, (typeof callers)[number][1]>(callers);

  const storeKeys = createKeys(options.environment);
  const connections = createRedisConnections({
    url: options.redisUrl,
    role: 'http',
    logger: parts.logger,
    now,
  });
  const redis = connections.connect('scheduler');
  if (!(await connections.whenReady(redis, 5_000))) throw new Error('Redis is not there');
  const workers = createRedisConnections({
    url: options.redisUrl,
    role: 'worker',
    logger: parts.logger,
    now,
  });
  const runs = createRunStore({ redis, keys: storeKeys });
  const pipeline = createJobQueue({
    queue: 'pipeline',
    redis: workers.connect('queue'),
    keys: storeKeys,
    onError: () => undefined,
  });
  const startRun = createStartRun({ runs, pipeline, newRunId: ids.runId, now: clock.nowMs });
  const inngest = createInngest(config, parts.logger);
  const inbox =
    options.inboxFolder === undefined
      ? null
      : createLeadInbox({
          folder: options.inboxFolder,
          now,
          settledMs: 60_000,
          abandonedMs: options.inboxAbandonedMs ?? 600_000,
        });
  const scan = { inngest, inbox, startRun, newCorrelationId: ids.correlationId };
  const app = createApp({
    parts,
    metrics: createServiceMetrics('scheduler'),
    readiness: [],
    runs,
    startRun,
    inngest: createInngestEndpoint({
      inngest,
      functions: [
        createPipelineScan({ ...scan, limitBytes: options.inboxLimitBytes ?? 1_000_000 }),
        createDailyHealthCheck({
          inngest,
          logger: parts.logger,
          askParts: options.parts ?? (() => Promise.resolve([])),
        }),
      ],
      config,
    }),
    newCorrelationId: ids.correlationId,
    monotonicNow,
  });
  const server = createServer(app);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const clients: { close: () => Promise<void> }[] = [];

  const clientOf = (from: ServiceName) => {
    const signer = signers.get(from);
    if (signer === undefined) throw new Error('this test has no key of that service');
    const client = createInternalClient({
      baseUrl: `http://127.0.0.1:${port}`,
      audience: 'scheduler',
      signer: signer.signer,
      traces: signer.traces,
      timeoutMs: 20_000,
    });
    clients.push(client);
    return client;
  };
  const gateway = clientOf('gateway');
  const gatekeeper = clientOf('gatekeeper');

  return {
    port,
    clock,
    runs,
    startRun,
    config,
    log: () => lines.join(''),
    /** A call as anybody can make it. */
    callOpen: (call: HttpCall) => callHttp(port, call),
    /** A call with a service token, by default the gateway's in the name of a person. */
    call: async (call: SignedCall): Promise<Reply> => {
      const { body, permissions = permissionSchema.options } = call;
      const user: Principal | null =
        permissions === null ? null : { name: 'Rory Vale', permissions: [...permissions] };
      const content = typeof body === 'string' ? Buffer.from(body) : body;
      const announced = call.announced ?? (Buffer.isBuffer(content) ? content : '');
      const answer = await (call.from === 'gatekeeper' ? gatekeeper : gateway).stream({
        method: call.method ?? 'GET',
        path: call.path,
        correlationId: ids.correlationId(),
        ...(user === null ? {} : { user }),
        ...(content === undefined ? {} : { body: { content, digest: contentDigest(announced) } }),
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
      if (!answer.ok) return { status: answer.status, text: JSON.stringify({ error: answer.error }) };
      return { status: answer.status, text: await text(answer.body) };
    },
    /** Keys of runs and uploads, so that a test sees what stays. */
    storedRuns: async (): Promise<string[]> => (await redis.keys(`${storeKeys.root}:run*`)).sort(),
    jobs: async (): Promise<number> => (await pipeline.counts())['waiting'] ?? 0,
    uploadOf: async (runId: string): Promise<Buffer> => {
      const chunks: Buffer[] = [];
      for await (const chunk of runs.upload(runId)) chunks.push(chunk);
      return Buffer.concat(chunks);
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
      await Promise.allSettled(clients.map((client) => client.close()));
      await Promise.all([connections.close(), workers.close()]);
    },
  };
};

export type SchedulerRig = Awaited<ReturnType<typeof startSchedulerRig>>;
