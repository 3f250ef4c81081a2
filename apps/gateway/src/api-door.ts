import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import type { ServiceName } from '@caio/contracts';
import {
  createFailureAnswer,
  createParameterCheck,
  createRequestRecord,
  HttpProblem,
  identifyRequest,
  type InternalClient,
  respondError,
  type ServiceMetrics,
  type ServiceParts,
} from '@caio/service-kit';
import type { RateLimits } from '@caio/state-store';
import { createAuthentication } from './authentication.ts';
import type { AccessToken } from '@caio/auth';
import { createBodyShares } from './body-shares.ts';
import { allowOrigins } from './cross-origin.ts';
import type { DoorSettings, LimitKind } from './door-settings.ts';
import type { EventStreams } from './event-streams.ts';
import { boundHeaders } from './header-count.ts';
import type { LoginSessions } from './login-sessions.ts';
import { type ClosedRoute, type OpenRoute, ownRouteOf, routesByPath } from './own-routes.ts';
import { createProxy } from './proxy.ts';
import { bodiesWithin } from './request-body.ts';
import { requestKindOf } from './request-kinds.ts';
import { createRequestLimit } from './request-limits.ts';
import { plainPathOf } from './request-path.ts';
import { securityHeaderList } from './security-headers.ts';
import { ownerOf, type Upstream } from './upstreams.ts';

export interface ApiDoorDependencies {
  readonly parts: Pick<ServiceParts, 'logger' | 'traces'>;
  readonly metrics: ServiceMetrics;
  readonly settings: DoorSettings;
  readonly tokens: readonly AccessToken[];
  readonly sessions: LoginSessions;
  readonly limits: RateLimits<LimitKind>;
  readonly clients: Readonly<Record<Upstream, InternalClient>>;
  /** Connections of their own for questions: readers who do not read keep out no decision and no stop. */
  readonly readClients: Readonly<Record<Upstream, InternalClient>>;
  /** Connections of their own for streams of events, so that these leave the others free. */
  readonly streamClient: InternalClient;
  readonly eventStreams: EventStreams;
  /** How long a service may keep silent to whoever only reads: one that hangs is told sooner than one that works. */
  readonly readTimeoutMs: number;
  readonly openRoutes: readonly OpenRoute[];
  readonly closedRoutes: readonly ClosedRoute[];
  readonly newCorrelationId: () => string;
  readonly monotonicNow: () => number;
}

const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS';
const megabyte = 1024 * 1024;
/** Bodies held whole until their service has them: of all, of one person, and what is kept free for decisions. */
const bodyRooms = {
  all: { bytes: 80 * megabyte, bytesOfOne: 24 * megabyte },
  small: { bytes: 16 * megabyte, bytesOfOne: 4 * megabyte },
  smallBytes: megabyte / 16,
};
const apiTarget = /^(?:[a-z][a-z0-9+.-]*:\/\/[^/?#]*)?\/+api(?=[/?#]|$)/i;

/** Whether a request target lies under `/api`, however it is spelled: what nobody would route is refused here too. */
export const isApiTarget = (target: string): boolean => apiTarget.test(target);

/** What its record says about a request so far. */
interface Facts {
  route: string;
  from: null;
  user: string | null;
  to: ServiceName | null;
}

/**
 * Everything under `/api`: identify, authenticate, count, and pass on to the service that owns it. One plain handler
 * and no router, so that there is one way in, to be read from top to bottom, and its cost is that of its steps.
 */
export const createApiDoor = (deps: ApiDoorDependencies): RequestListener => {
  const { settings, clients } = deps;
  const { logger } = deps.parts;
  const beginRecord = createRequestRecord({
    service: 'gateway',
    ...deps.parts,
    metrics: deps.metrics,
    monotonicNow: deps.monotonicNow,
  });
  const answerFailure = createFailureAnswer(logger);
  const headers = [...securityHeaderList(settings), ['Cache-Control', 'no-store']] as const;
  const allowOrigin = allowOrigins(settings.allowedOrigins);
  const authenticate = createAuthentication(deps);
  const isWithinLimit = createRequestLimit(deps.limits);
  const parameterProblemOf = createParameterCheck('gateway');
  const openRoutes = routesByPath(deps.openRoutes);
  const closedRoutes = routesByPath(deps.closedRoutes);
  const bodies = bodiesWithin(createBodyShares(bodyRooms));
  const proxy = createProxy({ logger });

  const handle = async (req: IncomingMessage, res: ServerResponse, facts: Facts): Promise<void> => {
    const { method = '', url: target = '' } = req;
    const [rawPath = '', query = ''] = target.split('?', 2);
    boundHeaders(req);
    const open = ownRouteOf(openRoutes, method, rawPath);
    if (open !== null) {
      facts.route = open.path;
      return open.answer(req, res, null);
    }
    if (method === 'OPTIONS') {
      // The same answer for every path, so that it tells nobody which ones exist.
      res.writeHead(204, { Allow: allowedMethods }).end();
      return;
    }

    const credential = await authenticate(req, res);
    if (credential === null) return;
    const { principal } = credential;
    facts.user = principal.name;
    const kind = requestKindOf(method, rawPath);
    if (!(await isWithinLimit(res, kind, principal))) return;
    // Whoever left meanwhile is told nothing, and `close`, which gives back what is taken below, does not come again.
    if (res.destroyed) return;

    const own = ownRouteOf(closedRoutes, method, rawPath);
    if (own !== null) {
      facts.route = own.path;
      const problem = parameterProblemOf({ method, path: own.path, query: parseQuery(query) });
      if (problem !== null) throw new HttpProblem('bad_request', { message: problem });
      return own.answer(req, res, credential);
    }

    const path = plainPathOf(rawPath);
    const part = path === null ? null : ownerOf(path);
    if (part === null) return respondError(res, 'not_found');
    facts.route = '/api{/*path}';
    facts.to = part;
    const readBody = () => bodies(req, principal.name);
    const passed = { part, user: principal, readBody, answer: 'data' } as const;
    if (kind === 'read') {
      const client = deps.readClients[part];
      return proxy(req, res, { ...passed, client, timeoutMs: deps.readTimeoutMs });
    }
    if (kind !== 'stream') return proxy(req, res, { ...passed, client: clients[part] });
    // It would have no end that anybody waits for.
    if (method === 'HEAD') return respondError(res, 'method_not_allowed');
    const place = deps.eventStreams.enter(principal.name, res, async () =>
      credential.session === null ? true : (await deps.sessions.find(req, 'look')) !== null,
    );
    if (place === null) throw new HttpProblem('overloaded', { message: 'Too many event streams are open.' });
    return proxy(req, res, { ...passed, client: deps.streamClient, place });
  };

  return (req, res) => {
    identifyRequest(req, res, deps.newCorrelationId);
    const facts: Facts = { route: '(no route)', from: null, user: null, to: null };
    beginRecord(req, res, () => facts);
    for (const [name, value] of headers) res.setHeader(name, value);
    allowOrigin(req, res, () => {
      handle(req, res, facts).catch((error: unknown) => answerFailure(error, req, res));
    });
  };
};
