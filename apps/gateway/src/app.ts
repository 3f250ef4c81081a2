import type { AccessToken } from '@caio/auth';
import {
  createServiceApp,
  type InternalClient,
  respondError,
  type ServiceMetrics,
  type ServiceParts,
} from '@caio/service-kit';
import type { Express, RequestHandler } from 'express';
import { authenticate, principalOf } from './authentication.ts';
import { createProxy } from './proxy.ts';
import { authenticatedBody, publicBody } from './request-body.ts';
import { plainPathOf } from './request-path.ts';
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

const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';

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
      app.use('/api', (_req, res, next) => {
        res.setHeader('Cache-Control', 'no-store');
        next();
      });
      app.get('/api/health/live', (_req, res) => {
        res.json({ status: 'live' });
      });
      const showHealth =
        (statusWhenNotReady: number): RequestHandler =>
        async (_req, res) => {
          const parts = await deps.systemHealth();
          const ready = parts.every((part) => part.ready);
          res.status(ready ? 200 : statusWhenNotReady).json({ status: ready ? 'ready' : 'not_ready', parts });
        };
      app.get('/api/health', showHealth(200));
      app.get('/api/health/ready', showHealth(503));

      app.use('/api', authenticate(deps.tokens));
      app.all('/api{/*path}', (req, res) => {
        // The same answer for every path, so that it tells nobody which ones exist.
        if (req.method === 'OPTIONS') return void res.status(204).setHeader('Allow', allowedMethods).end();
        const path = plainPathOf(req.originalUrl);
        const owner = path === null ? null : ownerOf(path);
        if (owner === null) return respondError(res, 'not_found');
        const user = principalOf(req);
        return proxy(req, res, { client: deps.clients[owner], user, readBody: authenticatedBody });
      });

      // Links in messages: the token in the path is the proof, so no user is named.
      const followLink: RequestHandler = (req, res) => {
        if (plainPathOf(req.originalUrl) === null) return respondError(res, 'not_found');
        return proxy(req, res, { client: deps.clients.webhooks, user: null, readBody: publicBody });
      };
      app.route('/u/:token').get(followLink).post(followLink);
    },
  });
};
