import type { Channel, ProviderName } from '@caio/contracts';
import type { StoredAction } from '@caio/state-store';
import type { ProviderAdapter } from '../provider-port.ts';

/**
 * The adapter that serves a channel in this process's mode. An action sealed with another mode or provider gets
 * none: it is never handed to whoever happens to be configured.
 */
export const createAdapterChoice = (adapters: Readonly<Partial<Record<Channel, ProviderAdapter>>>) => ({
  providerOf: (channel: Channel): ProviderName | null => adapters[channel]?.name ?? null,
  adapterOf: (action: Pick<StoredAction, 'channel' | 'mode' | 'provider'>): ProviderAdapter | null => {
    const adapter = adapters[action.channel];
    return adapter !== undefined && adapter.mode === action.mode && adapter.name === action.provider
      ? adapter
      : null;
  },
  all: Object.values(adapters),
});
