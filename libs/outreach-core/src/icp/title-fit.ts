import type { Icp, ParsedTitle, TitleGroup, TitleRole } from '@caio/contracts';
import { lowerTier } from './tier-order.ts';

/**
 * What a title is worth in one ICP: a group with the role that earned it, `none` (a known rank nobody asked
 * for), `unclear` (a rank that would fit if the title named the field of work) or `unknown` (no rank).
 */
export type TitleFit =
  | { readonly outcome: 'group'; readonly group: TitleGroup; readonly role: TitleRole }
  | { readonly outcome: 'none' | 'unclear'; readonly role: TitleRole }
  | { readonly outcome: 'unknown' };

const fits = (group: TitleGroup, role: TitleRole): boolean =>
  group.roles.some(
    ({ seniorities, functions }) =>
      seniorities.includes(role.seniority) &&
      (functions === 'any' || role.functions.some((jobFunction) => functions.includes(jobFunction))),
  );

const isBetter = (candidate: TitleGroup, than: TitleGroup): boolean =>
  candidate.tier === than.tier
    ? candidate.points > than.points
    : lowerTier(candidate.tier, than.tier) === than.tier;

/** Finds the best group any role held today earns; a combined title counts for its best role. */
export const titleFitOf = (title: ParsedTitle, icp: Icp): TitleFit => {
  const held = title.roles.filter(({ current }) => current);
  let best: { group: TitleGroup; role: TitleRole } | null = null;
  for (const role of held)
    for (const group of icp.titleGroups)
      if (fits(group, role) && (best === null || isBetter(group, best.group))) best = { group, role };
  if (best !== null) return { outcome: 'group', ...best };
  const [strongest] = held.length > 0 ? held : title.roles;
  if (strongest === undefined) return { outcome: 'unknown' };
  const unclear = held.find(
    (role) =>
      role.functions.includes('unknown') &&
      icp.titleGroups.some(({ roles }) =>
        roles.some(({ seniorities }) => seniorities.includes(role.seniority)),
      ),
  );
  return unclear === undefined ? { outcome: 'none', role: strongest } : { outcome: 'unclear', role: unclear };
};
