/** What the small integers of the scripts mean; each script's header says the same. */

export const changeDraftResults = ['done', 'not_found', 'state_conflict', 'stale_digest', 'expired'] as const;
export const freezeBatchResults = ['frozen', 'exists', 'draft_moved', 'not_staged'] as const;
export const changeBatchResults = [
  'done',
  'not_found',
  'state_conflict',
  'hash_mismatch',
  'batch_expired',
] as const;
export const claimBatchResults = [
  'claimed',
  'not_found',
  'state_conflict',
  'batch_expired',
  'hash_mismatch',
  'policy_changed',
  'mode_changed',
  'halted',
  'store_recovering',
] as const;

export const admitActivationResults = [
  'admitted',
  'not_found',
  'state_conflict',
  'batch_expired',
  'policy_changed',
  'mode_changed',
  'halted',
  'store_recovering',
  'messages_refused',
] as const;

export type AdmitActivationResult = (typeof admitActivationResults)[number];
export type ChangeDraftResult = (typeof changeDraftResults)[number];
export type FreezeBatchResult = (typeof freezeBatchResults)[number];
export type ChangeBatchResult = (typeof changeBatchResults)[number];
export type ClaimBatchResult = (typeof claimBatchResults)[number];

/** The name behind a script's number; throws on a number its header does not promise. */
export const nameOf = <Name extends string>(names: readonly Name[], number: string): Name => {
  const name = names[Number(number)];
  if (name === undefined) throw new RangeError(`a script answered ${number}, which has no name`);
  return name;
};
