import { type SessionAnswer } from '@caio/contracts';
import { Router } from 'express';
import { credentialOf } from '../../authentication.ts';

/** Who the caller is, and what changes made with a session have to carry. */
export const showSessionRoute = (deps: { environment: string; version: string }): Router => {
  const router = Router();
  router.get('/api/session', (req, res) => {
    const { principal, session } = credentialOf(req);
    const answer: SessionAnswer = {
      principal,
      via: session === null ? 'token' : 'session',
      csrfToken: session?.csrfToken ?? null,
      expiresAt: session?.endsAt ?? null,
      environment: deps.environment,
      version: deps.version,
    };
    res.json(answer);
  });
  return router;
};
