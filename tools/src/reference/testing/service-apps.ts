import { createHash } from 'node:crypto';
import { createServer, type RequestListener } from 'node:http';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { Writable } from 'node:stream';
import {
  createServiceTokenSigner,
  createServiceTokenVerifier,
  createUnsubscribeTokens,
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseAccessTokens,
  parseServicePrivateKey,
  parseServicePublicKeys,
  serviceTokenHeader,
} from '@caio/auth';
import { type Permission, permissionSchema, type ServiceName, serviceNameSchema } from '@caio/contracts';
import { createInternalClient, createServiceMetrics } from '@caio/service-kit';
import { createKeys } from '@caio/state-store';
import { startRedis } from '@caio/test-kit';
import { createLogger, createRedactor, createTraces, createTraceWriter } from '@caio/trace-envelope';
import { buildSync } from 'esbuild';
import { Redis } from 'ioredis';
import { request } from 'undici';
import { z } from 'zod';

export const root = resolve(__dirname, '../../../..');

/** What Express keeps of a route or of a router that was mounted. */
export interface Layer {
  readonly slash?: boolean;
  readonly route?: { readonly path: string | readonly string[]; readonly methods: Record<string, boolean> };
  readonly handle?: { readonly stack?: readonly Layer[] };
}

interface Routed {
  readonly router: { readonly stack: readonly Layer[] };
}

/** An Express application, or the gateway: pages by Express, and the API by a handler that says its routes. */
type ServiceApp = RequestListener &
  (Routed | { readonly pages: Routed; readonly apiRoutes: readonly string[] });

const isService = (value: unknown): value is (deps: Record<string, unknown>) => ServiceApp =>
  typeof value === 'function';

/** The services' own `createApp`. Tools may not import a service, so they are bundled as they are for a start. */
const loadServices = (): Record<ServiceName, (deps: Record<string, unknown>) => ServiceApp> => {
  const folder = join(root, 'dist', 'imported');
  const outfile = join(folder, `service-apps-${process.pid}.cjs`);
  mkdirSync(folder, { recursive: true });
  buildSync({
    absWorkingDir: root,
    stdin: {
      contents: serviceNameSchema.options
        .map((name) => `export { createApp as ${name} } from './apps/${name}/src/app.ts';`)
        .join('\n'),
      resolveDir: root,
    },
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    loader: { '.lua': 'text' },
    external: ['msgpackr-extract'],
    logLevel: 'error',
  });
  try {
    const loaded: unknown = createRequire(__filename)(outfile);
    return z
      .record(serviceNameSchema, z.custom<(deps: Record<string, unknown>) => ServiceApp>(isService))
      .parse({
        ...Object(loaded),
      });
  } finally {
    rmSync(outfile, { force: true });
  }
};

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly from?: ServiceName;
  readonly permissions?: readonly Permission[];
  readonly headers?: Record<string, string>;
}

/** A token for the gateway whose holder may do everything but this. */
export const accessTokenWithout = (permission: Permission): string =>
  `token-without-${permission}-of-this-test`;

const everyMinute = { takesMax: 1_000_000, perSeconds: 60 };

/** The gateway as it is kept in a test environment, with limits that nobody meets. */
const doorSettings = {
  environment: 'test-catalogue',
  isLocal: true,
  authentication: 'strict',
  queryTokens: 'taken',
  allowedOrigins: [],
  trustedHops: 0,
  sessionIdleSeconds: 600,
  sessionLifeSeconds: 3_600,
  limits: Object.fromEntries(
    [
      'login',
      'wrong-token',
      'inngest',
      'inngest-large',
      'read',
      'write',
      'upload',
      'expensive',
      'stream',
    ].map((kind) => [kind, everyMinute]),
  ),
};

/**
 * The four services on real ports with real service tokens and nothing behind them: enough for everything that
 * is decided before a store is asked. The gateway asks its store about everybody, so it has one.
 */
