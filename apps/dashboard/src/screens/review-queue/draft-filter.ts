import type { Draft, Tier } from '@caio/contracts';

/** What a reviewer narrows the list down to; `any` and an empty text let everything through. */
export interface DraftFilter {
  readonly tier: Tier | 'any';
  readonly text: string;
}

export const noFilter: DraftFilter = { tier: 'any', text: '' };

const searched = ({ message, lead, templateId }: Draft): string =>
  [
    message.recipient.email,
    message.recipient.name,
    message.recipient.company,
    message.subject,
    message.body,
    lead.title,
    lead.industry,
    templateId,
  ]
    .filter((part) => part !== null)
    .join('\n')
    .toLocaleLowerCase();

/** The drafts that fit; every word of the text has to be somewhere in the draft. */
export const filterDrafts = (drafts: readonly Draft[], { tier, text }: DraftFilter): readonly Draft[] => {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  return drafts.filter(
    (draft) =>
      (tier === 'any' || draft.judgement.tier === tier) &&
      words.every((word) => searched(draft).includes(word)),
  );
};

/** Which draft comes after another one in a list that may no longer hold it; null at the end. */
export const neighbourOf = (
  ids: readonly string[],
  current: string | null,
  step: 'next' | 'previous',
): string | null => {
  const place = current === null ? -1 : ids.indexOf(current);
  if (place < 0) return ids[0] ?? null;
  return ids[step === 'next' ? place + 1 : place - 1] ?? null;
};
