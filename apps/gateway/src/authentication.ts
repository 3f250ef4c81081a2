import type { IncomingMessage, ServerResponse } from 'node:http';
import { type AccessToken, dashboardPrincipal, matchAccessToken, secretsMatch } from '@caio/auth';
import { errorCatalogue, type Principal } from '@caio/contracts';
import { respondError } from '@caio/service-kit';
import type { RateLimits } from '@caio/state-store';
import { clientAddressOf } from './client-address.ts';
import { presentedTokenOf } from './credentials.ts';
import type { DoorSettings, LimitKind } from './door-settings.ts';
import { headerValues } from './header-values.ts';
import type { LoginSessions, OpenSession } from './login-sessions.ts';
import { requestOriginOf } from './request-origin.ts';
import { askStore } from './store-call.ts';

/** Who asks and how that is known. A session is only there when the cookie was what let the request in. */
export interface Credential {
  readonly principal: Principal;
  readonly place: 'header' | 'query' | 'session' | 'open door';
  readonly session: OpenSession | null;
}

export interface AuthenticationOptions {
  readonly settings: DoorSettings;
  readonly tokens: readonly AccessToken[];
  readonly sessions: LoginSessions;
  readonly limits: RateLimits<LimitKind>;
}

/** Nobody has a token and nobody needs one: only where that was asked for, on this machine, and from no other site. */
export const isOpenDoor = (
  req: IncomingMessage,
  { settings, tokens }: Pick<AuthenticationOptions, 'settings' | 'tokens'>,
): boolean => {
  if (settings.authentication === 'strict' || tokens.length > 0) return false;
  // Another name for this machine could be another site's, pointed here.
  const ownName = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/i.test(req.headers.host ?? '');
  return ownName && requestOriginOf(req, settings.allowedOrigins) !== 'foreign';
};

const changesNothing = new Set(['GET', 'HEAD']);

/** Why a change made with a session is not the person's own doing, or null. */
const forgeryProblem = (
  req: IncomingMessage,
  session: OpenSession,
  allowed: readonly string[],
): string | null => {
  if (changesNothing.has(req.method ?? '')) return null;
  const origin = requestOriginOf(req, allowed);
  if (origin !== 'same_origin' && origin !== 'listed')
    return 'A change made with a session must come from a page of this system; its Origin header says which.';
  const sent = headerValues(req, 'x-csrf-token');
  return sent.length === 1 && secretsMatch(sent[0] ?? '', session.csrfToken)
    ? null
    : 'A change made with a session needs the X-CSRF-Token that GET /api/session gives.';
};

const fixFor = ({ settings, tokens }: AuthenticationOptions): string => {
  if (tokens.length === 0)
    return 'No token is configured, so nobody gets in: set DASHBOARD_AUTH_TOKEN and restart.';
  const query =
    settings.queryTokens === 'taken'
      ? 'A GET may carry it as ?token=.'
      : 'A token in the query is not taken.';
  return `${errorCatalogue.unauthenticated.fix} In a browser log in at /login. ${query}`;
};

/**
 * Before routing, for any method and any `/api` path, known or not: who asks, by a valid token, else a session; null
 * when the request was refused and that is answered. A token that is valid is never held up by wrong ones from the
 * same address; a wrong one does not take away the session beside it, whose changes still need their own proof.
 */
export const createAuthentication = (options: AuthenticationOptions) => {
  const { settings, tokens, sessions, limits } = options;

  const countWrong = async (req: IncomingMessage): Promise<number | null> => {
    const answer = await askStore(() =>
      limits.take('wrong-token', clientAddressOf(req, settings.trustedHops)),
    );
    return answer.ok ? null : Math.ceil(answer.resetMs / 1_000);
  };

  const refuse = (res: ServerResponse, waitSeconds: number | null): null => {
    if (waitSeconds === null) respondError(res, 'unauthenticated', { fix: fixFor(options) });
    else {
      res.setHeader('Retry-After', Math.max(1, waitSeconds));
      respondError(res, 'too_many_requests', { message: 'Too many wrong tokens came from your address.' });
    }
    return null;
  };

  return async (req: IncomingMessage, res: ServerResponse): Promise<Credential | null> => {
    const presented = presentedTokenOf(req, settings);
    if (presented.kind === 'token') {
      const token = matchAccessToken(presented.token, tokens);
      if (presented.place === 'query') res.setHeader('Referrer-Policy', 'no-referrer');
      if (token !== null) return { principal: token.principal, place: presented.place, session: null };
    }
    if (isOpenDoor(req, options)) return { principal: dashboardPrincipal, place: 'open door', session: null };
    const waitSeconds = presented.kind === 'none' ? null : await countWrong(req);
    const session = await sessions.find(req);
    if (session === null) return refuse(res, waitSeconds);
    const problem = forgeryProblem(req, session, settings.allowedOrigins);
    if (problem === null) return { principal: session.principal, place: 'session', session };
    respondError(res, 'forbidden', { message: problem, fix: 'Reload the page and try again.' });
    return null;
  };
};
