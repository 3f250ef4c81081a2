import type { RequestListener } from 'node:http';
import type { AccessToken } from '@caio/auth';
import {
  createServiceApp,
  type InternalClient,
  type ReadinessCheck,
  respondError,
  type ServiceMetrics,
  type ServiceParts,
} from '@caio/service-kit';
import { createRateLimits, createSessionStore, type StoreSession } from '@caio/state-store';
import type { Express, RequestHandler } from 'express';
import { createApiDoor, isApiTarget } from './api-door.ts';
import type { DeskFile, DeskFiles } from './desk/desk-files.ts';
import { createDoorLog } from './door-log.ts';
import type { DoorSettings } from './door-settings.ts';
import type { EventStreams } from './event-streams.ts';
import { boundHeaders } from './header-count.ts';
import { createLoginSessions } from './login-sessions.ts';
import { createProxy } from './proxy.ts';
import { publicBody } from './request-body.ts';
import { plainPathOf } from './request-path.ts';
import { logInRoute } from './routes/log-in/route.ts';
import { logOutRoute } from './routes/log-out/route.ts';
import { passInngestRoute } from './routes/pass-inngest/route.ts';
import { showApiDescriptionRoute } from './routes/show-api-description/route.ts';
import { showDependenciesRoute } from './routes/show-dependencies/route.ts';
import { showDeskRoute } from './routes/show-desk/route.ts';
import { showHealthRoutes } from './routes/show-health/route.ts';
import { showSessionRoute } from './routes/show-session/route.ts';
import { createRuntimeDependencies } from './runtime-dependencies.ts';
import { refuseBrowserFeatures, securityHeadersOf } from './security-headers.ts';
import type { SystemHealth } from './system-health.ts';
import type { Upstream } from './upstreams.ts';

export interface GatewayDependencies {
  readonly parts: Pick<ServiceParts, 'logger' | 'traces' | 'verifier'>;
  readonly metrics: ServiceMetrics;
  readonly readiness: readonly ReadinessCheck[];
  readonly settings: DoorSettings;
  readonly tokens: readonly AccessToken[];
  readonly store: Pick<StoreSession, 'redis' | 'keys'>;
  readonly clients: Readonly<Record<Upstream, InternalClient>>;
  /** Connections of their own for questions. */
  readonly readClients: Readonly<Record<Upstream, InternalClient>>;
  /** Connections of their own for streams of events, so that these leave the others free. */
  readonly streamClient: InternalClient;
  /** How long a service may keep silent to whoever only reads. */
  readonly readTimeoutMs: number;
  readonly eventStreams: EventStreams;
  /** To the scheduler, waiting as long as a function of Inngest may take. */
  readonly inngestClient: InternalClient;
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

/** Answers every request; its parts are there to be listed. */
export interface GatewayApp extends RequestListener {
  readonly pages: Express;
  /** `GET /api/session`, and what stands for everything that is passed on. */
  readonly apiRoutes: readonly string[];
}

/** The only public door; it does not listen. */
export const createApp = (deps: GatewayDependencies): GatewayApp => {
  const { settings, tokens } = deps;
  const { logger } = deps.parts;
  const limits = createRateLimits(deps.store, settings.limits);
  const sessions = createLoginSessions({
    store: createSessionStore(deps.store, { idleSeconds: settings.sessionIdleSeconds, now: deps.now }),
    ...{ settings, tokens, newSecret: deps.newSecret, now: deps.now },
  });
  const doorLog = createDoorLog({ logger, pseudonym: deps.pseudonym });
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

  const openRoutes = showHealthRoutes(deps);
  const closedRoutes = [
    showSessionRoute({ environment: settings.environment, version: deps.version }),
    showDependenciesRoute({ showDependencies }),
  ];
  const showApi = createApiDoor({ ...deps, sessions, limits, openRoutes, closedRoutes });

  const pages = createServiceApp({
    service: 'gateway',
    ...deps.parts,
    allowedIssuers: [],
    readiness: deps.readiness,
    metrics: deps.metrics,
    publicPaths: ['/'],
    securityHeaders: securityHeadersOf(settings),
    newCorrelationId: deps.newCorrelationId,
    monotonicNow: deps.monotonicNow,
    enterContext: (_ids, next) => next(),
    mount: (app) => {
      const refuseHeaders: RequestHandler = (req, _res, next) => {
        boundHeaders(req);
        next();
      };
      app.use(refuseBrowserFeatures, refuseHeaders);

      // Links in messages: the token in the path is the proof, so no user is named.
      const proxy = createProxy({ logger });
      const followLink: RequestHandler = (req, res) => {
        if (plainPathOf(req.originalUrl) === null) return respondError(res, 'not_found');
        return proxy(req, res, {
          part: 'webhooks',
          client: deps.clients.webhooks,
          ...{ user: null, readBody: publicBody, answer: 'page' },
        });
      };
      app.route('/u/:token').get(followLink).post(followLink);
      app.use(passInngestRoute({ settings, limits, proxy, client: deps.inngestClient }));

      if (settings.isLocal) app.use(showApiDescriptionRoute({ version: deps.version }));
      app.use(logInRoute(door));
      app.use(logOutRoute(door));
      app.use(showDeskRoute({ ...door, desk: deps.desk, ownFiles: deps.ownFiles }));
    },
  });
  const answer: RequestListener = (req, res) => {
    if (isApiTarget(req.url ?? '')) showApi(req, res);
    else pages(req, res);
  };
  const own = [...openRoutes, ...closedRoutes].map(({ path }) => `GET ${path}`);
  return Object.assign(answer, { pages, apiRoutes: [...own, '* /api{/*path}'] });
};
