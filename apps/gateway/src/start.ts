import { randomUUID } from 'node:crypto';
import {
  createInternalClient,
  createServiceMetrics,
  createServiceParts,
  loadConfig,
  secretsOf,
  type StartContext,
  type StartedService,
} from '@caio/service-kit';
import { createApp } from './app.ts';
import { accessTokensOf, gatewayVariables } from './config.ts';
import { createSystemHealth } from './system-health.ts';
import type { Upstream } from './upstreams.ts';

const now = (): number => Date.now();
const monotonicNow = (): number => performance.now();
const newCorrelationId = (): string => randomUUID();
const upstreamTimeoutMs = 30_000;
// Longer than a service gives its own checks, so that a slow part still gets to say what it waits for.
const healthTimeoutMs = 2_500;

/** Builds the gateway from its environment. */
export const startGateway = (context: StartContext): Promise<StartedService> => {
  const { env } = context;
  const config = loadConfig(gatewayVariables, env, 'gateway');
  const tokens = accessTokensOf(config);
  const parts = createServiceParts({
    service: 'gateway',
    config,
    secrets: secretsOf(gatewayVariables, env, 'gateway'),
    stdout: process.stdout,
    now,
    monotonicNow,
    newCorrelationId,
  });
  context.onClose('traces', () => parts.traceWriter.close());
  const addresses: Record<Upstream, string> = {
    gatekeeper: config.GATEKEEPER_URL,
    scheduler: config.SCHEDULER_URL,
    webhooks: config.WEBHOOKS_URL,
  };
  const clientOf = (audience: Upstream) => {
    const client = createInternalClient({
      baseUrl: addresses[audience],
      audience,
      signer: parts.signer,
      traces: parts.traces,
      timeoutMs: upstreamTimeoutMs,
    });
    context.onClose(`${audience} client`, () => client.close());
    return client;
  };
  const app = createApp({
    parts,
    metrics: createServiceMetrics('gateway', config.METRICS_TOKEN),
    tokens,
    clients: {
      gatekeeper: clientOf('gatekeeper'),
      scheduler: clientOf('scheduler'),
      webhooks: clientOf('webhooks'),
    },
    systemHealth: createSystemHealth({ addresses, timeoutMs: healthTimeoutMs }),
    newCorrelationId,
    monotonicNow,
  });
  return Promise.resolve({
    app,
    host: config.HOST,
    port: config.PORT,
    drainMs: config.DRAIN_MS,
    logger: parts.logger,
  });
};
