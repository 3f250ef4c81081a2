import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Policy } from '@caio/contracts';
import { createCampaignRegistry } from '@caio/state-store';
import type { ProviderAdapter } from '../provider-port.ts';
import type { ChannelOptions } from './channel-adapters.ts';
import { createGhlAdapter, ghlOrigin } from './ghl.ts';
import { createInstantlyAdapter } from './instantly.ts';
import { endpointOf, locationOf, mailServerOf } from './provider-endpoint.ts';
import { createSmtpAdapter } from './smtp.ts';

const instantlyOrigin = 'https://api.instantly.ai';

type EmailRoute = 'cold_email' | 'warm_email';
type EmailProvider = Policy['providers'][EmailRoute];

/** Who serves the routes of the e-mail channel in the delivery mode of this process. One provider is one adapter. */
export const createEmailAdapters = (
  options: ChannelOptions,
): { readonly routes: Readonly<Record<EmailRoute, ProviderAdapter>>; readonly former: ProviderAdapter[] } => {
  const { policy } = options;
  const made = new Map<EmailProvider, ProviderAdapter>();
  const of = (provider: EmailProvider): ProviderAdapter => {
    const known = made.get(provider) ?? adapterOf[provider](options);
    made.set(provider, known);
    return known;
  };
  if (options.config.DELIVERY_MODE_EMAIL === 'log-only') {
    return { routes: { cold_email: options.logOnly, warm_email: options.logOnly }, former: [] };
  }
  const { cold_email: cold, warm_email: warm } = policy.providers;
  return {
    routes: { cold_email: of(cold), warm_email: of(warm) },
    former:
      cold !== 'instantly' && warm !== 'instantly' && canAskInstantly(options.config)
        ? [of('instantly')]
        : [],
  };
};

/** Of the providers of mail Instantly alone holds messages, which must be taken back and paused there. */
const canAskInstantly = (config: ChannelOptions['config']): boolean =>
  config.DELIVERY_MODE_EMAIL === 'sandbox'
    ? config.SANDBOX_URL !== undefined && config.SANDBOX_API_KEY !== undefined
    : config.INSTANTLY_API_KEY !== undefined;

/** The simulator shows what it took at once, unless a fault says otherwise. */
const lagIn = (mode: string, policy: Policy) =>
  mode === 'sandbox' ? { visibilityLagMaxMs: policy.dispatch.providerTimeoutMs } : {};

const adapterOf: Readonly<Record<EmailProvider, (options: ChannelOptions) => ProviderAdapter>> = {
  instantly: ({ config, environment, policy, session, faults, logOnly, nowMs, monotonicMs }) => {
    const endpoint = endpointOf(config, {
      mode: config.DELIVERY_MODE_EMAIL,
      vendorOrigin: instantlyOrigin,
      apiKey: config.INSTANTLY_API_KEY,
    });
    if (endpoint === null) return logOnly;
    return createInstantlyAdapter({
      ...endpoint,
      environment,
      registry: createCampaignRegistry(session),
      faults,
      monotonicMs,
      nowMs,
      newToken: randomUUID,
      pause: (milliseconds) => pause(milliseconds),
      timeoutMs: policy.dispatch.providerTimeoutMs,
      ...lagIn(endpoint.mode, policy),
    });
  },
  ghl: ({ config, policy, logOnly, nowMs, monotonicMs }) => {
    const mode = config.DELIVERY_MODE_EMAIL;
    const endpoint = endpointOf(config, { mode, vendorOrigin: ghlOrigin, apiKey: config.GHL_API_KEY });
    if (endpoint === null) return logOnly;
    return createGhlAdapter({
      ...endpoint,
      ...locationOf(config, endpoint),
      ...{ monotonicMs, nowMs, timeoutMs: policy.dispatch.providerTimeoutMs },
      ...lagIn(endpoint.mode, policy),
    });
  },
  smtp: ({ config, policy, logOnly, nowMs, monotonicMs }) => {
    const server = mailServerOf(config);
    if (server === null) return logOnly;
    const { providerTimeoutMs: timeoutMs } = policy.dispatch;
    return createSmtpAdapter({ ...server, monotonicMs, nowMs, timeoutMs });
  },
};
