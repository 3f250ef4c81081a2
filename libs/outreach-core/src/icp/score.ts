import type { Icp, IndustryGroup, Lead, Tier, TitleRole } from '@caio/contracts';
import { bandOf, isCertainlyOutside } from './bounds.ts';
import type { CompiledIcp } from './compiled-icp.ts';
import { matchesIn, nameWordsOf } from './phrase-match.ts';
import { codeOf } from './reason-codes.ts';
import { liveTiers, lowerTier, tierBelow, tierOfScore } from './tier-order.ts';
import type { TitleFit } from './title-fit.ts';

/** `score` is 0–100, `reasons` the path to it and to the two tiers. */
export interface Score {
  readonly score: number;
  readonly scoreTier: Tier;
  readonly ceiling: Tier;
  readonly reasons: string[];
}

interface Points {
  readonly points: number;
  readonly reasons: string[];
}

const roleCodes = (role: TitleRole): string[] => [
  codeOf.rank(role.seniority),
  ...role.functions.map(codeOf.jobFunction),
  ...role.modifiers.map(codeOf.modifier),
];

const titlePoints = (fit: TitleFit): Points => {
  const reasons = fit.outcome === 'unknown' ? [] : roleCodes(fit.role);
  if (fit.outcome !== 'group') return { points: 0, reasons: [...reasons, 'title_not_in_icp'] };
  const { id, points } = fit.group;
  return { points, reasons: [...reasons, codeOf.titleGroup(id, points)] };
};

const sizePoints = (lead: Lead, { sizeBands }: Icp): Points => {
  const found = bandOf(lead.employees, sizeBands);
  if (found.band === null)
    return { points: 0, reasons: [found.why === 'unknown' ? 'size_unknown_0' : 'size_in_no_band_0'] };
  const { min, max, points } = found.band;
  return { points, reasons: [codeOf.sizeBand(min, max, points)] };
};

/** The group that counts when an industry fits several: the lowest tier, then the fewest points. */
const lowestOf = (groups: readonly IndustryGroup[]): IndustryGroup | null => {
  const [first, ...rest] = groups;
  if (first === undefined) return null;
  return rest.reduce((low, group) => {
    if (group.tier === low.tier) return group.points < low.points ? group : low;
    return lowerTier(group.tier, low.tier) === group.tier ? group : low;
  }, first);
};

const industryPoints = (groups: readonly IndustryGroup[]): Points => {
  const lowest = lowestOf(groups);
  if (lowest === null) return { points: 0, reasons: ['industry_not_in_icp'] };
  return {
    points: lowest.points,
    reasons: [
      ...(groups.length > 1 ? ['industry_several_groups'] : []),
      codeOf.industryGroup(lowest.id, lowest.points),
    ],
  };
};

/** What the document allows, whatever the score: title × industry, then bounds of single tiers. */
const ceilingOf = (
  lead: Lead,
  fit: TitleFit,
  industry: IndustryGroup | null,
  icp: Icp,
): { ceiling: Tier; reasons: string[] } => {
  if (fit.outcome !== 'group' || industry === null) return { ceiling: 'tier_4', reasons: [] };
  const reasons = [codeOf.ceiling('title', fit.group.tier), codeOf.ceiling('industry', industry.tier)];
  let ceiling = lowerTier(fit.group.tier, industry.tier);
  for (const modifier of fit.role.modifiers) {
    const allowed = icp.modifierCeilings[modifier];
    if (allowed === undefined) continue;
    ceiling = lowerTier(ceiling, allowed);
    reasons.push(codeOf.ceiling(modifier, allowed));
  }
  for (const tier of liveTiers) {
    if (tier !== ceiling) continue;
    const bounds = icp.tierBounds[tier];
    const outside = [
      ...(isCertainlyOutside(lead.employees, bounds?.employees) ? [codeOf.outside('size', tier)] : []),
      ...(isCertainlyOutside(lead.revenueUsd, bounds?.revenueUsd) ? [codeOf.outside('revenue', tier)] : []),
    ];
    if (outside.length === 0) break;
    ceiling = tierBelow(tier);
    reasons.push(...outside);
  }
  return { ceiling, reasons };
};

const scoreMax = 100;

/** Points for title, size and industry, times the group's multiplier, rounded down, at most 100. */
export const scoreLead = (lead: Lead, fit: TitleFit, { icp, industryGroups }: CompiledIcp): Score => {
  const groups = matchesIn(industryGroups, nameWordsOf(lead.industry ?? ''));
  const industry = lowestOf(groups);
  const parts = [titlePoints(fit), sizePoints(lead, icp), industryPoints(groups)];
  const points = parts.reduce((sum, part) => sum + part.points, 0);
  const percent =
    fit.outcome === 'group' && industry !== null ? fit.group.multiplierPercent[industry.tier] : 100;
  const score = Math.min(scoreMax, Math.floor((points * percent) / 100));
  const scoreTier = tierOfScore(score, icp.cutOffs);
  const { ceiling, reasons } = ceilingOf(lead, fit, industry, icp);
  return {
    score,
    scoreTier,
    ceiling,
    reasons: [
      ...parts.flatMap((part) => part.reasons),
      codeOf.multiplier(percent),
      codeOf.scoreTier(scoreTier),
      ...reasons,
    ],
  };
};
