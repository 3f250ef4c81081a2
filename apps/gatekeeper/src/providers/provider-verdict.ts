import {
  type DispatchOutcome,
  providerFaultCodes,
  providerOutcomes,
  providerWaitCodes,
} from '@caio/contracts';
import type { ProviderVerdict } from '@caio/state-store';

/** Refusals that a provider answered; every other one was made here, without asking. */
const answeredRefusals: ReadonlySet<string> = new Set(
  providerOutcomes
    .flatMap(({ phases }) => Object.values(phases))
    .flatMap(({ rules }) => rules)
    .flatMap(({ outcome, code }) => (outcome === 'refused' ? [code] : [])),
);

/** What one outcome says about the provider, so that all workers spare one that fails. */
export const verdictOf = (outcome: DispatchOutcome): ProviderVerdict => {
  if (outcome.outcome === 'accepted') return 'answers';
  if (outcome.outcome === 'refused') return answeredRefusals.has(outcome.code) ? 'answers' : 'nothing';
  if (providerWaitCodes.has(outcome.code)) return 'asks_to_wait';
  return providerFaultCodes.has(outcome.code) ? 'fails' : 'nothing';
};
