import { z } from 'zod';
import type { Upstream } from './upstreams.ts';

const readinessSchema = z.object({
  status: z.string(),
  checks: z.array(z.object({ name: z.string(), ready: z.boolean(), message: z.string() })).default([]),
});

export interface PartHealth {
  readonly part: string;
  readonly ready: boolean;
  readonly message: string;
}

/** Asks each service's own readiness, which is open on the internal network. A silent service is not ready. */
export const createSystemHealth = (options: {
  addresses: Readonly<Record<Upstream, string>>;
  timeoutMs: number;
}) => {
  const ask = async (part: Upstream): Promise<PartHealth> => {
    try {
      const answer = await fetch(`${options.addresses[part]}/health/ready`, {
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      const report = readinessSchema.parse(await answer.json());
      const failing = report.checks
        .filter(({ ready }) => !ready)
        .map(({ name, message }) => `${name}: ${message}`);
      if (!answer.ok) return { part, ready: false, message: failing.join('; ') || 'not ready' };
      // What is left out on purpose, or can wait, keeps nobody from working; who reads this should know of it.
      const message = failing.length === 0 ? 'ready' : `ready, without the optional ${failing.join('; ')}`;
      return { part, ready: true, message };
    } catch {
      return { part, ready: false, message: 'does not answer' };
    }
  };
  return (): Promise<PartHealth[]> => Promise.all([ask('gatekeeper'), ask('scheduler'), ask('webhooks')]);
};

export type SystemHealth = ReturnType<typeof createSystemHealth>;
