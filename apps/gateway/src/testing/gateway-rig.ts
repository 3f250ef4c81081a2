import { createServer } from 'node:http';
import type { IncomingHttpHeaders, RequestListener, Server } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { createPseudonymiser, parseAccessTokens, type AccessTokenVariables } from '@caio/auth';
import type { Principal, ServiceName } from '@caio/contracts';
import {
  bodyStream,
  callerOf,
  createInternalClient,
  createReadableServer,
  createRedisConnections,
  createServiceApp,
  createServiceMetrics,
  type ReadinessCheck,
} from '@caio/service-kit';
import { createKeys } from '@caio/state-store';
import { callHttp, createIdSource, type HttpAnswer, type HttpCall, startRedis } from '@caio/test-kit';
import { createApp } from '../app.ts';
import { doorSettingsOf, gatewayVariables } from '../config.ts';
import { type DeskFiles, loadDeskFiles } from '../desk/desk-files.ts';
import { createDoorReadiness } from '../door-readiness.ts';
import type { DoorSettings } from '../door-settings.ts';
import { createEventStreams } from '../event-streams.ts';
import { ownFilesOf } from '../pages/own-files.ts';
import { createSystemHealth } from '../system-health.ts';
import type { Upstream } from '../upstreams.ts';
import { createIdentities, monotonicNow } from './service-identities.ts';

export const token = 'tok-Zq3xV8mWn5Rb7LkH';
export const previousToken = 'tok-previous-Gd6Tf2Ys';

/** What a service saw of a request after it verified its token and, with a body, the digest in it. */
export interface Seen {
  readonly service: Upstream;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly user: Principal | null;
  readonly issuer: ServiceName;
  readonly correlationId: string;
  readonly body: string;
}

export interface RigOptions {
  readonly tokens?: AccessTokenVariables;
  /** Stands in for a service; by default one that verifies like a real one and answers what it saw. */
  readonly services?: Partial<Record<Upstream, RequestListener>>;
  readonly readiness?: readonly ReadinessCheck[];
  readonly settings?: Partial<DoorSettings>;
  /** A folder with a built desk. */
  readonly deskFolder?: string;
  readonly upstreamTimeoutMs?: number;
  readonly readTimeoutMs?: number;
}

const defaultSettings = doorSettingsOf({
  ...gatewayVariables.parse({
    GATEKEEPER_URL: 'http://127.0.0.1:1',
    SCHEDULER_URL: 'http://127.0.0.1:1',
    WEBHOOKS_URL: 'http://127.0.0.1:1',
  }),
  ENVIRONMENT: 'test-door',
});

/** Limits that no test meets by accident. */
export const generousLimits: DoorSettings['limits'] = {
  ...defaultSettings.limits,
  'wrong-token': { takesMax: 10_000, perSeconds: 300 },
  inngest: { takesMax: 10_000, perSeconds: 60 },
  'inngest-large': { takesMax: 10_000, perSeconds: 60 },
};

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });

const closeServer = async (server: Server): Promise<void> => {
  server.closeAllConnections();
  if (server.listening) await new Promise((resolve) => server.close(resolve));
};

