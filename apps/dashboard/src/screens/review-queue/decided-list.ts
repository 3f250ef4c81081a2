import type { Draft, DraftSummaryList } from '@caio/contracts';

/**
 * The list after a decision about one of its drafts, as the store has it now: the draft is counted under its new state
 * and is in the list only as long as it has the state that the others have.
 */
export const withDecided = (list: DraftSummaryList, decided: Draft): DraftSummaryList => {
  const before = list.drafts.find(({ draftId }) => draftId === decided.draftId);
  if (before === undefined) return list;
  if (before.status === decided.status) {
    const { subject } = decided.message;
    const drafts = list.drafts.map((draft) => (draft === before ? { ...draft, subject } : draft));
    return { ...list, drafts };
  }
  const { [before.status]: from = 1, [decided.status]: to = 0 } = list.counts;
  return {
    ...list,
    drafts: list.drafts.filter((draft) => draft !== before),
    counts: { ...list.counts, [before.status]: from - 1, [decided.status]: to + 1 },
  };
};
