import {
  type Channel,
  type DeliveryMode,
  isLocalEnvironment,
  type Policy,
  type ProviderName,
} from '@caio/contracts';
import type { GatekeeperVariables } from './config.ts';

type Settings = Pick<
  GatekeeperVariables,
  | 'DELIVERY_MODE_EMAIL'
  | 'DELIVERY_MODE_LINKEDIN'
  | 'SANDBOX_URL'
  | 'SANDBOX_API_KEY'
  | 'INSTANTLY_API_KEY'
  | 'HEYREACH_API_KEY'
  | 'GHL_API_KEY'
  | 'GHL_LOCATION_ID'
  | 'SMTP_URL'
  | 'SMTP_USER'
  | 'SMTP_PASSWORD'
  | 'SANDBOX_SMTP_URL'
  | 'PUBLIC_BASE_URL'
> & { readonly ENVIRONMENT: string };

const channels = [
  { channel: 'email', name: 'DELIVERY_MODE_EMAIL', routes: ['cold_email', 'warm_email'] },
  { channel: 'linkedin', name: 'DELIVERY_MODE_LINKEDIN', routes: ['cold_linkedin'] },
] as const satisfies readonly {
  channel: Channel;
  name: keyof Settings;
  routes: readonly (keyof Policy['providers'])[];
}[];

const simulator = ['SANDBOX_URL', 'SANDBOX_API_KEY'] as const;

/** What each provider needs to be handed anything. */
const needs = {
  instantly: { real: ['INSTANTLY_API_KEY'], sandbox: simulator },
  heyreach: { real: ['HEYREACH_API_KEY'], sandbox: simulator },
  ghl: { real: ['GHL_API_KEY', 'GHL_LOCATION_ID'], sandbox: simulator },
  smtp: {
    real: ['SMTP_URL', 'SMTP_USER', 'SMTP_PASSWORD'],
    sandbox: ['SANDBOX_SMTP_URL', 'SANDBOX_API_KEY'],
  },
} as const satisfies Record<
  Exclude<ProviderName, 'log'>,
  Record<'real' | 'sandbox', readonly (keyof Settings)[]>
>;

const isReal = (mode: DeliveryMode): boolean => mode === 'allow-list' || mode === 'live';

/** Where no recipient's browser or mail program can go: the link out of a mail would be dead. */
const isUnreachable = (address: string): boolean => {
  const { protocol, hostname } = new URL(address);
  const reserved = /(?:^|\.)(?:example|test|invalid|localhost|internal|example\.(?:com|net|org))$/i;
  const inner = /^(?:127\.|10\.|192\.168\.|169\.254\.|172\.(?:1[6-9]|2\d|3[01])\.|0\.0\.0\.0$|\[)/;
  return protocol !== 'https:' || reserved.test(hostname) || inner.test(hostname);
};

/**
 * Why the delivery modes asked for cannot be served by this process; each names what to set. A real mode is never
 * implied by an environment's name: it is asked for by name, and refused unless everything it needs is there.
 */
export const deliveryProblems = (config: Settings, policy: Pick<Policy, 'providers'>): string[] => {
  const asked = channels.map((one) => ({ ...one, mode: config[one.name] }));
  /** The settings that the providers of a channel's routes need and do not have. */
  const missing = (routes: readonly (keyof Policy['providers'])[], kind: 'real' | 'sandbox'): string => {
    const wanted = new Set(routes.flatMap((route) => [...needs[policy.providers[route]][kind]]));
    return [...wanted].filter((name) => config[name] === undefined).join(' and ');
  };
  const real = asked.filter(({ mode }) => isReal(mode));
  const named = real.map(({ name, mode }) => `${name} asks for ${mode}`).join(' and ');
  return [
    ...asked.flatMap(({ name, mode, routes }) => {
      const lacking = mode === 'sandbox' ? missing(routes, 'sandbox') : '';
      return lacking === ''
        ? []
        : [
            `${name} asks for sandbox, and the simulator's address or key is not there. Set ${lacking}, or set log-only.`,
          ];
    }),
    ...real.flatMap(({ name, mode, routes }) => {
      const lacking = missing(routes, 'real');
      return lacking === ''
        ? []
        : [
            `${name} asks for ${mode}, and the provider that the policy names is not configured for it (provider_not_configured). Set ${lacking}, or set log-only or sandbox.`,
          ];
    }),
    ...(real.length > 0 && isLocalEnvironment(config.ENVIRONMENT)
      ? [
          `${named}, and nothing real happens in the environment "${config.ENVIRONMENT}" (real_mode_local). Set ENVIRONMENT to the deployment's name, or set log-only or sandbox.`,
        ]
      : []),
    ...(real.length > 0 && isUnreachable(config.PUBLIC_BASE_URL)
      ? [
          `${named}, and PUBLIC_BASE_URL is an address nobody outside can open, so no recipient could opt out (public_address_unreachable). Set the https address of the gateway.`,
        ]
      : []),
  ];
};