/** A gateway on a real port with a Redis of its own, in front of three services on real ports. */
export const startGatewayRig = async (options: RigOptions = {}) => {
  const folder = await mkdtemp(join(tmpdir(), 'caio-gateway-'));
  const newCorrelationId = createIdSource().correlationId;
  const identities = createIdentities(newCorrelationId);
  const seen: Seen[] = [];
  const writers: { flush: () => Promise<void>; close: () => Promise<void> }[] = [];

  const partsOf = (service: ServiceName) => {
    const parts = identities.partsOf(service, join(folder, `${service}.jsonl`));
    writers.push(parts.writer);
    return parts;
  };

  const verifyingService = (service: Upstream): RequestListener =>
    createServiceApp({
      service,
      ...partsOf(service),
      allowedIssuers: ['gateway'],
      readiness: options.readiness ?? [],
      readinessTimeoutMs: 300,
      newCorrelationId,
      monotonicNow,
      mount: (app) => {
        app.all('/{*path}', async (req, res) => {
          const caller = callerOf(req);
          const body =
            caller.bodyDigest === null ? '' : await text(bodyStream(req, { limitBytes: 128 * 1024 * 1024 }));
          seen.push({
            service,
            method: req.method,
            path: req.originalUrl,
            headers: req.headers,
            user: caller.user,
            issuer: caller.service,
            correlationId: caller.correlationId,
            body,
          });
          res.json({ service, bytes: body.length });
        });
      },
    });

  const startService = async (service: Upstream) => {
    const server = createServer(options.services?.[service] ?? verifyingService(service));
    return { server, port: await listen(server) };
  };
  const services: Record<Upstream, { server: Server; port: number }> = {
    gatekeeper: await startService('gatekeeper'),
    scheduler: await startService('scheduler'),
    webhooks: await startService('webhooks'),
  };
  const addresses: Record<Upstream, string> = {
    gatekeeper: `http://127.0.0.1:${services.gatekeeper.port}`,
    scheduler: `http://127.0.0.1:${services.scheduler.port}`,
    webhooks: `http://127.0.0.1:${services.webhooks.port}`,
  };

  const parsed = parseAccessTokens(
    options.tokens ?? { DASHBOARD_AUTH_TOKEN: token, DASHBOARD_AUTH_TOKEN_PREVIOUS: previousToken },
  );
  if (!parsed.ok) throw new Error('the tokens of this test cannot be read');
  const parts = partsOf('gateway');
  const clientOf = (audience: Upstream) =>
    createInternalClient({
      baseUrl: addresses[audience],
      audience,
      signer: parts.signer,
      traces: parts.traces,
      timeoutMs: options.upstreamTimeoutMs ?? 60_000,
    });
  const clientsOfAll = () => ({
    gatekeeper: clientOf('gatekeeper'),
    scheduler: clientOf('scheduler'),
    webhooks: clientOf('webhooks'),
  });
  const clients = clientsOfAll();
  const readClients = clientsOfAll();
  const settings: DoorSettings = { ...defaultSettings, limits: generousLimits, ...options.settings };
  const redisServer = await startRedis();
  const connections = createRedisConnections({
    url: redisServer.url,
    role: 'http',
    logger: parts.logger,
    now: () => Date.now(),
    commandTimeoutMs: 1_000,
  });
  const redis = connections.connect('gateway-rig');
  await connections.whenReady(redis, 10_000);
  const store = { redis, keys: createKeys(settings.environment) };
  const desk: DeskFiles | null =
    options.deskFolder === undefined ? null : await loadDeskFiles(options.deskFolder);
  const eventStreams = createEventStreams({
    max: settings.eventStreamsMax,
    perPersonMax: settings.eventStreamsPerPersonMax,
    recheckMs: 200,
  });
  const streamClient = createInternalClient({
    baseUrl: addresses.gatekeeper,
    audience: 'gatekeeper',
    signer: parts.signer,
    traces: parts.traces,
    timeoutMs: options.upstreamTimeoutMs ?? 60_000,
    connections: settings.eventStreamsMax,
  });
  const inngestClient = clientOf('scheduler');
  const readiness = createDoorReadiness({
    ping: () => redis.ping(),
    settings,
    tokens: parsed.tokens,
    desk,
  });
  const clock = { offsetMs: 0 };
  const app = createApp({
    parts,
    metrics: createServiceMetrics('gateway'),
    readiness,
    settings,
    tokens: parsed.tokens,
    store,
    clients,
    readClients,
    streamClient,
    inngestClient,
    readTimeoutMs: options.readTimeoutMs ?? 60_000,
    eventStreams,
    systemHealth: createSystemHealth({ addresses, readiness, timeoutMs: 2_000 }),
    desk,
    ownFiles: await ownFilesOf(),
    pseudonym: createPseudonymiser({ key: 'key-of-the-gateway-rig-for-pseudonyms' }),
    version: '0.0.0-rig',
    now: () => Date.now() + clock.offsetMs,
    newSecret: () => randomBytes(32).toString('base64url'),
    newCorrelationId,
    monotonicNow,
  });
  const gateway = createReadableServer({
    app,
    limits: { maxHeaderSize: 16_384 },
    logger: parts.logger,
    newCorrelationId,
  });
  const port = await listen(gateway);

  return {
    port,
    server: gateway,
    redis: redisServer,
    store,
    clock,
    eventStreams,
    /** How to reach the services, for a second gateway in front of them. */
    addresses,
    seen,
    log: parts.log,
    traces: async (): Promise<string> => {
      await parts.writer.flush();
      return readFile(join(folder, 'gateway.jsonl'), 'utf8');
    },
    /** A call as it is written. */
    call: (call: HttpCall): Promise<HttpAnswer> => callHttp(port, call),
    /** A call with the token of the dashboard. */
    callIn: (call: HttpCall): Promise<HttpAnswer> =>
      callHttp(port, { ...call, headers: { 'x-dashboard-token': token, ...call.headers } }),
    stopService: (service: Upstream): Promise<void> => closeServer(services[service].server),
    close: async (): Promise<void> => {
      await closeServer(gateway);
      await Promise.all(Object.values(services).map(({ server }) => closeServer(server)));
      await Promise.allSettled(
        [...Object.values(clients), ...Object.values(readClients), streamClient, inngestClient].map(
          (client) => client.close(),
        ),
      );
      await connections.close();
      await redisServer.stop();
      await Promise.all(writers.map((writer) => writer.close()));
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export type GatewayRig = Awaited<ReturnType<typeof startGatewayRig>>;
