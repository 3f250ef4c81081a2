import type { DeliveryMode } from '@caio/contracts';
import type { GatekeeperVariables } from '../config.ts';

export interface ProviderEndpoint {
  readonly mode: Exclude<DeliveryMode, 'log-only'>;
  readonly baseUrl: string;
  readonly apiKey: string;
}

/**
 * Where a channel's messages go in a mode: the simulator, or the vendor with its key; null where nothing is handed to
 * anybody. Throws when something is missing, which a process that read its settings cannot meet: a mode that
 * hands messages over must never turn into one that keeps them.
 */
export function endpointOf(
  config: Pick<GatekeeperVariables, 'SANDBOX_URL' | 'SANDBOX_API_KEY'>,
  wanted: {
    readonly mode: DeliveryMode;
    readonly vendorOrigin: string;
    readonly apiKey: string | undefined;
  },
): ProviderEndpoint | null {
  const { mode } = wanted;
  if (mode === 'log-only') return null;
  const [baseUrl, apiKey] =
    mode === 'sandbox' ? [config.SANDBOX_URL, config.SANDBOX_API_KEY] : [wanted.vendorOrigin, wanted.apiKey];
  if (baseUrl === undefined || apiKey === undefined) {
    throw new TypeError(`delivery mode ${mode} lacks the address or the key of ${wanted.vendorOrigin}`);
  }
  return { mode, baseUrl, apiKey };
}

type MailConfig = Pick<
  GatekeeperVariables,
  | 'DELIVERY_MODE_EMAIL'
  | 'SANDBOX_SMTP_URL'
  | 'SANDBOX_API_KEY'
  | 'SMTP_URL'
  | 'SMTP_USER'
  | 'SMTP_PASSWORD'
  | 'GHL_LOCATION_ID'
>;

/** The mail server of the mode, with its login; null where nothing is handed to anybody. Throws like `endpointOf`. */
export function mailServerOf(config: MailConfig): {
  readonly mode: Exclude<DeliveryMode, 'log-only'>;
  readonly url: string;
  readonly login: { readonly user: string; readonly password: string };
} | null {
  const mode = config.DELIVERY_MODE_EMAIL;
  if (mode === 'log-only') return null;
  const [url, user, password] =
    mode === 'sandbox'
      ? [config.SANDBOX_SMTP_URL, sandboxUser, config.SANDBOX_API_KEY]
      : [config.SMTP_URL, config.SMTP_USER, config.SMTP_PASSWORD];
  if (url === undefined || user === undefined || password === undefined) {
    throw new TypeError(`delivery mode ${mode} lacks the address or the login of the mail server`);
  }
  return { mode, url, login: { user, password } };
}

/** What the simulator's SMTP server calls whoever knows its key. */
const sandboxUser = 'simulator';

/** Where GoHighLevel's paths begin, and the location whose they are. Throws like `endpointOf`. */
export function locationOf(
  config: MailConfig,
  { mode, baseUrl }: ProviderEndpoint,
): { readonly baseUrl: string; readonly locationId: string } {
  // The simulator serves every vendor and has one location.
  if (mode === 'sandbox') return { baseUrl: `${baseUrl}/ghl`, locationId: 'simulated' };
  const { GHL_LOCATION_ID: locationId } = config;
  if (locationId === undefined)
    throw new TypeError(`delivery mode ${mode} lacks the location of GoHighLevel`);
  return { baseUrl, locationId };
}
