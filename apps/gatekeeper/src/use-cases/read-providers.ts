import { isSpared, ledgerOf, type ProviderStanding } from '@caio/contracts';
import type { ServiceMetrics } from '@caio/service-kit';
import { createProviderStandings, type StoreSession } from '@caio/state-store';
import type { ProviderAdapter } from '../provider-port.ts';
import type { RulesInForce } from '../rules-in-force.ts';

/** How the providers that this process hands to are, one entry for each; also as figures, for whoever scrapes. */
export const createReadProviders = (deps: {
  readonly session: StoreSession;
  readonly adapters: readonly Pick<ProviderAdapter, 'name' | 'mode'>[];
  readonly rules: Pick<RulesInForce, 'policy'>;
  readonly metrics: Pick<ServiceMetrics, 'gaugeBy'>;
}) => {
  const standings = createProviderStandings(deps.session);
  const asked = new Map(
    deps.adapters.map(({ name, mode }) => {
      const ledger = ledgerOf(mode);
      return [`${ledger} ${name}`, { ledger, provider: name }];
    }),
  );
  const { faultsMax } = deps.rules.policy.dispatch.rest;

  const read = (): Promise<ProviderStanding[]> =>
    Promise.all([...asked.values()].map((one) => standings.read({ ...one, faultsMax })));

  const measure = (name: string, help: string, figureOf: (one: ProviderStanding) => number): void =>
    deps.metrics.gaugeBy({
      ...{ name, help, label: 'provider' },
      read: async () => Object.fromEntries((await read()).map((one) => [one.provider, figureOf(one)])),
    });
  measure(
    'caio_provider_spared',
    '1 while a provider rests, is tried or asked for fewer calls: it is handed nothing, or one message.',
    (one) => (isSpared(one) ? 1 : 0),
  );
  measure(
    'caio_provider_faults',
    'Faults of a provider in a row, as all workers met them.',
    ({ faults }) => faults,
  );
  return read;
};

export type ReadProviders = ReturnType<typeof createReadProviders>;
