import type { Lead } from '@caio/contracts';
import type {
  CompiledAudience,
  CompiledCopyPack,
  CompiledIndustry,
} from '../copy-pack/compiled-copy-pack.ts';

/** Who a text is for in the pack's own terms; null where the pack has no group for them. */
export interface Addressee {
  readonly audience: CompiledAudience | null;
  readonly industry: CompiledIndustry | null;
}

/** The pack's audience and line of business of a lead, told by whole words of title and industry. */
export const addresseeOf = (
  lead: Pick<Lead, 'title' | 'industry'>,
  pack: Pick<CompiledCopyPack, 'audiences' | 'industries'>,
): Addressee => {
  const title = lead.title ?? '';
  const industry = lead.industry ?? '';
  return {
    audience:
      pack.audiences.find(
        ({ titles, notTitles }) => titles.findIn(title).length > 0 && notTitles.findIn(title).length === 0,
      ) ?? null,
    industry: pack.industries.find(({ names }) => names.findIn(industry).length > 0) ?? null,
  };
};
