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

/** A header sent twice is no credential: who reads the first and who the last would see two different people. */
const presentedToken = (req: Request): string | null => {
  const dedicated = req.headersDistinct['x-dashboard-token'] ?? [];
  const authorization = req.headersDistinct['authorization'] ?? [];
  if (dedicated.length > 1 || authorization.length > 1) return null;
  const token = dedicated[0]?.trim() ?? '';
  if (token !== '') return token;
  return /^Bearer +(\S+)$/i.exec(authorization[0]?.trim() ?? '')?.[1] ?? null;
};

/**
 * Before routing, for any method and any `/api` path, known or not: a valid token or 401. OPTIONS passes. Without
 * a configured token nobody gets in.
 */
export const authenticate =
  (tokens: readonly AccessToken[]): RequestHandler =>
  (req, res, next) => {
    if (req.method === 'OPTIONS') return next();
    const token = presentedToken(req);
    const principal = token === null ? null : matchAccessToken(token, tokens);
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
