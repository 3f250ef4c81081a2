import { sendJson } from '@caio/service-kit';
import type { OpenRoute } from '../../own-routes.ts';
import type { SystemHealth } from '../../system-health.ts';

/** How the system is, for anybody and without asking the limits: short sentences, no addresses. */
export const showHealthRoutes = (deps: { systemHealth: SystemHealth }): readonly OpenRoute[] => {
  const healthAt = (path: string, statusWhenNotReady: number): OpenRoute => ({
    path,
    answer: async (_req, res) => {
      const health = await deps.systemHealth();
      const ready = health.every((part) => part.ready);
      const parts = health.map(({ part, ready: isReady, message }) => ({ part, ready: isReady, message }));
      sendJson(res, ready ? 200 : statusWhenNotReady, { status: ready ? 'ready' : 'not_ready', parts });
    },
  });
  return [
    { path: '/api/health/live', answer: (_req, res) => sendJson(res, 200, { status: 'live' }) },
    healthAt('/api/health', 200),
    healthAt('/api/health/ready', 503),
  ];
};
