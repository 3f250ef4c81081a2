import type { UnknownStanding } from '@caio/contracts';
import { judgeUnknown, quietFromMs } from '@caio/dispatch-core';
import type { StoredAction } from '@caio/state-store';
import type { ProviderAdapter, ProviderFinding } from '../provider-port.ts';
import type { RulesInForce } from '../rules-in-force.ts';

/** What a provider said about one action. */
export interface Found {
  readonly finding: ProviderFinding;
  readonly adapter: ProviderAdapter;
}

/** The judgement of an unknown action from what is stored and what its provider said; null is a provider that said nothing. */
export const createUnknownJudge = ({ policy: { dispatch } }: Pick<RulesInForce, 'policy'>) => {
  const timesOf = ({ unknownSince, admittedAt }: StoredAction, nowMs: number) => {
    const unknownSinceMs = Number(unknownSince ?? nowMs);
    return { unknownSinceMs, admittedAtMs: Number(admittedAt ?? unknownSinceMs) };
  };
  const rulesOf = (adapter: ProviderAdapter | null) => ({
    leaseMs: dispatch.leaseSeconds * 1_000,
    sendDeadlineMs: dispatch.sendDeadlineMs,
    providerTimeoutMs: dispatch.providerTimeoutMs,
    visibilityLagMaxMs: adapter?.visibilityLagMaxMs ?? 0,
  });

  return {
    /** `looksAbsent` counts this look. */
    judge: (
      action: StoredAction,
      found: Found | null,
      facts: { readonly attemptOver: boolean; readonly nowMs: number; readonly looksAbsent: number },
    ): UnknownStanding => {
      if (found === null) return 'provider_silent';
      const { finding, adapter } = found;
      return judgeUnknown(
        {
          ...facts,
          ...timesOf(action, facts.nowMs),
          finding: finding.state,
          contentMatches: finding.state === 'present' && finding.contentDigest === action.digest,
          idempotency: adapter.idempotency,
        },
        rulesOf(adapter),
      );
    },
    /** From when on its absence counts, in Unix milliseconds. */
    quietFrom: (action: StoredAction, adapter: ProviderAdapter | null, nowMs: number): number =>
      quietFromMs(timesOf(action, nowMs), rulesOf(adapter)),
  };
};
