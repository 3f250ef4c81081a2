import { type Channel, type ProviderName, type Route, routeSchema } from '@caio/contracts';
import type { StoredAction } from '@caio/state-store';
import type { ProviderAdapter } from '../provider-port.ts';

const channelOf = {
  cold_email: 'email',
  warm_email: 'email',
  cold_linkedin: 'linkedin',
} as const satisfies Record<Route, Channel>;

/** Whoever gets a cold mail has to be able to end it: a provider without any way out serves no such route. */
const maySend = (route: Route, { unsubscribe }: ProviderAdapter): boolean =>
  route !== 'cold_email' || unsubscribe !== 'none';

/**
 * Providers that no route resolves to any more and that may still hold what they were handed before.
 * Nothing new goes to them: a batch frozen under another policy is not admitted.
 */
export type FormerAdapters = Readonly<Partial<Record<Channel, readonly ProviderAdapter[]>>>;

/**
 * Which adapter serves a route in this process's modes. An action sealed with another mode or provider gets none:
 * it is never handed to whoever happens to be configured, and never to a provider of another channel.
 */
export const createAdapterChoice = (
  adapters: Readonly<Partial<Record<Route, ProviderAdapter>>>,
  former: FormerAdapters = {},
) => {
  const of = (route: Route): ProviderAdapter | null => {
    const adapter = adapters[route];
    return adapter !== undefined && maySend(route, adapter) ? adapter : null;
  };
  return {
    /** Null where nobody may serve the route. */
    providerOf: (route: Route): ProviderName | null => of(route)?.name ?? null,
    adapterOf: (action: Pick<StoredAction, 'channel' | 'mode' | 'provider'>): ProviderAdapter | null =>
      routeSchema.options
        .filter((route) => channelOf[route] === action.channel)
        .map(of)
        .concat(former[action.channel] ?? [])
        .find((adapter) => adapter?.mode === action.mode && adapter.name === action.provider) ?? null,
    /** Why a route that has a provider is served by nobody, for whoever starts the process. */
    problems: routeSchema.options.flatMap((route) => {
      const adapter = adapters[route];
      return adapter === undefined || maySend(route, adapter)
        ? []
        : [
            `The policy has ${adapter.name} serve ${route}, and its mails give nobody a way to unsubscribe (no_unsubscribe). Set another provider for ${route} in the policy.`,
          ];
    }),
    /** Each adapter once, however many routes it serves. */
    all: [...new Set([...Object.values(adapters), ...Object.values(former).flat()])],
  };
};
