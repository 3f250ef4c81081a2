import type { DraftSummary, Tier } from '@caio/contracts';

/** What a reviewer narrows the list down to; `any` and an empty text let everything through. */
export interface DraftFilter {
  readonly tier: Tier | 'any';
  readonly text: string;
}

export const noFilter: DraftFilter = { tier: 'any', text: '' };

const searched = ({ email, name, company, title, subject }: DraftSummary): string =>
  [email, name, company, title, subject]
    .filter((part) => part !== null)
    .join('\n')
    .toLocaleLowerCase();

/** The drafts that fit; every word of the text has to be in name, address, company, title or subject. */
export const filterDrafts = (
  drafts: readonly DraftSummary[],
  { tier, text }: DraftFilter,
): readonly DraftSummary[] => {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return drafts.filter(
    (draft) =>
      (tier === 'any' || draft.tier === tier) && words.every((word) => searched(draft).includes(word)),
  );
};

/** Which draft comes after another one in a list that may no longer hold it; null at the end. */
export const neighbourOf = <Id extends string>(
  ids: readonly Id[],
  current: Id | null,
  step: 'next' | 'previous',
): Id | null => {
  const place = current === null ? -1 : ids.indexOf(current);
  if (place < 0) return ids[0] ?? null;
  return ids[step === 'next' ? place + 1 : place - 1] ?? null;
};
