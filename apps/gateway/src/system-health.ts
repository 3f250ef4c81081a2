import { type ReadinessCheck, reportReadiness } from '@caio/service-kit';
import { z } from 'zod';
import type { Upstream } from './upstreams.ts';

const checkSchema = z.object({
  name: z.string(),
  ready: z.boolean(),
  required: z.boolean().default(true),
  message: z.string(),
});
const readinessSchema = z.object({ status: z.string(), checks: z.array(checkSchema).default([]) });

export interface PartHealth {
  readonly part: string;
  readonly ready: boolean;
  readonly message: string;
  /** What the part itself needs, as it says; empty when it does not answer. */
  readonly checks: readonly z.infer<typeof checkSchema>[];
}

/**
 * Asks each service's own readiness, which is open on the internal network, and the door's own. A silent service is
 * not ready.
 */
export const createSystemHealth = (options: {
  addresses: Readonly<Record<Upstream, string>>;
  /** What the gateway itself needs. */
  readiness: readonly ReadinessCheck[];
  timeoutMs: number;
}) => {
  const judge = (part: string, isReady: boolean, checks: PartHealth['checks']): PartHealth => {
    const failing = checks.filter(({ ready }) => !ready).map(({ name, message }) => `${name}: ${message}`);
    if (!isReady) return { part, ready: false, message: failing.join('; ') || 'not ready', checks };
    // What is left out on purpose, or can wait, keeps nobody from working; who reads this should know of it.
    const message = failing.length === 0 ? 'ready' : `ready, without the optional ${failing.join('; ')}`;
    return { part, ready: true, message, checks };
  };
  const ask = async (part: Upstream): Promise<PartHealth> => {
    try {
      const answer = await fetch(`${options.addresses[part]}/health/ready`, {
        signal: AbortSignal.timeout(options.timeoutMs),
      });
      const report = readinessSchema.parse(await answer.json());
      return judge(part, answer.ok, report.checks);
    } catch {
      return { part, ready: false, message: 'does not answer', checks: [] };
    }
  };
  const askMyself = async (): Promise<PartHealth> => {
    const { status, checks } = await reportReadiness(options.readiness, options.timeoutMs);
    return judge('gateway', status === 'ready', checks);
  };
  return (): Promise<PartHealth[]> =>
    Promise.all([ask('gatekeeper'), ask('scheduler'), ask('webhooks'), askMyself()]);
};

export type SystemHealth = ReturnType<typeof createSystemHealth>;