export const startServiceApps = async () => {
  const services = loadServices();
  const now = (): number => Date.now();
  const pairs = serviceNameSchema.options.map((name) => [name, generateServiceKeyPair()] as const);
  const publicKeys = parseServicePublicKeys(
    formatServicePublicKeys(Object.fromEntries(pairs.map(([name, pair]) => [name, pair.publicKey]))),
  );
  if (!publicKeys.ok) throw new Error(publicKeys.problem);
  const signers = new Map(
    pairs.map(([service, pair]) => {
      const privateKey = parseServicePrivateKey(pair.privateKey);
      if (!privateKey.ok) throw new Error(privateKey.problem);
      return [service, createServiceTokenSigner({ service, privateKey: privateKey.value, now })] as const;
    }),
  );
  const redactor = createRedactor();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const newCorrelationId = (): string => 'catalogue-test-1';
  const monotonicNow = (): number => performance.now();
  const writer = createTraceWriter({
    file: 'unused',
    enabled: false,
    retentionDays: 1,
    cleanupEnabled: false,
    redactor,
    now,
    onReport: () => undefined,
  });

  const traces = createTraces({ writer, redactor, now, monotonicNow, newCorrelationId });

  const startOne = async (service: ServiceName, extra: Record<string, unknown>) => {
    const app = services[service]({
      parts: {
        logger: createLogger({ service, level: 'error', stream: nowhere, redactor, now }),
        traces,
        verifier: createServiceTokenVerifier({ service, publicKeys: publicKeys.value, now }),
      },
      metrics: createServiceMetrics(service),
      readiness: [],
      newCorrelationId,
      monotonicNow,
      now,
      rules: {},
      ...{ heldMessages: {}, unknown: {} },
      // Each token of this test is used once.
      lists: { takeToken: () => Promise.resolve(true) },
      inngest: {
        state: { mode: 'cloud', function_count: 0, has_event_key: true, has_signing_key: true },
        handler: (_req: unknown, _res: unknown, next: () => void) => next(),
      },
      systemHealth: () => Promise.resolve([]),
      ...extra,
    });
    const server = createServer(app);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    return { app, server, port: typeof address === 'object' && address !== null ? address.port : 0 };
  };
  const tokens = parseAccessTokens({
    ACCESS_TOKENS: JSON.stringify(
      permissionSchema.options.map((missing) => ({
        name: `all-but-${missing.replace(':', '-')}`,
        sha256: createHash('sha256').update(accessTokenWithout(missing)).digest('hex'),
        permissions: permissionSchema.options.filter((permission) => permission !== missing),
      })),
    ),
  });
  if (!tokens.ok) throw new Error('the tokens of this test are malformed');
  const gatekeeper = await startOne('gatekeeper', {});
  const scheduler = await startOne('scheduler', {});
  const webhooks = await startOne('webhooks', {
    tokens: createUnsubscribeTokens({ secrets: ['catalogue-test-'.repeat(3)] }),
  });
  const behind = { gatekeeper, scheduler, webhooks };
  const clients = Object.entries(behind).map(([name, { port }]) => {
    const audience = serviceNameSchema.parse(name);
    const signer = signers.get('gateway');
    if (signer === undefined) throw new Error('the gateway has no key');
    const client = createInternalClient({
      baseUrl: `http://127.0.0.1:${port}`,
      audience,
      signer,
      traces,
      timeoutMs: 10_000,
    });
    return [audience, client] as const;
  });
  const redisServer = await startRedis();
  const redis = new Redis(redisServer.url, { family: 0 });
  const gateway = await startOne('gateway', {
    tokens: tokens.tokens,
    clients: Object.fromEntries(clients),
    readClients: Object.fromEntries(clients),
    streamClient: Object.fromEntries(clients)['gatekeeper'],
    inngestClient: Object.fromEntries(clients)['scheduler'],
    eventStreams: { enter: () => ({ leave: () => undefined, carry: () => undefined }) },
    settings: doorSettings,
    store: { redis, keys: createKeys('test-catalogue') },
    desk: null,
    ownFiles: new Map(),
    pseudonym: (text: string) => text,
    version: '0.0.0',
    newSecret: () => 'of-this-test',
  });
  const started = new Map<ServiceName, Awaited<ReturnType<typeof startOne>>>(
    Object.entries({ ...behind, gateway }).map(([name, app]) => [serviceNameSchema.parse(name), app]),
  );
  const running = (service: ServiceName) => {
    const found = started.get(service);
    if (found === undefined) throw new Error(`${service} was not started`);
    return found;
  };

  return {
    stackOf: (service: ServiceName): readonly Layer[] => {
      const { app } = running(service);
      return ('pages' in app ? app.pages : app).router.stack;
    },
    /** Routes that stand in no stack of Express. */
    namedRoutesOf: (service: ServiceName): readonly string[] => {
      const { app } = running(service);
      return 'pages' in app ? app.apiRoutes : [];
    },
    portOf: (service: ServiceName): number => running(service).port,

    /** A signed token for a call; its bodies are announced with a digest that no body has. */
    tokenFor: (service: ServiceName, call: Call): string => {
      const signer = signers.get(call.from ?? 'gateway');
      if (signer === undefined) throw new Error('no such issuer');
      return signer.sign({
        audience: service,
        method: call.method,
        path: call.path,
        bodyDigest: call.method === 'GET' ? null : `sha-256=:${'A'.repeat(43)}=:`,
        correlationId: 'catalogue-test-1',
        ...(call.permissions === undefined
          ? {}
          : { user: { name: 'test-user', permissions: [...call.permissions] } }),
      });
    },

    call: async (service: ServiceName, call: Call, token: string | null): Promise<Reply> => {
      const answer = await request(`http://127.0.0.1:${running(service).port}${call.path}`, {
        method: call.method === 'POST' ? 'POST' : 'GET',
        headers: { ...call.headers, ...(token === null ? {} : { [serviceTokenHeader]: token }) },
      });
      const text = await answer.body.text();
      return {
        status: answer.statusCode,
        body: String(answer.headers['content-type']).includes('json') ? JSON.parse(text) : text,
      };
    },

    close: async (): Promise<void> => {
      await Promise.all(clients.map(([, client]) => client.close()));
      await Promise.all(
        [...started.values()].map(({ server }) => {
          server.closeAllConnections();
          return new Promise((done) => server.close(done));
        }),
      );
      await redis.quit();
      await redisServer.stop();
      await writer.close();
    },
  };
};

export type ServiceApps = Awaited<ReturnType<typeof startServiceApps>>;
