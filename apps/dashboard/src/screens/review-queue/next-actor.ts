import type { NextActor } from '@caio/contracts';
import type { DeskStatus } from '../../api/desk-api.ts';

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** Whose turn it is: what the gate says, or else what its counts say. */
export const nextActorOf = (status: DeskStatus): NextActor => {
  if (status.nextActor !== undefined) return status.nextActor;
  const { pending = 0, approved = 0, batched = 0, parked = 0 } = status.drafts;
  if (status.halt.active)
    return { who: 'operator', sentence: 'Everything is stopped. Somebody permitted has to lift the stop.' };
  if (status.unknown.count > 0)
    return {
      who: 'operator',
      sentence: `Of ${counted(status.unknown.count, 'message', 'messages')} nobody knows whether it was sent. An operator has to look.`,
    };
  if (pending > 0)
    return { who: 'reviewer', sentence: `${counted(pending, 'draft waits', 'drafts wait')} for a review.` };
  if (approved > 0)
    return {
      who: 'operator',
      sentence: `${counted(approved, 'approved draft waits', 'approved drafts wait')} to be frozen into a batch.`,
    };
  if (batched > 0)
    return {
      who: 'approver',
      sentence: `${counted(batched, 'draft is', 'drafts are')} in batches; look there whether one waits for approval.`,
    };
  if (parked > 0)
    return {
      who: 'reviewer',
      sentence: `${counted(parked, 'draft is', 'drafts are')} parked by a guard: edit or reject them.`,
    };
  return { who: 'nobody', sentence: 'Nothing waits for anybody. New drafts come with the next lead file.' };
};

/** Where that person does it. */
export const placeOfActor = ({
  who,
}: NextActor): { readonly label: string; readonly href: string } | null => {
  switch (who) {
    case 'reviewer':
      return { label: 'Go to the review', href: '/' };
    case 'approver':
    case 'operator':
      return { label: 'Go to the batches', href: '/batches' };
    case 'nobody':
      return null;
  }
};
