import { type RequestHandler, Router } from 'express';
import type { SystemHealth } from '../../system-health.ts';

/** How the system is, for anybody and without asking the limits: short sentences, no addresses. */
export const showHealthRoute = (deps: { systemHealth: SystemHealth }): Router => {
  const router = Router();
  const showHealth =
    (statusWhenNotReady: number): RequestHandler =>
    async (_req, res) => {
      const health = await deps.systemHealth();
      const ready = health.every((part) => part.ready);
      const parts = health.map(({ part, ready: isReady, message }) => ({ part, ready: isReady, message }));
      res.status(ready ? 200 : statusWhenNotReady).json({ status: ready ? 'ready' : 'not_ready', parts });
    };
  router.get('/api/health/live', (_req, res) => {
    res.json({ status: 'live' });
  });
  router.get('/api/health', showHealth(200));
  router.get('/api/health/ready', showHealth(503));
  return router;
};
