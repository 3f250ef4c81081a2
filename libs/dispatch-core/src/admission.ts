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
  /** The batch was approved after the ramp of this policy ended, and it has not come back since. */
  readonly rampEnded?: boolean;
  /** What the daily cap has grown to; nothing when it has not. */
  readonly dayCapGrown?: number;
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

/** What holds instead while the ramp of a policy is in force. */
export interface RampRules {
  readonly policy: string;
  readonly perDay: number;
  readonly tiers: readonly Tier[];
}

export interface AdmissionRules {
  readonly ramp?: RampRules;
  /** The policy whose growth counts, and what the daily cap may grow to at most. */
  readonly growth?: { readonly policy: string; readonly perDayMax: number };
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

const dayCapOf = (facts: AdmissionFacts, rules: AdmissionRules, ramp: RampRules | undefined): number => {
  const grown =
    rules.growth === undefined || facts.dayCapGrown === undefined
      ? rules.caps.day
      : Math.max(rules.caps.day, Math.min(facts.dayCapGrown, rules.growth.perDayMax));
  return ramp === undefined ? grown : Math.min(grown, ramp.perDay);
};

/** The first rule that refuses, in the order of the contract's table, or `admitted`. */
export const decideAdmission = (
  facts: AdmissionFacts,
  rules: AdmissionRules,
  time: AdmissionTime,
): AdmissionCode | 'admitted' => {
  const ramp = facts.rampEnded === true ? undefined : rules.ramp;
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
  if (!(ramp ?? { tiers: rules.tiersAllowed }).tiers.includes(facts.tier)) return 'tier_not_allowed';
  if (!facts.allowListed) return 'not_allow_listed';
  if (time.nowMs - facts.claimedAtMs > rules.latenessMaxMs) return 'too_late';
  if (!time.windowOpen) return 'outside_window';
  if (facts.lastSendOfMailboxMs !== null && time.nowMs - facts.lastSendOfMailboxMs < rules.gapMs)
    return 'gap';
  if (facts.counts.hour >= rules.caps.hour) return 'cap_hour';
  if (facts.counts.day >= dayCapOf(facts, rules, ramp)) return 'cap_day';
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
