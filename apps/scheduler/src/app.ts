import {
  createServiceApp,
  type ReadinessCheck,
  type ServiceMetrics,
  type ServiceParts,
} from '@caio/service-kit';
import type { RunStore } from '@caio/state-store';
import type { Express } from 'express';
import type { InngestEndpoint } from './inngest-endpoint.ts';
import { serveInngestRoute } from './routes/serve-inngest/route.ts';
import { showRunRoute } from './routes/show-run/route.ts';
import { startRunRoute } from './routes/start-run/route.ts';
import type { StartRun } from './use-cases/start-run.ts';

export interface SchedulerDependencies {
  readonly parts: Pick<ServiceParts, 'logger' | 'traces' | 'verifier'>;
  readonly metrics: ServiceMetrics;
  readonly readiness: readonly ReadinessCheck[];
  readonly runs: RunStore;
  readonly startRun: StartRun;
  /** It verifies its caller by signature, so it carries no service token. Null where Inngest is not set up. */
  readonly inngest: InngestEndpoint | null;
  readonly newCorrelationId: () => string;
  readonly monotonicNow: () => number;
}

/** The scheduler's HTTP side; it does not listen. */
export const createApp = (deps: SchedulerDependencies): Express =>
  createServiceApp({
    service: 'scheduler',
    ...deps.parts,
    allowedIssuers: ['gateway'],
    readiness: deps.readiness,
    metrics: deps.metrics,
    publicPaths: ['/inngest'],
    newCorrelationId: deps.newCorrelationId,
    monotonicNow: deps.monotonicNow,
    mount: (app) => {
      app.use(serveInngestRoute(deps));
      app.use(startRunRoute(deps));
      app.use(showRunRoute(deps));
    },
  });
