import type {
  ActionStatus,
  BatchStatus,
  DeliveryMode,
  DraftStatus,
  Motion,
  Permission,
  RowVerdict,
} from '@caio/contracts';

/** The states in words for somebody who reviews, not operates. */
export const draftStateWords: Readonly<Record<DraftStatus, string>> = {
  pending: 'Waiting for review',
  approved: 'Approved, not in a batch yet',
  batched: 'In a batch',
  rejected: 'Rejected',
  parked: 'Parked by a check',
  expired: 'Expired unread',
  withdrawn: 'Withdrawn',
};

export const batchStateWords: Readonly<Record<BatchStatus, string>> = {
  pending: 'Waiting for approval',
  approved: 'Approved, not started',
  executing: 'Sending now',
  executed: 'Done',
  partially_executed: 'Done, not all handed over',
  failed: 'Done, nothing handed over',
  rejected: 'Rejected',
  revoked: 'Approval taken back',
  expired: 'Expired',
};

/** Of a batch in the middle of being sent, while everything is stopped. */
export const stoppedWords = 'Stopped in the middle: nothing is handed over until the stop is lifted';

const actionStateWords: Readonly<Record<ActionStatus, string>> = {
  frozen: 'Not started',
  queued: 'Waiting its turn',
  sending: 'Being handed over',
  handed_over: 'With the provider',
  left: 'Sent',
  refused: 'Refused by the provider',
  blocked: 'Held back by the last check',
  unknown: 'Not known whether sent',
  taken_back: 'Taken back',
};

/** What a settled state means where nothing real leaves. */
export const outcomeWords = (status: ActionStatus, mode: DeliveryMode): string => {
  // A log has nobody who could mail it later: what it was handed is where it stays.
  if ((status === 'left' || status === 'handed_over') && mode === 'log-only') return 'Written to the log';
  if (status === 'left' && mode === 'sandbox') return 'Sent to the simulator';
  if (status === 'handed_over' && mode === 'sandbox') return 'With the simulator';
  return actionStateWords[status];
};

export const motionWords: Readonly<Record<Motion, string>> = {
  outbound: 'First contact',
  cadence: 'Follow-up',
  revival: 'Revival',
};

export const verdictWords: Readonly<Record<RowVerdict, string>> = {
  drafted: 'became drafts for review',
  parked: 'parked: text or data has a fault',
  disqualified: 'not a lead we write to',
  excluded: 'on the exclusion list or suppressed',
  duplicate: 'known already',
  bad_row: 'could not be read',
};

export const permissionWords: Readonly<Record<Permission, string>> = {
  read: 'look at everything',
  'runs:write': 'import lead files',
  'drafts:write': 'hand in drafts',
  'drafts:review': 'approve, edit and reject drafts',
  'batches:freeze': 'freeze batches',
  'batches:approve': 'approve and reject batches',
  'batches:execute': 'start sending',
  'batches:activate': 'have providers mail what they hold',
  halt: 'stop everything',
  'halt:lift': 'lift the stop',
  'unknown:decide': 'decide what became of messages nobody knows about',
  'ramp:graduate': 'end the ramp',
  'suppressions:write': 'suppress people',
  'suppressions:lift': 'lift a suppression',
  'exclusions:write': 'change the exclusions',
  'customers:accept': 'accept a list of customers that shrank',
  'audit:retire': 'retire old audit rows',
  'subjects:erase': 'export and erase a person',
};

/** `tier_1` as a reader says it. */
export const tierWords = (tier: string | null): string =>
  tier === null ? 'no tier' : tier.replace('_', ' ');
