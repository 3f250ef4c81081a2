import type { AccessToken } from '@caio/auth';
import {
  createServiceApp,
  HttpProblem,
  type InternalClient,
  type ReadinessCheck,
  respondError,
  type ServiceMetrics,
  type ServiceParts,
} from '@caio/service-kit';
import { createRateLimits, createSessionStore, type StoreSession } from '@caio/state-store';
import type { Express, RequestHandler } from 'express';
import { createAuthentication, credentialOf } from './authentication.ts';
import { createBodyBudget } from './body-budget.ts';
import { allowOrigins } from './cross-origin.ts';
import type { DeskFile, DeskFiles } from './desk/desk-files.ts';
import { createDoorLog } from './door-log.ts';
import type { DoorSettings } from './door-settings.ts';
import type { EventStreams } from './event-streams.ts';
import { boundHeaders } from './header-count.ts';
import { createLoginSessions } from './login-sessions.ts';
import { createProxy } from './proxy.ts';
import { bodiesWithin, publicBody } from './request-body.ts';
import { requestKindOf } from './request-kinds.ts';
import { limitRequests } from './request-limits.ts';
import { plainPathOf } from './request-path.ts';
import { logInRoute } from './routes/log-in/route.ts';
import { logOutRoute } from './routes/log-out/route.ts';
import { showApiDescriptionRoute } from './routes/show-api-description/route.ts';
import { showDependenciesRoute } from './routes/show-dependencies/route.ts';
import { showDeskRoute } from './routes/show-desk/route.ts';
import { showHealthRoute } from './routes/show-health/route.ts';
import { showSessionRoute } from './routes/show-session/route.ts';
import { createRuntimeDependencies } from './runtime-dependencies.ts';
import { refuseBrowserFeatures, securityHeadersOf } from './security-headers.ts';
import type { SystemHealth } from './system-health.ts';
import { ownerOf, type Upstream } from './upstreams.ts';

export interface GatewayDependencies {
  readonly parts: Pick<ServiceParts, 'logger' | 'traces' | 'verifier'>;
  readonly metrics: ServiceMetrics;
  readonly readiness: readonly ReadinessCheck[];
  readonly settings: DoorSettings;
  readonly tokens: readonly AccessToken[];
  readonly store: Pick<StoreSession, 'redis' | 'keys'>;
  readonly clients: Readonly<Record<Upstream, InternalClient>>;
  /** Connections of their own for streams of events, so that these leave the others free. */
  readonly streamClient: InternalClient;
  readonly eventStreams: EventStreams;
  readonly systemHealth: SystemHealth;
  readonly desk: DeskFiles | null;
  /** Files of the door's own pages, by name. */
  readonly ownFiles: ReadonlyMap<string, DeskFile>;
  /** Hides a name or an address in the log. */
  readonly pseudonym: (text: string) => string;
  readonly version: string;
  readonly now: () => number;
  readonly newSecret: () => string;
  readonly newCorrelationId: () => string;
  readonly monotonicNow: () => number;
}

const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const bufferedBytesTotalMax = 96 * 1024 * 1024;

/** The only public door; it does not listen. */
export const createApp = (deps: GatewayDependencies): Express => {
  const { settings, tokens } = deps;
  const { logger } = deps.parts;
  const proxy = createProxy({ logger });
  const limits = createRateLimits(deps.store, settings.limits);
  const sessions = createLoginSessions({
    store: createSessionStore(deps.store, { idleSeconds: settings.sessionIdleSeconds, now: deps.now }),
    ...{ settings, tokens, newSecret: deps.newSecret, now: deps.now },
  });
  const doorLog = createDoorLog({ logger, pseudonym: deps.pseudonym });
  const authenticatedBody = bodiesWithin(createBodyBudget(bufferedBytesTotalMax));
  const showDependencies = createRuntimeDependencies({
    systemHealth: deps.systemHealth,
    ping: () => deps.store.redis.ping(),
    gatekeeper: deps.clients.gatekeeper,
    scheduler: deps.clients.scheduler,
    settings,
    isTokenConfigured: tokens.length > 0,
    ...{ now: deps.now, monotonicNow: deps.monotonicNow },
  });
  const door = { settings, tokens, sessions, limits, logger, doorLog };

  return createServiceApp({
    service: 'gateway',
    ...deps.parts,
    allowedIssuers: [],
    readiness: deps.readiness,
    metrics: deps.metrics,
    publicPaths: ['/'],
    securityHeaders: securityHeadersOf(settings),
    newCorrelationId: deps.newCorrelationId,
    monotonicNow: deps.monotonicNow,
    mount: (app) => {
      app.use(refuseBrowserFeatures, boundHeaders);
      app.use('/api', allowOrigins(settings.allowedOrigins), (_req, res, next) => {
        res.setHeader('Cache-Control', 'no-store');
        next();
      });
      app.use(showHealthRoute(deps));

      app.use('/api', createAuthentication(door), limitRequests(limits));
      app.use(showSessionRoute({ environment: settings.environment, version: deps.version }));
      app.use(showDependenciesRoute({ showDependencies }));
      app.all('/api{/*path}', (req, res) => {
        // The same answer for every path, so that it tells nobody which ones exist.
        if (req.method === 'OPTIONS') return void res.status(204).setHeader('Allow', allowedMethods).end();
        const path = plainPathOf(req.originalUrl);
        const part = path === null ? null : ownerOf(path);
        if (path === null || part === null) return respondError(res, 'not_found');
        const user = credentialOf(req).principal;
        const target = { part, user, readBody: authenticatedBody, answer: 'data' } as const;
        if (requestKindOf(req.method, path) !== 'stream')
          return proxy(req, res, { ...target, client: deps.clients[part] });
        const place = deps.eventStreams.enter(user.name, res);
        if (place === null)
          throw new HttpProblem('overloaded', { message: 'Too many event streams are open.' });
        return proxy(req, res, { ...target, client: deps.streamClient, place });
      });

      // Links in messages: the token in the path is the proof, so no user is named.
      const followLink: RequestHandler = (req, res) => {
        if (plainPathOf(req.originalUrl) === null) return respondError(res, 'not_found');
        return proxy(req, res, {
          part: 'webhooks',
          client: deps.clients.webhooks,
          ...{ user: null, readBody: publicBody, answer: 'page' },
        });
      };
      app.route('/u/:token').get(followLink).post(followLink);

      if (settings.isLocal) app.use(showApiDescriptionRoute({ version: deps.version }));
      app.use(logInRoute(door));
      app.use(logOutRoute(door));
      app.use(showDeskRoute({ ...door, desk: deps.desk, ownFiles: deps.ownFiles }));
    },
  });
};
