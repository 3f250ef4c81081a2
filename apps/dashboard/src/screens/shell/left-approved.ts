import type { QueueStatus } from '@caio/contracts';

export type DraftCounts = QueueStatus['drafts'];

/** Whether an approved draft went into a batch, or was taken back, between two counts. */
export const someLeftApproved = (before: DraftCounts, now: DraftCounts): boolean =>
  (now['approved'] ?? 0) < (before['approved'] ?? 0) ||
  (now['batched'] ?? 0) > (before['batched'] ?? 0) ||
  (now['withdrawn'] ?? 0) > (before['withdrawn'] ?? 0);
