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
import type { Signal } from '@caio/contracts';
import { createRedisConnections, createServiceMetrics, createServiceParts } from '@caio/service-kit';
import { createJobQueue, createJobWorker, createKeys, createOptOuts } from '@caio/state-store';
import { callHttp, createIdSource, createManualClock, type HttpCall, waitFor } from '@caio/test-kit';
import { createApp } from '../app.ts';

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
  const optOuts = createOptOuts({ redis, keys });
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
      optOuts,
      newCorrelationId,
      monotonicNow,
      now: clock.nowMs,
      patienceMs: 2_500,
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  const observers = createRedisConnections({
    url: options.redisUrl,
    role: 'worker',
    logger: parts.logger,
    now: () => Date.now(),
  });
  const observer = observers.connect('observer');
  const queue = createJobQueue({ queue: 'signals', redis: observer, keys, onError: () => undefined });

  return {
    port,
    clock,
    log: () => lines.join(''),
    call: (call: HttpCall) => callHttp(port, call),
    ready: (): Promise<unknown> =>
      waitFor(() => redis.status === 'ready', { timeoutMs: 10_000, describe: 'the connection to Redis' }),
    /** How many people the last check before a send already knows not to write to. */
    optedOut: (): Promise<number> => optOuts.waiting(),
    /** How many jobs wait to be taken. */
    waiting: async (): Promise<number> => (await queue.counts())['waiting'] ?? 0,
    /** Takes every job that waits, as the gatekeeper would; each has its id. */
    take: async (): Promise<{ id: string; signal: Signal }[]> => {
      const taken: { id: string; signal: Signal }[] = [];
      const worker = createJobWorker({
        queue: 'signals',
        redis: observer,
        keys,
        concurrency: 1,
        lockMs: 10_000,
        stalledMs: 10_000,
        onError: () => undefined,
        handle: (signal, { id }) => {
          taken.push({ id, signal });
          return Promise.resolve();
        },
      });
      worker.start();
      const left = async (): Promise<boolean> => {
        const counts = await queue.counts();
        return (counts['waiting'] ?? 0) + (counts['active'] ?? 0) + (counts['delayed'] ?? 0) === 0;
      };
      await waitFor(left, { timeoutMs: 10_000, describe: 'the jobs to be taken' });
      await worker.close();
      return taken;
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([connections.close(), observers.close()]);
      await parts.traceWriter.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

export type WebhooksRig = Awaited<ReturnType<typeof startWebhooksRig>>;
