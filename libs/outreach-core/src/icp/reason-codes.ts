import type { JobFunction, Seniority, TitleModifier } from '@caio/contracts';

/** The tiers a lead may be contacted in, best first; `tier_4` is nobody's. */
export type LiveTier = 'tier_1' | 'tier_2' | 'tier_3';

export type Place = 'industry' | 'company' | 'title' | 'domain';

/** The codes with a variable part; all others are written where they are emitted. */
export const codeOf = {
  neverContact: (kind: string, place: Place) => `never_contact_${kind}_by_${place}`,
  rank: (seniority: Seniority) => `title_rank_${seniority}`,
  jobFunction: (jobFunction: JobFunction) => `title_function_${jobFunction}`,
  modifier: (modifier: TitleModifier) => `title_modifier_${modifier}`,
  titleGroup: (id: string, points: number) => `title_group_${id}_${points}`,
  sizeBand: (min: number, max: number | null, points: number) => `size_${min}_${max ?? 'up'}_${points}`,
  industryGroup: (id: string, points: number) => `industry_group_${id}_${points}`,
  multiplier: (percent: number) => `multiplier_${percent}`,
  scoreTier: (tier: string) => `score_${tier}`,
  ceiling: (by: 'title' | 'industry' | TitleModifier, tier: LiveTier) => `ceiling_${by}_${tier}`,
  outside: (what: 'size' | 'revenue', tier: LiveTier) => `${what}_outside_${tier}`,
} as const;
