import type { Policy, RampDay, RampDayFacts, RampReason } from '@caio/contracts';

const dayMs = 86_400_000;

/** What speaks against a day, in the order of the contract. */
const reasonsOf = (facts: RampDayFacts): RampReason[] => {
  const found: Record<RampReason, boolean> = {
    bounce: facts.bounces + facts.lateBounces > 0,
    complaint: facts.complaints > 0,
    halt: facts.stopped,
    unknown: facts.unknownAtEnd > 0,
    unreviewed: facts.unreviewedAtEnd > 0,
  };
  const order: readonly RampReason[] = ['bounce', 'complaint', 'halt', 'unknown', 'unreviewed'];
  return order.filter((reason) => found[reason]);
};

/**
 * Judges a day by what happened on it. Clean takes a message that left in live mode and nothing against it; a day on
 * which nothing left and nothing went wrong is missed, and drafts that wait do not change that.
 */
export const judgeRampDay = (facts: RampDayFacts, when: 'open' | 'over'): RampDay => {
  const reasons = reasonsOf(facts);
  const isMissed = facts.leftLive === 0 && reasons.every((reason) => reason === 'unreviewed');
  const status = isMissed ? 'missed' : reasons.length > 0 ? 'not_clean' : 'clean';
  return { status: when === 'open' ? 'open' : status, reasons, facts };
};

/** The day `count` days before another: `2026-03-01`, 1 → `2026-02-28`. Names of days, so no clock is turned here. */
export const dayBefore = (day: string, count: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - count * dayMs).toISOString().slice(0, 10);

export interface CleanDays {
  /** The first day that counts. */
  readonly since: string;
  readonly found: readonly string[];
  /** How many are lacking; 0 when a person may end the ramp. */
  readonly lacking: number;
}

/**
 * The clean days that count on `today`: those among the last `lookbackDays` days before it, and after the day the
 * ramp came back. Missed and unclean days neither count nor take away what others count.
 */
export const countCleanDays = (
  ramp: Policy['ramp'],
  days: readonly RampDay[],
  today: string,
  droppedBackOn: string | null,
): CleanDays => {
  const first = dayBefore(today, ramp.lookbackDays);
  const since = droppedBackOn !== null && droppedBackOn >= first ? dayBefore(droppedBackOn, -1) : first;
  const found = days
    .filter(({ status, facts: { day } }) => status === 'clean' && day >= since && day < today)
    .map(({ facts: { day } }) => day)
    .sort();
  return { since, found, lacking: Math.max(0, ramp.cleanDaysRequired - found.length) };
};

/** Which of a day's reasons put the ramp of this policy back in force. */
export const dropBackReasons = (ramp: Policy['ramp'], { status, reasons }: RampDay): RampReason[] =>
  status === 'not_clean' ? reasons.filter((reason) => ramp.dropsBackOn.includes(reason)) : [];

export interface Growth {
  /** Of the decisions counted; null when there were none. */
  readonly approvedShare: number | null;
  readonly decisions: number;
  /** The daily cap of e-mail that follows; the policy's own when nothing raises it. */
  readonly emailPerDay: number;
}

/** What the daily cap has grown to by the share of drafts approved on the days before `today`; null without growth. */
export const growthOn = (
  policy: Pick<Policy, 'growth' | 'caps'>,
  days: readonly RampDay[],
  today: string,
): Growth | null => {
  const { growth, caps } = policy;
  if (growth === undefined) return null;
  const since = dayBefore(today, growth.lookbackDays);
  const counted = days.filter(({ facts: { day } }) => day >= since && day < today);
  const sum = (read: (facts: RampDayFacts) => number): number =>
    counted.reduce((total, { facts }) => total + read(facts), 0);
  const approved = sum(({ draftsApproved }) => draftsApproved);
  const decisions = approved + sum(({ draftsRejected }) => draftsRejected);
  const approvedShare = decisions === 0 ? null : approved / decisions;
  const step =
    approvedShare === null || decisions < growth.decisionsMin
      ? undefined
      : [...growth.steps]
          .sort((a, b) => b.approvedShareMin - a.approvedShareMin)
          .find(({ approvedShareMin }) => approvedShare >= approvedShareMin);
  return { approvedShare, decisions, emailPerDay: Math.max(caps.email.perDay, step?.emailPerDay ?? 0) };
};
