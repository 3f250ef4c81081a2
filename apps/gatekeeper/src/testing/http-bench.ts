import { createServer } from 'node:http';
import {
  createServiceTokenSigner,
  createServiceTokenVerifier,
  digestOf,
  formatServicePublicKeys,
  generateServiceKeyPair,
  parseServicePrivateKey,
  parseServicePublicKeys,
  serviceTokenHeader,
} from '@caio/auth';
import { type Permission, permissionSchema } from '@caio/contracts';
import { createFaultPoints, createServiceMetrics } from '@caio/service-kit';
import { createJobQueue, createProviderPauses, createRunStore } from '@caio/state-store';
import request from 'supertest';
import { createApp } from '../app.ts';
import { createBarredPeopleParts } from '../barred-people-parts.ts';
import type { CustomerSource } from '../customers/customer-source.ts';
import { createHeldMessageParts } from '../held-message-parts.ts';
import { createBatchProgressFeed } from '../batch-progress-feed.ts';
import { type EventStreamLimits, eventStreamLimits } from '../event-stream.ts';
import { createReadPredecessorQueue } from '../predecessor/queue-view.ts';
import { rememberPublishedHeads } from '../published-heads.ts';
import { createStoreReadiness } from '../store-readiness.ts';
import { createPauseProviders } from '../use-cases/pause-providers.ts';
import { createReadBars } from '../use-cases/read-bars.ts';
import { createUnknownParts } from '../unknown-parts.ts';
import { createReadProviders } from '../use-cases/read-providers.ts';
import { createReadQueueStanding } from '../use-cases/read-queue-standing.ts';
import { createCompareAction } from '../use-cases/compare-action.ts';
import { createTriggerOperator } from '../use-cases/trigger-operator.ts';
import { createExportAudit } from '../use-cases/export-audit.ts';
import { createRetireAudit } from '../use-cases/retire-audit.ts';
import { createVerifyAudit } from '../use-cases/verify-audit.ts';
import { type GateBench, type GateBenches, testSecrets } from './gate-bench.ts';

const valueOf = <T>(parsed: { ok: true; value: T } | { ok: false; problem: string }): T => {
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
};

interface Layer {
  readonly route?:
    { readonly path: string; readonly stack: readonly { readonly method: string }[] } | undefined;
  readonly handle: unknown;
}

const routesIn = (layers: readonly Layer[]): string[] =>
  layers.flatMap(({ route, handle }) => {
    if (route !== undefined) {
      const methods = new Set(route.stack.map(({ method }) => method.toUpperCase()));
      return [...methods].map((method) => `${method} ${route.path}`);
    }
    const nested: unknown = typeof handle === 'function' ? Reflect.get(handle, 'stack') : undefined;
    return Array.isArray(nested) ? routesIn(nested) : [];
  });

export interface CallOptions {
  /** What the person or program may do; everything unless it is given. */
  readonly permissions?: readonly Permission[];
  readonly from?: 'gateway' | 'scheduler';
  /** `null` is a service that acts by itself. */
  readonly user?: string | null;
  readonly type?: string;
}

export const userName = 'head-of-sales';

