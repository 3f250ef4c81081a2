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
