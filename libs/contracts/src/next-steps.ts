import type { ActionStatus } from './action.ts';
import type { BatchStatus } from './batch.ts';
import type { DraftStatus } from './draft.ts';

/** What can be done next with a draft in each state, and by whom: the fix of every refused command. */
export const draftNextSteps: Readonly<Record<DraftStatus, string>> = {
  pending: 'It waits for a reviewer, who approves, edits or rejects it.',
  approved: 'It is approved and waits for a batch to be frozen; recall it to decide again.',
  batched: 'It is in a batch. Until that is executed, reject or revoke the batch to get it out.',
  rejected: 'That is final; only a new draft can take its place.',
  parked: 'A guard refuses the text: edit it until none does, or reject or withdraw it.',
  expired: 'It waited too long, which is final; import the lead again for a new draft.',
  withdrawn: 'That is final; only a new draft can take its place.',
};

/** The same for a batch. */
export const batchNextSteps: Readonly<Record<BatchStatus, string>> = {
  pending: 'It waits for a person to approve it by its preview hash, or to reject it.',
  approved: 'It waits for an operator to execute it; until then the approval can be revoked.',
  executing: 'It is being sent by itself; a halt stops what has not been handed over.',
  executed: 'It is done; its receipts say what became of each message.',
  partially_executed: 'It is done; its receipts say which messages were not handed over, and why.',
  failed: 'It is done and nothing was handed over; its receipts say why.',
  rejected: 'That is final; its drafts are approved again and can be frozen into another batch.',
  revoked: 'That is final; its drafts are approved again and can be frozen into another batch.',
  expired: 'That is final; its drafts are approved again and can be frozen into another batch.',
};

/** The same for one action. */
export const actionNextSteps: Readonly<Record<ActionStatus, string>> = {
  frozen: 'Its batch waits for approval or execution.',
  queued: 'It goes out by itself as soon as its reason allows.',
  sending: 'It is being handed to the provider at this moment.',
  handed_over: 'The provider has it; it can be taken back until the provider mails it.',
  left: 'It is sent.',
  refused: 'The provider refused it; nothing more happens.',
  blocked: 'The last check refused it for good.',
  unknown: 'The provider is being asked; if that does not settle it, a person has to look.',
  taken_back: 'It was taken back before it was mailed.',
};
