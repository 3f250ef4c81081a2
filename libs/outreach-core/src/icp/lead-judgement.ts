import {
  type Channel,
  type Icp,
  type Judgement,
  judgementSentenceOf,
  type Lead,
  type LeadJudgement,
  type ParsedTitle,
} from '@caio/contracts';
import { compileIcp } from './compiled-icp.ts';
import type { CompiledIcp } from './compiled-icp.ts';
import { disqualifierCodes } from './disqualifiers.ts';
import { readLeadForJudging } from './lead-reading.ts';
import { parkCodes } from './parks.ts';
import { scoreLead } from './score.ts';
import type { Score } from './score.ts';
import { lowerTier } from './tier-order.ts';
import { titleFitOf } from './title-fit.ts';

const unscored = (
  verdict: 'disqualified' | 'parked',
  decidedBy: 'disqualifiers' | 'parks',
  reasons: string[],
  title: ParsedTitle,
): LeadJudgement => ({
  verdict,
  decidedBy,
  tier: null,
  score: 0,
  reasons,
  ceiling: null,
  scoreTier: null,
  title,
});

const deciderOf = ({ scoreTier, ceiling }: Score): string => {
  if (scoreTier === ceiling) return 'decided_by_both';
  return lowerTier(scoreTier, ceiling) === ceiling ? 'decided_by_ceiling' : 'decided_by_score';
};

const scored = (score: Score, title: ParsedTitle): LeadJudgement => {
  const tier = lowerTier(score.ceiling, score.scoreTier);
  const refusals = [
    ...(score.ceiling === 'tier_4' ? ['outside_icp'] : []),
    ...(score.scoreTier === 'tier_4' ? ['below_score'] : []),
  ];
  return {
    verdict: tier === 'tier_4' ? 'disqualified' : 'qualified',
    decidedBy: 'score',
    tier,
    score: score.score,
    reasons: [...score.reasons, deciderOf(score), ...refusals],
    ceiling: score.ceiling,
    scoreTier: score.scoreTier,
    title,
  };
};

const judge = (lead: Lead, compiled: CompiledIcp, channel: Channel): LeadJudgement => {
  const reading = readLeadForJudging(lead);
  const { title } = reading;
  const never = disqualifierCodes(reading, compiled);
  if (never.length > 0) return unscored('disqualified', 'disqualifiers', never, title);
  const fit = titleFitOf(title, compiled.icp);
  const open = parkCodes(reading, fit, compiled.icp, channel);
  if (open.length > 0) return unscored('parked', 'parks', open, title);
  return scored(scoreLead(lead, fit, compiled), title);
};

/**
 * A judge for many leads of one company: the ICP's phrases are compiled once. The order is fixed: hard
 * disqualifiers, then open questions that park, then the score; the tier is the lower of what the document
 * allows and what the score earns. `reasons` holds exactly the steps taken, in order. The channel is that of the
 * message; e-mail when left out.
 */
export const createLeadJudge = (icp: Icp): ((lead: Lead, channel?: Channel) => LeadJudgement) => {
  const compiled = compileIcp(icp);
  return (lead, channel = 'email') => judge(lead, compiled, channel);
};

/** Judges one lead; see createLeadJudge for many. Source: users.md §7.4, architecture.md §5. */
export const judgeLead = (lead: Lead, icp: Icp): LeadJudgement => judge(lead, compileIcp(icp), 'email');

/**
 * A judgement in plain words, one sentence per reason code in the order of the path. It adds nothing that
 * has no code; a code of another version of the program is shown as it is.
 */
export const explainJudgement = ({ reasons }: Pick<Judgement, 'reasons'>): string =>
  reasons.map((code) => judgementSentenceOf(code) ?? `Reason code ${code}.`).join(' ');
