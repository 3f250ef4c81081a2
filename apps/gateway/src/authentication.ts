import { type AccessToken, matchAccessToken } from '@caio/auth';
import type { Principal } from '@caio/contracts';
import { respondError } from '@caio/service-kit';
import type { Request, RequestHandler } from 'express';

const users = new WeakMap<Request, Principal>();

/** The authenticated person or program. Throws when asked on a path that was not authenticated: a bug. */
export const principalOf = (req: Request): Principal => {
  const principal = users.get(req);
  if (principal === undefined) throw new Error('this path has no authenticated principal');
  return principal;
};

const presentedTokens = (req: Request): string[] => {
  const header = req.get('x-dashboard-token')?.trim() ?? '';
  if (header !== '') return [header];
  const bearer = /^Bearer +(\S+)$/i.exec(req.get('authorization')?.trim() ?? '')?.[1];
  return bearer === undefined ? [] : [bearer];
};

/**
 * Before routing, for any method and any `/api` path, known or not: a valid token or 401. OPTIONS passes. Without
 * a configured token nobody gets in.
 */
export const authenticate =
  (tokens: readonly AccessToken[]): RequestHandler =>
  (req, res, next) => {
    if (req.method === 'OPTIONS') return next();
    const principal = presentedTokens(req).map((token) => matchAccessToken(token, tokens))[0] ?? null;
    if (principal === null) {
      const fix =
        tokens.length === 0
          ? 'No token is configured, so nobody gets in: set DASHBOARD_AUTH_TOKEN and restart.'
          : undefined;
      return respondError(res, 'unauthenticated', fix === undefined ? {} : { fix });
    }
    users.set(req, principal);
    next();
  };
