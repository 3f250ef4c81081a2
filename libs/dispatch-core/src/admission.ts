import type { ActionStatus, AdmissionCode, BatchStatus, Tier } from '@caio/contracts';

/**
 * The admission decision as one readable function. The store's script makes the same decision atomically;
 * a property test holds the two together. Counts are sends already reserved in the named period.
 */
export interface AdmissionFacts {
  readonly storeRecovering: boolean;
  readonly actionStatus: ActionStatus;
  readonly fenceHeld: boolean;
  readonly halted: boolean;
  readonly batchStatus: BatchStatus;
  readonly expiresAtMs: number;
  readonly claimedAtMs: number;
  readonly digestMatches: boolean;
  readonly suppressed: boolean;
  readonly excluded: boolean;
  readonly lastContactMs: number | null;
  readonly personInFlight: boolean;
  readonly routeAllowed: boolean;
  readonly modeUnchanged: boolean;
  readonly policyUnchanged: boolean;
  readonly tier: Tier;
  readonly allowListed: boolean;
  /** Until when the customers' list may be relied on; null where none is required. */
  readonly customersGoodUntilMs: number | null;
  readonly lastSendOfMailboxMs: number | null;
  /** It failed too often, or asked to be left alone. */
  readonly providerResting: boolean;
  /** Enough of the provider's requests are left for one more hand-over. */
  readonly withinRateBudget: boolean;
  readonly counts: {
    readonly hour: number;
    readonly day: number;
    readonly month: number;
    readonly domain: number;
    readonly mailbox: number;
  };
}

export interface AdmissionRules {
  readonly tiersAllowed: readonly Tier[];
  readonly recontactMs: number;
  readonly latenessMaxMs: number;
  readonly gapMs: number;
  readonly caps: {
    readonly hour: number;
    readonly day: number;
    readonly month: number;
    readonly domain: number;
    readonly mailbox: number;
  };
}

export interface AdmissionTime {
  readonly nowMs: number;
  readonly callerNowMs: number;
  readonly validFromMs: number;
  readonly validUntilMs: number;
  readonly windowOpen: boolean;
}

export const clockSkewMaxMs = 2_000;

/** The first rule that refuses, in the order of the contract's table, or `admitted`. */
export const decideAdmission = (
  facts: AdmissionFacts,
  rules: AdmissionRules,
  time: AdmissionTime,
): AdmissionCode | 'admitted' => {
  if (facts.storeRecovering) return 'store_recovering';
  if (facts.actionStatus !== 'queued') return 'action_not_queued';
  if (!facts.fenceHeld) return 'fence_lost';
  if (facts.halted) return 'halted';
  if (facts.batchStatus !== 'executing') return 'batch_not_executing';
  if (time.nowMs >= facts.expiresAtMs) return 'batch_expired';
  if (!facts.digestMatches) return 'content_mismatch';
  if (facts.suppressed) return 'suppressed';
  if (facts.excluded) return 'excluded';
  if (facts.lastContactMs !== null && time.nowMs - facts.lastContactMs < rules.recontactMs)
    return 'contact_too_recent';
  if (facts.personInFlight) return 'person_in_flight';
  if (!facts.routeAllowed) return 'route_forbidden';
  if (!facts.modeUnchanged) return 'mode_changed';
  if (!facts.policyUnchanged) return 'policy_changed';
  if (!rules.tiersAllowed.includes(facts.tier)) return 'tier_not_allowed';
  if (!facts.allowListed) return 'not_allow_listed';
  if (time.nowMs - facts.claimedAtMs > rules.latenessMaxMs) return 'too_late';
  if (!time.windowOpen) return 'outside_window';
  if (facts.lastSendOfMailboxMs !== null && time.nowMs - facts.lastSendOfMailboxMs < rules.gapMs)
    return 'gap';
  if (facts.counts.hour >= rules.caps.hour) return 'cap_hour';
  if (facts.counts.day >= rules.caps.day) return 'cap_day';
  if (facts.counts.month >= rules.caps.month) return 'cap_month';
  if (facts.counts.domain >= rules.caps.domain) return 'cap_domain';
  if (facts.counts.mailbox >= rules.caps.mailbox) return 'cap_mailbox';
  const skewed = Math.abs(time.nowMs - time.callerNowMs) > clockSkewMaxMs;
  if (skewed || time.nowMs < time.validFromMs || time.nowMs >= time.validUntilMs) return 'clock_skew';
  if (facts.customersGoodUntilMs !== null && time.nowMs >= facts.customersGoodUntilMs)
    return 'customers_stale';
  if (facts.providerResting) return 'provider_resting';
  if (!facts.withinRateBudget) return 'rate_budget';
  return 'admitted';
};
