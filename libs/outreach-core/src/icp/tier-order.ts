import type { Icp, Tier } from '@caio/contracts';
import { tierSchema } from '@caio/contracts';
import type { LiveTier } from './reason-codes.ts';

export const liveTiers: readonly LiveTier[] = ['tier_1', 'tier_2', 'tier_3'];

const rankOf = (tier: Tier): number => tierSchema.options.indexOf(tier);

export const lowerTier = (a: Tier, b: Tier): Tier => (rankOf(a) >= rankOf(b) ? a : b);

/** The tier a score of 0–100 earns; below the last cut-off it is `tier_4`. */
export const tierOfScore = (score: number, cutOffs: Icp['cutOffs']): Tier =>
  liveTiers.find((tier) => score >= cutOffs[tier]) ?? 'tier_4';

export const tierBelow = (tier: Tier): Tier => tierSchema.options[rankOf(tier) + 1] ?? 'tier_4';
