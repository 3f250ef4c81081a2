import type { UnsubscribeTokens } from '@caio/auth';
import {
  createServiceApp,
  type ReadinessCheck,
  type ServiceMetrics,
  type ServiceParts,
} from '@caio/service-kit';
import type { JobQueue, OptOuts } from '@caio/state-store';
import type { Express } from 'express';
import { unsubscribePersonRoute } from './routes/unsubscribe-person/route.ts';

export interface WebhooksDependencies {
  readonly parts: Pick<ServiceParts, 'logger' | 'traces' | 'verifier'>;
  readonly metrics: ServiceMetrics;
  readonly readiness: readonly ReadinessCheck[];
  readonly tokens: UnsubscribeTokens;
  readonly signals: Pick<JobQueue<'signals'>, 'add'>;
  readonly optOuts: Pick<OptOuts, 'record'>;
  readonly newCorrelationId: () => string;
  readonly monotonicNow: () => number;
  readonly now: () => number;
  /** How long a recipient may wait for the store. */
  readonly patienceMs: number;
}

/** The webhooks' HTTP side; it does not listen. Links in messages carry their own proof, so `/u` is public. */
export const createApp = (deps: WebhooksDependencies): Express =>
  createServiceApp({
    service: 'webhooks',
    ...deps.parts,
    allowedIssuers: ['gateway'],
    readiness: deps.readiness,
    metrics: deps.metrics,
    publicPaths: ['/u'],
    newCorrelationId: deps.newCorrelationId,
    monotonicNow: deps.monotonicNow,
    mount: (app) => {
      app.use(
        unsubscribePersonRoute({
          tokens: deps.tokens,
          signals: deps.signals,
          optOuts: deps.optOuts,
          logger: deps.parts.logger,
          now: deps.now,
          patienceMs: deps.patienceMs,
        }),
      );
    },
  });
