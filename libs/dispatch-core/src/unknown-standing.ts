import type { UnknownStanding } from '@caio/contracts';

/** What is known about an action whose fate is not. All instants are Unix milliseconds by the store's clock. */
export interface UnknownFacts {
  readonly finding: 'present' | 'absent' | 'unreadable';
  /** Of one that is present: it is word for word what was approved. */
  readonly contentMatches: boolean;
  /** No process is left that could still write for the attempt. */
  readonly attemptOver: boolean;
  /** `keyed`: the provider itself drops a second message with the same key. */
  readonly idempotency: 'keyed' | 'none';
  readonly admittedAtMs: number;
  readonly unknownSinceMs: number;
  readonly nowMs: number;
  /** How often it was looked for and absent, this time included. */
  readonly looksAbsent: number;
}

export interface UnknownRules {
  readonly leaseMs: number;
  readonly sendDeadlineMs: number;
  readonly providerTimeoutMs: number;
  readonly visibilityLagMaxMs: number;
}

export const looksForAbsence = 2;

/**
 * From when on an absence counts: the last byte that could have been written has been answered or given up, and the
 * provider has had the time it may take to show what it took.
 */
export const quietFromMs = (
  facts: Pick<UnknownFacts, 'admittedAtMs' | 'unknownSinceMs'>,
  rules: UnknownRules,
): number => {
  const lastAnswerMs = rules.sendDeadlineMs + rules.providerTimeoutMs;
  return Math.max(
    facts.admittedAtMs + rules.leaseMs + lastAnswerMs,
    facts.unknownSinceMs + Math.max(lastAnswerMs, rules.visibilityLagMaxMs),
  );
};

/**
 * What may be concluded. Only `at_provider` and `absent` settle by themselves. An absence proves nothing while
 * somebody may still write, unless the provider would drop the second message. Source: docs/architecture.md §4.
 */
export const judgeUnknown = (facts: UnknownFacts, rules: UnknownRules): UnknownStanding => {
  if (facts.finding === 'unreadable') return 'provider_silent';
  if (facts.finding === 'present') return facts.contentMatches ? 'at_provider' : 'other_content';
  if (!facts.attemptOver && facts.idempotency !== 'keyed') return 'may_still_be_sent';
  const isLongEnough = facts.nowMs >= quietFromMs(facts, rules);
  return isLongEnough && facts.looksAbsent >= looksForAbsence ? 'absent' : 'absent_so_far';
};