/** The gatekeeper's HTTP side on a port of its own, called as the gateway and the scheduler call it. */
export const openHttp = async (
  benches: GateBenches,
  bench: GateBench,
  options: {
    readonly port?: number;
    readonly readersMax?: number;
    /** Whether nobody can write for an attempt any more; somebody always may by default. */
    readonly isAttemptOver?: () => boolean;
    /** The CRM; none by default. */
    readonly customers?: CustomerSource;
    readonly streamLimits?: EventStreamLimits;
    /** Who is asked to pause by a stop; nobody by default. */
    readonly pausing?: Parameters<typeof createPauseProviders>[0]['adapters'];
  } = {},
) => {
  const pairs = { gateway: generateServiceKeyPair(), scheduler: generateServiceKeyPair() };
  const publicKeys = valueOf(
    parseServicePublicKeys(
      formatServicePublicKeys({ gateway: pairs.gateway.publicKey, scheduler: pairs.scheduler.publicKey }),
    ),
  );
  const { actions, lists, now, log, traces } = bench;
  const { pseudonym } = benches;
  const queueOf = <Q extends 'dispatch' | 'drafts'>(queue: Q) =>
    createJobQueue({ queue, redis: bench.redis, keys: bench.keys, onError: () => undefined });
  const queues = { dispatch: queueOf('dispatch'), intake: queueOf('drafts') };
  const runs = createRunStore(bench.session);
  const progressFeed = createBatchProgressFeed({
    ...{ batches: bench.batches, logger: log.logger, pollMs: 10 },
    readersMax: options.readersMax ?? 100,
  });
  const readBars = createReadBars({ lists, pseudonym });
  const barredPeople = createBarredPeopleParts({
    ...{ ...bench, readBars, pseudonym, policy: bench.rules.policy },
    source: options.customers ?? null,
  });
  const heldMessages = createHeldMessageParts({
    ...bench,
    ...{ pseudonym, seals: benches.seals, faults: createFaultPoints([]), logger: log.logger },
  });
  const metrics = createServiceMetrics('gatekeeper');
  const app = createApp({
    ...bench,
    ...queues,
    parts: {
      logger: log.logger,
      traces,
      verifier: createServiceTokenVerifier({ service: 'gatekeeper', publicKeys, now: Date.now }),
    },
    metrics,
    runs,
    readQueueStanding: createReadQueueStanding({
      ...{ ...bench, runs, readBars, storeReadiness: createStoreReadiness(bench.lifecycle) },
      monotonicNow: () => performance.now(),
    }),
    readiness: [],
    seals: benches.seals,
    triggerOperator: createTriggerOperator(bench),
    compareAction: createCompareAction({ ...bench, seals: benches.seals }),
    readPredecessorQueue: createReadPredecessorQueue(bench),
    unknown: createUnknownParts({
      ...{ actions, now, rules: bench.rules, adapterOf: bench.adapters.adapterOf },
      isAttemptOver: options.isAttemptOver ?? (() => false),
    }),
    readProviders: createReadProviders({
      ...{ session: bench.session, rules: bench.rules, adapters: bench.adapters.all },
      metrics,
    }),
    ...{ company: benches.company, providerOf: bench.adapters.providerOf },
    progressFeed,
    streamLimits: options.streamLimits ?? eventStreamLimits,
    heldMessages,
    readBars,
    ...barredPeople,
    pauseProviders: createPauseProviders({
      ...bench,
      ...{ logger: log.logger, now: Date.now, newCorrelationId: benches.testIds.correlationId },
      ...{ pauses: createProviderPauses(bench.session), adapters: options.pausing ?? [] },
    }),
    exportAudit: createExportAudit({
      ...{ audit: bench.audit, key: testSecrets.auditSeal, environment: 'test', now },
      ...{ published: rememberPublishedHeads(), sealsPerPage: 2 },
    }),
    retireAudit: createRetireAudit({ audit: bench.audit, key: testSecrets.auditSeal, now }),
    verifyAudit: createVerifyAudit({
      ...{ audit: bench.audit, key: testSecrets.auditSeal, rowsPerAnswer: 100 },
      published: rememberPublishedHeads(),
    }),
    newCorrelationId: benches.testIds.correlationId,
    monotonicNow: () => performance.now(),
  });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));

  const tokenOf = (
    method: string,
    path: string,
    body: string | Buffer | null,
    options: CallOptions,
  ): string => {
    const { from = 'gateway', user = userName, permissions = permissionSchema.options } = options;
    return createServiceTokenSigner({
      service: from,
      privateKey: valueOf(parseServicePrivateKey(pairs[from].privateKey)),
      now: Date.now,
    }).sign({
      ...{ audience: 'gatekeeper', method, path, correlationId: 'correlation-http' },
      bodyDigest: body === null ? null : digestOf(body),
      ...(user === null ? {} : { user: { name: user, permissions: [...permissions] } }),
    });
  };
  const address = server.address();
  return {
    server,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    progressFeed,
    tokenOf,
    /** Every route the service serves, as `METHOD /path`. */
    routes: (): string[] => routesIn(app.router.stack),
    get: (path: string, options: CallOptions = {}) =>
      request(server)
        .get(path)
        .set(serviceTokenHeader, tokenOf('GET', path, null, options)),
    /** A text is sent as it is, anything else as JSON, nothing as no body at all. */
    post: (path: string, body?: unknown, options: CallOptions = {}) => {
      const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
      const call = request(server)
        .post(path)
        .set(serviceTokenHeader, tokenOf('POST', path, text, options));
      return text === null ? call : call.set('content-type', options.type ?? 'application/json').send(text);
    },
    /** A call without a body, by any method. */
    call: (method: 'get' | 'post' | 'put' | 'patch' | 'delete', path: string, options: CallOptions = {}) =>
      request(server)
        [method](path)
        .set(serviceTokenHeader, tokenOf(method.toUpperCase(), path, null, options)),
    postBytes: (path: string, bytes: Buffer, options: CallOptions & { readonly type: string }) =>
      request(server)
        .post(path)
        .set(serviceTokenHeader, tokenOf('POST', path, bytes, options))
        .set('content-type', options.type)
        .send(bytes),
    close: async (): Promise<void> => {
      progressFeed.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all([queues.dispatch.close(), queues.intake.close()]);
    },
  };
};

export type Http = Awaited<ReturnType<typeof openHttp>>;
