import type { ActionStatus, BatchStatus, DraftStatus } from '@caio/contracts';
import {
  type ActionCommand,
  batchArrows,
  decideAction,
  decideBatch,
  decideBatchEnd,
  openActionStatuses,
} from '@caio/dispatch-core';
import type { FrozenAction } from '../batch-freeze.ts';

/** What the readable life cycle says becomes of batches and actions: the reference that the store is held against. */
export const outcomes = ['handed_over', 'left', 'refused', 'released', 'unknown'] as const;

export interface ModelBatch {
  readonly batchId: string;
  readonly previewHash: string;
  readonly actions: ModelAction[];
  status: BatchStatus;
  fence: number;
  executionId: string;
}
export interface ModelAction {
  readonly frozen: FrozenAction;
  readonly batch: ModelBatch;
  status: ActionStatus;
  draft: DraftStatus;
  attemptId: string;
}

export const endIfNothingIsOpen = (batch: ModelBatch): void => {
  if (batch.status !== 'executing') return;
  if (batch.actions.some(({ status }) => openActionStatuses.includes(status))) return;
  const count = (...statuses: ActionStatus[]): number =>
    batch.actions.filter(({ status }) => statuses.includes(status)).length;
  const delivered = count('handed_over', 'left', 'taken_back');
  batch.status = batchArrows[decideBatchEnd({ delivered, undelivered: count('refused', 'blocked') })].to;
};
export const take = (action: ModelAction, command: ActionCommand): boolean => {
  const decided = decideAction(command, action.status);
  if (!decided.ok) return false;
  action.status = decided.to;
  endIfNothingIsOpen(action.batch);
  return true;
};
export const close = (
  batch: ModelBatch,
  command: 'approve' | 'reject' | 'revoke' | 'expire' | 'claim',
): boolean => {
  const decided = decideBatch(command, batch.status);
  if (!decided.ok) return false;
  batch.status = decided.to;
  for (const action of batch.actions.filter(({ status }) => status === 'frozen')) {
    if (command === 'claim') action.status = 'queued';
    else if (command !== 'approve') action.draft = 'approved';
  }
  endIfNothingIsOpen(batch);
  return true;
};
export const settled = (action: ModelAction, to: (typeof outcomes)[number]): boolean => {
  if (action.status !== 'sending' && action.status !== 'unknown') return false;
  if (to === 'unknown') return take(action, 'lose') || action.status === 'unknown';
  if (to !== 'released') {
    return take(action, ({ handed_over: 'handOver', left: 'leave', refused: 'refuse' } as const)[to]);
  }
  return take(action, 'release');
};
