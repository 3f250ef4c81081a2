import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createCampaignRegistry } from '@caio/state-store';
import type { ProviderAdapter } from '../provider-port.ts';
import type { ChannelOptions } from './channel-adapters.ts';
import { createInstantlyAdapter } from './instantly.ts';
import { endpointOf } from './provider-endpoint.ts';

const instantlyOrigin = 'https://api.instantly.ai';

/** Who serves the e-mail channel in the delivery mode of this process. */
export const createEmailAdapter = (options: ChannelOptions): ProviderAdapter => {
  const { config, environment, policy, nowMs, monotonicMs } = options;
  const endpoint = endpointOf(config, {
    mode: config.DELIVERY_MODE_EMAIL,
    vendorOrigin: instantlyOrigin,
    apiKey: config.INSTANTLY_API_KEY,
  });
  if (endpoint === null) return options.logOnly;
  return createInstantlyAdapter({
    ...endpoint,
    environment,
    registry: createCampaignRegistry(options.session),
    faults: options.faults,
    monotonicMs,
    nowMs,
    newToken: randomUUID,
    pause: (milliseconds) => pause(milliseconds),
    timeoutMs: policy.dispatch.providerTimeoutMs,
    // The simulator shows what it took at once, unless a fault says otherwise.
    ...(endpoint.mode === 'sandbox' ? { visibilityLagMaxMs: policy.dispatch.providerTimeoutMs } : {}),
  });
};
