import { randomUUID } from 'node:crypto';
import { createUnsubscribeTokens } from '@caio/auth';
import {
  createRedisConnections,
  createProcessMetrics,
  createServiceParts,
  loadConfig,
  secretsOf,
  type StartContext,
  type StartedService,
} from '@caio/service-kit';
import { createJobQueue, createKeys, createLinkSample, createOptOuts } from '@caio/state-store';
import { createApp } from './app.ts';
import { webhooksVariables } from './config.ts';
import { createLinkReadiness } from './link-readiness.ts';

const now = (): number => Date.now();
const monotonicNow = (): number => performance.now();
// Longer than the connection gives one command, so that its own refusal comes first.
const patienceMs = 2_500;
const newCorrelationId = (): string => randomUUID();

/** Builds the webhooks service from its environment. */
export const startWebhooks = (context: StartContext): Promise<StartedService> => {
  const { env } = context;
  const config = loadConfig(webhooksVariables, env, 'webhooks');
  const parts = createServiceParts({
    service: 'webhooks',
    config,
    secrets: secretsOf(webhooksVariables, env, 'webhooks'),
    stdout: process.stdout,
    now,
    monotonicNow,
    newCorrelationId,
  });
  context.onClose('traces', () => parts.traceWriter.close());
  // The role that refuses at once: a caller who waits for a lost store is a caller whose wish is lost.
  const connections = createRedisConnections({
    url: config.REDIS_URL,
    role: 'http',
    logger: parts.logger,
    now,
  });
  context.onClose('redis', () => connections.close());
  const redis = connections.connect('webhooks');
  const keys = createKeys(config.ENVIRONMENT);
  const signals = createJobQueue({
    queue: 'signals',
    redis,
    keys,
    onError: (error) => parts.logger.warn({ err: error }, 'a queue reports an error'),
  });
  context.onClose('queues', () => signals.close());
  const previous = config.UNSUBSCRIBE_SECRET_PREVIOUS;
  const tokens = createUnsubscribeTokens({
    secrets: [config.UNSUBSCRIBE_SECRET, ...(previous === undefined ? [] : [previous])],
  });
  const app = createApp({
    parts,
    metrics: createProcessMetrics('webhooks', config.METRICS_TOKEN),
    readiness: [
      {
        name: 'redis',
        check: async () => ({ ready: (await redis.ping()) === 'PONG', required: true, message: 'answers' }),
      },
      createLinkReadiness({ sample: createLinkSample({ redis, keys }), tokens }),
    ],
    tokens,
    signals,
    optOuts: createOptOuts({ redis, keys }),
    newCorrelationId,
    monotonicNow,
    now,
    patienceMs,
  });
  return Promise.resolve({
    app,
    host: config.HOST,
    port: config.PORT,
    drainMs: config.DRAIN_MS,
    logger: parts.logger,
  });
};
