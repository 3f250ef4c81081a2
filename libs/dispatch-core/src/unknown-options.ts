import type { UnknownDecision, UnknownStanding } from '@caio/contracts';

/** What a person may say about an unknown action. `why` is empty when nothing speaks against it. */
export interface UnknownOption {
  readonly as: UnknownDecision;
  readonly allowed: 'yes' | 'despite' | 'no';
  readonly why: string;
}

const released: Readonly<Record<UnknownStanding, Omit<UnknownOption, 'as'>>> = {
  at_provider: { allowed: 'no', why: 'The provider has the message; sent again it would arrive twice.' },
  other_content: { allowed: 'no', why: 'The provider has something for this person; delete it there first.' },
  provider_silent: { allowed: 'despite', why: 'The provider does not say whether it has the message.' },
  may_still_be_sent: {
    allowed: 'despite',
    why: 'The process that was sending may still be alive and send it.',
  },
  absent_so_far: { allowed: 'despite', why: 'The provider does not show it, and may only be slow to.' },
  absent: { allowed: 'yes', why: '' },
};

const handedOver = (standing: UnknownStanding, holdsBeforeMailing: boolean): Omit<UnknownOption, 'as'> => {
  if (!holdsBeforeMailing)
    return { allowed: 'no', why: 'This provider holds nothing back: it left, or it did not.' };
  return standing === 'other_content'
    ? { allowed: 'no', why: 'What the provider has is not what was approved; delete it there.' }
    : { allowed: 'yes', why: '' };
};

/**
 * Only an absence that is proven can be released without anybody answering for it, and what the provider shows
 * cannot be released at all.
 */
export const unknownOptions = (
  standing: UnknownStanding,
  provider: { readonly holdsBeforeMailing: boolean },
): readonly UnknownOption[] => [
  { as: 'handed_over', ...handedOver(standing, provider.holdsBeforeMailing) },
  { as: 'left', allowed: 'yes', why: '' },
  { as: 'released', ...released[standing] },
];
