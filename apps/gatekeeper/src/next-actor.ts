import type { NextActor } from '@caio/contracts';

/** What waits, counted. */
export interface Waiting {
  readonly halted: boolean;
  readonly recovering: boolean;
  readonly drafts: Readonly<Record<string, number>>;
  readonly pendingBatches: number;
  readonly approvedBatches: number;
  readonly unknown: number;
  /** Actions that go out by themselves. */
  readonly queued: number;
}

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/**
 * Whose turn it is. What stops everything comes first, then what is closest to being sent: a batch expires, a draft
 * that waits does not for long.
 */
export const decideNextActor = (waiting: Waiting): Required<NextActor> => {
  const { drafts } = waiting;
  const [pending, approved, parked] = [
    drafts['pending'] ?? 0,
    drafts['approved'] ?? 0,
    drafts['parked'] ?? 0,
  ];
  if (waiting.halted)
    return {
      who: 'operator',
      sentence: 'Everything is stopped. Somebody permitted has to lift the stop.',
      page: null,
    };
  if (waiting.unknown > 0)
    return {
      who: 'operator',
      sentence: `Of ${counted(waiting.unknown, 'message', 'messages')} nobody knows whether it was sent. If the provider does not say so soon, an operator has to look.`,
      page: 'system',
    };
  if (waiting.recovering)
    return {
      who: 'nobody',
      sentence: 'The store came back and is being compared with the providers. Sending resumes by itself.',
      page: null,
    };
  if (waiting.pendingBatches > 0)
    return {
      who: 'approver',
      sentence: `${counted(waiting.pendingBatches, 'batch waits', 'batches wait')} for an approval.`,
      page: 'batches',
    };
  if (waiting.approvedBatches > 0)
    return {
      who: 'operator',
      sentence: `${counted(waiting.approvedBatches, 'approved batch waits', 'approved batches wait')} to be executed.`,
      page: 'batches',
    };
  if (pending > 0)
    return {
      who: 'reviewer',
      sentence: `${counted(pending, 'draft waits', 'drafts wait')} for a review.`,
      page: 'review',
    };
  if (approved > 0)
    return {
      who: 'operator',
      sentence: `${counted(approved, 'approved draft waits', 'approved drafts wait')} to be frozen into a batch.`,
      page: 'batches',
    };
  if (waiting.queued > 0)
    return {
      who: 'nobody',
      sentence: `${counted(waiting.queued, 'message goes', 'messages go')} out by themselves as soon as the rules allow.`,
      page: null,
    };
  if (parked > 0)
    return {
      who: 'reviewer',
      sentence: `${counted(parked, 'draft is', 'drafts are')} parked: edit, reject or withdraw them.`,
      page: 'parked',
    };
  return {
    who: 'nobody',
    sentence: 'Nothing waits for anybody. New drafts come with the next lead file.',
    page: null,
  };
};
