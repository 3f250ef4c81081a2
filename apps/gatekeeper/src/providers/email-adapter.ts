import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Policy } from '@caio/contracts';
import { createCampaignRegistry, type RedisEvidenceStore, type StoreSession } from '@caio/state-store';
import type { FaultPoints } from '@caio/service-kit';
import type { GatekeeperVariables } from '../config.ts';
import type { ProviderAdapter } from '../provider-port.ts';
import { createInstantlyAdapter } from './instantly.ts';
import { createLogOnlyAdapter } from './log-only.ts';

/** The simulator's address and key, when the e-mail channel is delivered to it. */
const sandboxOf = (config: GatekeeperVariables): { baseUrl: string; apiKey: string } | null =>
  config.DELIVERY_MODE_EMAIL === 'sandbox' &&
  config.SANDBOX_URL !== undefined &&
  config.SANDBOX_API_KEY !== undefined
    ? { baseUrl: config.SANDBOX_URL, apiKey: config.SANDBOX_API_KEY }
    : null;

/** Who serves the e-mail channel in the delivery mode of this process. */
export const createEmailAdapter = (options: {
  config: GatekeeperVariables;
  environment: string;
  policy: Policy;
  session: StoreSession;
  evidence: RedisEvidenceStore;
  faults: FaultPoints;
  nowMs: () => number;
  /** The clock of send deadlines. */
  monotonicMs: () => number;
}): ProviderAdapter => {
  const { environment, policy, nowMs, monotonicMs } = options;
  const sandbox = sandboxOf(options.config);
  if (sandbox === null) return createLogOnlyAdapter({ evidence: options.evidence, nowMs, monotonicMs });
  return createInstantlyAdapter({
    mode: 'sandbox',
    environment,
    ...sandbox,
    registry: createCampaignRegistry(options.session),
    faults: options.faults,
    monotonicMs,
    nowMs,
    newToken: randomUUID,
    pause: (milliseconds) => pause(milliseconds),
    timeoutMs: policy.dispatch.providerTimeoutMs,
    visibilityLagMaxMs: policy.dispatch.providerTimeoutMs,
  });
};
