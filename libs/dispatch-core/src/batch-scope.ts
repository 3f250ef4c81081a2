import type { Channel, DraftId, LeftOut, Route, Tier } from '@caio/contracts';

/** One approved draft as the freeze sees it. */
export interface ScopeCandidate {
  readonly draftId: DraftId;
  readonly email: string;
  readonly tier: Tier | null;
  readonly channel: Channel;
  readonly route: Route;
  readonly personKeys: readonly string[];
  readonly approvedAtMs: number;
  readonly textKey: string;
  readonly companyKey: string | null;
  readonly suppressed: boolean;
  readonly excluded: boolean;
  readonly routeAllowed: boolean;
  readonly personInFlight: boolean;
  /** A mail program would show another subject or name than the one that was approved. */
  readonly headerTextEncoded: boolean;
}

export interface ScopeRules {
  readonly tiersAllowed: Readonly<Record<Channel, readonly Tier[]>>;
  readonly sizeMax: number;
}

/**
 * Who is in a batch and who is not, with the rule that kept them out. Candidates are taken oldest approval
 * first. An empty answer means an empty batch, never "everybody".
 */
export const decideScope = <C extends ScopeCandidate>(
  candidates: readonly C[],
  rules: ScopeRules,
): { included: C[]; leftOut: LeftOut[] } => {
  const ordered = [...candidates].sort(
    (a, b) => a.approvedAtMs - b.approvedAtMs || (a.draftId < b.draftId ? -1 : 1),
  );
  const persons = new Set<string>();
  const texts = new Set<string>();
  const included: C[] = [];
  const leftOut: LeftOut[] = [];
  for (const candidate of ordered) {
    const reason = reasonToLeaveOut(candidate, rules, { persons, texts, size: included.length });
    if (reason === null) {
      included.push(candidate);
      candidate.personKeys.forEach((key) => persons.add(key));
      if (candidate.companyKey !== null) texts.add(textMark(candidate));
    } else {
      leftOut.push({ draftId: candidate.draftId, email: candidate.email, reason });
    }
  }
  return { included, leftOut };
};

const textMark = (candidate: ScopeCandidate): string => `${candidate.companyKey ?? ''}\n${candidate.textKey}`;

const reasonToLeaveOut = (
  candidate: ScopeCandidate,
  rules: ScopeRules,
  taken: { persons: ReadonlySet<string>; texts: ReadonlySet<string>; size: number },
): string | null => {
  if (candidate.suppressed) return 'suppressed';
  if (candidate.excluded) return 'excluded';
  if (candidate.headerTextEncoded) return 'encoded_header_text';
  if (!candidate.routeAllowed) return 'route_forbidden';
  if (candidate.tier === null || !rules.tiersAllowed[candidate.channel].includes(candidate.tier))
    return 'tier_not_allowed';
  if (candidate.personInFlight) return 'person_in_flight';
  if (candidate.personKeys.some((key) => taken.persons.has(key))) return 'person_twice_in_batch';
  if (candidate.companyKey !== null && taken.texts.has(textMark(candidate))) return 'same_text_to_colleague';
  if (taken.size >= rules.sizeMax) return 'batch_full';
  return null;
};
