import { type SessionAnswer } from '@caio/contracts';
import { sendJson } from '@caio/service-kit';
import type { ClosedRoute } from '../../own-routes.ts';

/** Who the caller is, and what changes made with a session have to carry. */
export const showSessionRoute = (deps: { environment: string; version: string }): ClosedRoute => ({
  path: '/api/session',
  answer: (_req, res, { principal, session }) => {
    const answer: SessionAnswer = {
      principal,
      via: session === null ? 'token' : 'session',
      csrfToken: session?.csrfToken ?? null,
      expiresAt: session?.endsAt ?? null,
      environment: deps.environment,
      version: deps.version,
    };
    sendJson(res, 200, answer);
  },
});
