import { createServer } from 'node:http';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import {
  createServiceTokenSigner,
  createServiceTokenVerifier,
  digestOf,
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
} from '@caio/auth';
import type { ServiceCall } from '@caio/auth';
import type { Principal } from '@caio/contracts';
import { createIdSource } from '@caio/test-kit';
import { createLogger, createRedactor, createTraces, createTraceWriter } from '@caio/trace-envelope';
import type { Express } from 'express';
import request from 'supertest';
import type { ReadinessCheck } from '../health.ts';
import { createServiceApp } from '../service-app.ts';
import type { ServiceMetrics } from '../service-metrics.ts';

export const tokenHeader = 'x-service-token';
export const correlationId = 'cor-12345678';

export const present = <T>(parsed: { ok: true; value: T } | { ok: false; problem: string }): T => {
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

type Issuer = 'gateway' | 'scheduler';
type CallOverrides = Partial<ServiceCall> & { method: string; path: string };

/** A gatekeeper on a real port that takes calls of the gateway, `/hooks` being public, with its log and traces. */
export const startApp = async (options: {
  mount: (routes: Express) => void;
  readiness?: readonly ReadinessCheck[];
  metrics?: ServiceMetrics;
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'caio-app-'));
  const pairs = { gateway: generateServiceKeyPair(), scheduler: generateServiceKeyPair() };
  const publicKeys = present(
    parseServicePublicKeys(
      formatServicePublicKeys({ gateway: pairs.gateway.publicKey, scheduler: pairs.scheduler.publicKey }),
    ),
  );
  const now = (): number => Date.now();
  const monotonicNow = (): number => performance.now();
  const newCorrelationId = createIdSource().correlationId;
  const redactor = createRedactor();
  let log = '';
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      log += chunk.toString('utf8');
      done();
    },
  });
  const file = join(folder, 't.jsonl');
  const writer = createTraceWriter({
    file,
    enabled: true,
    retentionDays: 1,
    cleanupEnabled: false,
    redactor,
    now,
    onReport: () => undefined,
  });
  const app = createServiceApp({
    service: 'gatekeeper',
    logger: createLogger({ service: 'gatekeeper', level: 'debug', stream, redactor, now }),
    traces: createTraces({ writer, redactor, now, monotonicNow, newCorrelationId }),
    verifier: createServiceTokenVerifier({ service: 'gatekeeper', publicKeys, now }),
    allowedIssuers: ['gateway'],
    readiness: options.readiness ?? [],
    publicPaths: ['/hooks'],
    newCorrelationId,
    monotonicNow,
    readinessTimeoutMs: 200,
    mount: options.mount,
    ...(options.metrics === undefined ? {} : { metrics: options.metrics }),
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();

  const token = (call: CallOverrides, from: Issuer = 'gateway'): string =>
    createServiceTokenSigner({
      service: from,
      privateKey: present(parseServicePrivateKey(pairs[from].privateKey)),
      now,
    }).sign({ audience: 'gatekeeper', bodyDigest: null, correlationId, ...call });

  return {
    server,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    token,
    get: (path: string, user?: Principal) =>
      request(server)
        .get(path)
        .set(tokenHeader, token({ method: 'GET', path, ...(user === undefined ? {} : { user }) })),
    post: (path: string, body: string, call: Partial<ServiceCall> = {}) =>
      request(server)
        .post(path)
        .set(tokenHeader, token({ method: 'POST', path, bodyDigest: digestOf(body), ...call }))
        .set('content-type', 'application/json')
        .send(body),
    log: () => log,
    forgetLog: () => {
      log = '';
    },
    traces: async (): Promise<Record<string, unknown>[]> => {
      await writer.flush();
      const lines = (await readFile(file, 'utf8')).trimEnd().split('\n');
      return lines.map((line): Record<string, unknown> => JSON.parse(line));
    },
    close: async (): Promise<void> => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await writer.close();
      await rm(folder, { recursive: true });
    },
  };
};

export type RunningApp = Awaited<ReturnType<typeof startApp>>;
