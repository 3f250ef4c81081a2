import { type Channel, type DeliveryMode, isLocalEnvironment } from '@caio/contracts';
import type { GatekeeperVariables } from './config.ts';

type Settings = Pick<
  GatekeeperVariables,
  | 'DELIVERY_MODE_EMAIL'
  | 'DELIVERY_MODE_LINKEDIN'
  | 'SANDBOX_URL'
  | 'SANDBOX_API_KEY'
  | 'INSTANTLY_API_KEY'
  | 'HEYREACH_API_KEY'
  | 'PUBLIC_BASE_URL'
> & { readonly ENVIRONMENT: string };

const channels = [
  { channel: 'email', name: 'DELIVERY_MODE_EMAIL', key: 'INSTANTLY_API_KEY' },
  { channel: 'linkedin', name: 'DELIVERY_MODE_LINKEDIN', key: 'HEYREACH_API_KEY' },
] as const satisfies readonly { channel: Channel; name: keyof Settings; key: keyof Settings }[];

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
export const deliveryProblems = (config: Settings): string[] => {
  const asked = channels.map((one) => ({ ...one, mode: config[one.name] }));
  const real = asked.filter(({ mode }) => isReal(mode));
  const named = real.map(({ name, mode }) => `${name} asks for ${mode}`).join(' and ');
  return [
    ...asked.flatMap(({ name, mode }) =>
      mode === 'sandbox' && (config.SANDBOX_URL === undefined || config.SANDBOX_API_KEY === undefined)
        ? [
            `${name} asks for sandbox, which needs SANDBOX_URL and SANDBOX_API_KEY. Set both, or set log-only.`,
          ]
        : [],
    ),
    ...real.flatMap(({ name, mode, key }) =>
      config[key] === undefined
        ? [
            `${name} asks for ${mode}, and no provider is configured for it (provider_not_configured). Set ${key}, or set log-only or sandbox.`,
          ]
        : [],
    ),
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
