import type { Lead } from '@caio/contracts';
import type {
  CompiledAudience,
  CompiledCopyPack,
  CompiledIndustry,
} from '../copy-pack/compiled-copy-pack.ts';
import { parseTitle } from '../titles/parsed-title.ts';

/** Who a text is for in the pack's own terms; null where the pack has no group for them. */
export interface Addressee {
  readonly audience: CompiledAudience | null;
  readonly industry: CompiledIndustry | null;
}

/**
 * The pack's audience of a lead, by what the strongest role in the title works on, then by the role's further
 * functions; and the line of business, by whole words of the industry.
 */
export const addresseeOf = (
  lead: Pick<Lead, 'title' | 'industry'>,
  pack: Pick<CompiledCopyPack, 'audiences' | 'industries'>,
): Addressee => {
  const title = lead.title === null ? null : parseTitle(lead.title);
  const functions = title === null ? [] : [title.function, ...title.roles.flatMap((role) => role.functions)];
  const audience = functions
    .map((held) => pack.audiences.find((candidate) => candidate.functions.includes(held)))
    .find((candidate) => candidate !== undefined);
  const industry = pack.industries.find(({ names }) => names.findIn(lead.industry ?? '').length > 0);
  return { audience: audience ?? null, industry: industry ?? null };
};
