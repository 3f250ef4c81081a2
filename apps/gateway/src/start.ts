import { hkdfSync, randomBytes, randomUUID } from 'node:crypto';
import { createPseudonymiser } from '@caio/auth';
import {
  createInternalClient,
  createRedisConnections,
  createProcessMetrics,
  createServiceParts,
  loadConfig,
  secretsOf,
  type StartContext,
  type StartedService,
} from '@caio/service-kit';
import { createKeys } from '@caio/state-store';
import { createApp } from './app.ts';
import { accessTokensOf, doorSettingsOf, gatewayVariables } from './config.ts';
import { loadDeskFiles } from './desk/desk-files.ts';
import { createDoorReadiness } from './door-readiness.ts';
import { createEventStreams } from './event-streams.ts';
import { ownFilesOf } from './pages/own-files.ts';
import { createSystemHealth } from './system-health.ts';
import type { Upstream } from './upstreams.ts';
import { version } from './version.ts';

const now = (): number => Date.now();
const monotonicNow = (): number => performance.now();
const newCorrelationId = (): string => randomUUID();
const newSecret = (): string => randomBytes(32).toString('base64url');
const upstreamTimeoutMs = 30_000;
// A function carries out all its steps in one call.
const inngestTimeoutMs = 600_000;
const inngestCallsMax = 32;
const readTimeoutMs = 10_000;
const streamRecheckMs = 15_000;
// Longer than a service gives its own checks, so that a slow part still gets to say what it waits for.
const healthTimeoutMs = 2_500;
const storeTimeoutMs = 1_000;
const connectionsMax = 5_000;

/** Builds the gateway from its environment; `deskFolder` is where its build put the desk. */
export const startGateway = async (context: StartContext, deskFolder: string): Promise<StartedService> => {
  const { env } = context;
  const config = loadConfig(gatewayVariables, env, 'gateway');
  const tokens = accessTokensOf(config);
  const settings = doorSettingsOf(config);
  const parts = createServiceParts({
    service: 'gateway',
    config,
    secrets: secretsOf(gatewayVariables, env, 'gateway'),
    stdout: process.stdout,
    now,
    monotonicNow,
    newCorrelationId,
  });
  const { logger } = parts;
  context.onClose('traces', () => parts.traceWriter.close());
  if (tokens.length === 0) {
    logger.warn(
      { authentication: settings.authentication },
      settings.authentication === 'strict'
        ? 'No token is configured, so nobody gets in: set DASHBOARD_AUTH_TOKEN and restart.'
        : 'DASHBOARD_AUTH_STRICT is off and no token is configured: whoever uses this machine gets in.',
    );
  }
  const connections = createRedisConnections({
    url: config.REDIS_URL,
    role: 'http',
    logger,
    now,
    commandTimeoutMs: storeTimeoutMs,
  });
  context.onClose('redis', () => connections.close());
  const redis = connections.connect('gateway');
  const desk = await loadDeskFiles(config.DESK_DIR ?? deskFolder);
  if (desk === null) logger.warn({}, 'This build has no desk, so /sales only says so.');

  const addresses: Record<Upstream, string> = {
    gatekeeper: config.GATEKEEPER_URL,
    scheduler: config.SCHEDULER_URL,
    webhooks: config.WEBHOOKS_URL,
  };
  const clientOf = (audience: Upstream, connectionsOpenMax?: number, timeoutMs = upstreamTimeoutMs) => {
    const client = createInternalClient({
      baseUrl: addresses[audience],
      audience,
      signer: parts.signer,
      traces: parts.traces,
      timeoutMs,
      ...(connectionsOpenMax === undefined ? {} : { connections: connectionsOpenMax }),
    });
    context.onClose(`${audience} client`, () => client.close());
    return client;
  };
  const eventStreams = createEventStreams({
    max: settings.eventStreamsMax,
    perPersonMax: settings.eventStreamsPerPersonMax,
    recheckMs: streamRecheckMs,
  });
  context.onStopping(eventStreams.endAll);
  const readiness = createDoorReadiness({ ping: () => redis.ping(), settings, tokens, desk });
  // Of our own key, so that no other secret has to be at the public door; the same after every restart.
  const privateKey = config.SERVICE_PRIVATE_KEY.export({ format: 'der', type: 'pkcs8' });
  const pseudonymKey = Buffer.from(hkdfSync('sha256', privateKey, '', 'caio door log 1', 32)).toString('hex');
  const app = createApp({
    parts,
    metrics: createProcessMetrics('gateway', config.METRICS_TOKEN),
    readiness,
    settings,
    tokens,
    store: { redis, keys: createKeys(config.ENVIRONMENT) },
    clients: {
      gatekeeper: clientOf('gatekeeper'),
      scheduler: clientOf('scheduler'),
      webhooks: clientOf('webhooks'),
    },
    readClients: {
      gatekeeper: clientOf('gatekeeper'),
      scheduler: clientOf('scheduler'),
      webhooks: clientOf('webhooks'),
    },
    streamClient: clientOf('gatekeeper', settings.eventStreamsMax),
    inngestClient: clientOf('scheduler', inngestCallsMax, inngestTimeoutMs),
    readTimeoutMs,
    eventStreams,
    systemHealth: createSystemHealth({ addresses, readiness, timeoutMs: healthTimeoutMs }),
    desk,
    ownFiles: await ownFilesOf(),
    pseudonym: createPseudonymiser({ key: pseudonymKey }),
    version,
    now,
    newSecret,
    newCorrelationId,
    monotonicNow,
  });
  return {
    app,
    host: config.HOST,
    port: config.PORT,
    drainMs: config.DRAIN_MS,
    logger,
    limits: {
      headersTimeout: config.REQUEST_HEAD_TIMEOUT_MS,
      requestTimeout: config.REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: 1_000,
      connectionsMax,
    },
  };
};
