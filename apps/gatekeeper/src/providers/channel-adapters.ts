import type { Policy, Route } from '@caio/contracts';
import type { FaultPoints } from '@caio/service-kit';
import type { RedisEvidenceStore, StoreSession } from '@caio/state-store';
import type { GatekeeperVariables } from '../config.ts';
import type { ProviderAdapter } from '../provider-port.ts';
import type { FormerAdapters } from './adapters.ts';
import { createEmailAdapters } from './email-adapter.ts';
import { createLinkedinAdapter } from './linkedin-adapter.ts';
import { createLogOnlyAdapter } from './log-only.ts';

export interface ChannelOptions {
  readonly config: GatekeeperVariables;
  readonly environment: string;
  readonly policy: Policy;
  readonly session: StoreSession;
  readonly faults: FaultPoints;
  readonly nowMs: () => number;
  /** The clock of send deadlines. */
  readonly monotonicMs: () => number;
  /** Serves every channel whose messages are only kept. */
  readonly logOnly: ProviderAdapter;
}

/** Who serves each route, and who did, in the delivery modes of this process. */
export const createChannelAdapters = (
  options: Omit<ChannelOptions, 'logOnly'> & { readonly evidence: RedisEvidenceStore },
): { readonly routes: Readonly<Record<Route, ProviderAdapter>>; readonly former: FormerAdapters } => {
  const { evidence, nowMs, monotonicMs } = options;
  const channel = { ...options, logOnly: createLogOnlyAdapter({ evidence, nowMs, monotonicMs }) };
  const mail = createEmailAdapters(channel);
  return {
    routes: { ...mail.routes, cold_linkedin: createLinkedinAdapter(channel) },
    former: { email: mail.former },
  };
};
