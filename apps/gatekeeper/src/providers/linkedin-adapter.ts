import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createCampaignRegistry } from '@caio/state-store';
import type { ProviderAdapter } from '../provider-port.ts';
import type { ChannelOptions } from './channel-adapters.ts';
import { createHeyreachAdapter, heyreachOrigin } from './heyreach.ts';
import { endpointOf } from './provider-endpoint.ts';

/** Who serves the LinkedIn channel in the delivery mode of this process. */
export const createLinkedinAdapter = (options: ChannelOptions): ProviderAdapter => {
  const { config, environment, policy, nowMs, monotonicMs } = options;
  const endpoint = endpointOf(config, {
    mode: config.DELIVERY_MODE_LINKEDIN,
    vendorOrigin: heyreachOrigin,
    apiKey: config.HEYREACH_API_KEY,
  });
  if (endpoint === null) return options.logOnly;
  return createHeyreachAdapter({
    ...endpoint,
    environment,
    registry: createCampaignRegistry(options.session),
    monotonicMs,
    nowMs,
    newToken: randomUUID,
    pause: (milliseconds) => pause(milliseconds),
    timeoutMs: policy.dispatch.providerTimeoutMs,
    // The simulator shows what it took at once, unless a fault says otherwise.
    ...(endpoint.mode === 'sandbox' ? { visibilityLagMaxMs: policy.dispatch.providerTimeoutMs } : {}),
  });
};
