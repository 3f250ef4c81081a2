import { createServer } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import {
  createUnsubscribeTokens,
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
} from '@caio/auth';
import { jobCatalogue, type Signal } from '@caio/contracts';
import { createRedisConnections, createServiceMetrics, createServiceParts } from '@caio/service-kit';
import { createJobQueue, createKeys } from '@caio/state-store';
import { createIdSource, createManualClock, waitFor } from '@caio/test-kit';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { createApp } from '../app.ts';
import { callHttp, type Call } from './http-call.ts';

export const secret = 'unsubscribe-secret-of-this-test-0001';
export const formerSecret = 'unsubscribe-secret-of-last-year-0001';

const present = <T>(parsed: { ok: true; value: T } | { ok: false; problem: string }): T => {
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

/** The webhooks on a real port in front of a real Redis, which may not be there yet. */
export const startWebhooksRig = async (options: { redisUrl: string; environment: string }) => {
  const folder = await mkdtemp(join(tmpdir(), 'caio-webhooks-'));
  const clock = createManualClock();
  const monotonicNow = (): number => performance.now();
  const newCorrelationId = createIdSource().correlationId;
  const pair = generateServiceKeyPair();
  const lines: string[] = [];
  const parts = createServiceParts({
    service: 'webhooks',
    config: {
      LOG_LEVEL: 'debug',
      TRACE_ENVELOPE_FILE: join(folder, 'traces.jsonl'),
      TRACE_ENVELOPE_ENABLED: true,
      TRACE_RETENTION_DAYS: 1,
      TRACE_CLEANUP_ENABLED: false,
      SERVICE_PRIVATE_KEY: present(parseServicePrivateKey(pair.privateKey)),
      SERVICE_PUBLIC_KEYS: present(
        parseServicePublicKeys(formatServicePublicKeys({ gateway: pair.publicKey })),
      ),
    },
    secrets: [secret],
    stdout: new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        lines.push(chunk.toString('utf8'));
        done();
      },
    }),
    now: () => Date.now(),
    monotonicNow,
    newCorrelationId,
  });
  const keys = createKeys(options.environment);
  const connections = createRedisConnections({
    url: options.redisUrl,
    role: 'http',
    logger: parts.logger,
    now: () => Date.now(),
  });
  const redis = connections.connect('webhooks');
  const signals = createJobQueue({ queue: 'signals', redis, keys, onError: () => undefined });
  const server = createServer(
    createApp({
      parts,
      metrics: createServiceMetrics('webhooks'),
      readiness: [
        {
          name: 'redis',
          check: async () => ({ ready: (await redis.ping()) === 'PONG', required: true, message: 'answers' }),
        },
      ],
      tokens: createUnsubscribeTokens({ secrets: [secret, formerSecret] }),
      signals,
      newCorrelationId,
      monotonicNow,
      now: clock.nowMs,
      patienceMs: 2_500,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const observer = new Redis(options.redisUrl, { maxRetriesPerRequest: null });
  observer.on('error', () => undefined);
  const queue = new Queue('signals', { connection: observer, prefix: keys.queuePrefix });
  queue.on('error', () => undefined);

  return {
    port,
    clock,
    log: () => lines.join(''),
    call: (call: Call) => callHttp(port, call),
    ready: (): Promise<unknown> =>
      waitFor(() => redis.status === 'ready', { timeoutMs: 10_000, describe: 'the connection to Redis' }),
    /** What lies in the queue, as a worker would read it. */
    jobs: async (): Promise<{ id: string; attempts: number; signal: Signal }[]> => {
      const found = await queue.getJobs(['waiting', 'active', 'delayed', 'failed', 'completed']);
      return found.map((job) => ({
        id: job.id ?? '',
        attempts: job.opts.attempts ?? 0,
        signal: jobCatalogue.signals.schema.parse(job.data),
      }));
    },
    emptyQueue: () => queue.obliterate({ force: true }),
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      observer.disconnect();
      redis.disconnect();
      await connections.close();
      await parts.traceWriter.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export type WebhooksRig = Awaited<ReturnType<typeof startWebhooksRig>>;
