import type { AccessToken } from '@caio/auth';
import {
  createServiceApp,
  type InternalClient,
  respondError,
  type ServiceMetrics,
  type ServiceParts,
} from '@caio/service-kit';
import type { Express } from 'express';
import { authenticate, principalOf } from './authentication.ts';
import { createProxy } from './proxy.ts';
import type { SystemHealth } from './system-health.ts';
import { ownerOf, type Upstream } from './upstreams.ts';

export interface GatewayDependencies {
  readonly parts: Pick<ServiceParts, 'logger' | 'traces' | 'verifier'>;
  readonly metrics: ServiceMetrics;
  readonly tokens: readonly AccessToken[];
  readonly clients: Readonly<Record<Upstream, InternalClient>>;
  readonly systemHealth: SystemHealth;
  readonly newCorrelationId: () => string;
  readonly monotonicNow: () => number;
}

/** The only public door; it does not listen. */
export const createApp = (deps: GatewayDependencies): Express => {
  const proxy = createProxy({ logger: deps.parts.logger });
  return createServiceApp({
    service: 'gateway',
    ...deps.parts,
    allowedIssuers: [],
    // Readiness of the whole is the sum of its parts, reported below; this one is the process's own.
    readiness: [],
    metrics: deps.metrics,
    publicPaths: ['/'],
    newCorrelationId: deps.newCorrelationId,
    monotonicNow: deps.monotonicNow,
    mount: (app) => {
      app.get('/api/health/live', (_req, res) => {
        res.json({ status: 'live' });
      });
      app.get(['/api/health', '/api/health/ready'], async (req, res) => {
        const parts = await deps.systemHealth();
        const ready = parts.every((part) => part.ready);
        res
          .status(ready || req.path === '/api/health' ? 200 : 503)
          .json({ status: ready ? 'ready' : 'not_ready', parts });
      });
      app.use('/api', authenticate(deps.tokens));
      app.use('/api', (req, res) => {
        const owner = ownerOf(req.originalUrl.split('?')[0] ?? '');
        if (owner === null) return respondError(res, 'not_found');
        return proxy(req, res, deps.clients[owner], principalOf(req));
      });
      // Links in messages: the token in the path is the proof, so no user is named.
      app.use('/u', (req, res) => proxy(req, res, deps.clients.webhooks, null));
    },
  });
};
