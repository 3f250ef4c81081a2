import type { ActionStatus, BatchStatus, DraftStatus } from '@caio/contracts';

/**
 * Every legal arrow of docs/architecture.md §4. The stores hand the `from` list of a command to the script
 * that makes the change, so this table is the only place where a transition is allowed or forbidden.
 */
export interface Arrow<Status extends string> {
  readonly from: readonly Status[];
  readonly to: Status;
}

export const draftArrows = {
  approve: { from: ['pending'], to: 'approved' },
  recall: { from: ['approved'], to: 'pending' },
  reject: { from: ['pending', 'parked'], to: 'rejected' },
  withdraw: { from: ['pending', 'parked', 'approved'], to: 'withdrawn' },
  expire: { from: ['pending', 'parked', 'approved'], to: 'expired' },
  edit: { from: ['pending', 'parked'], to: 'pending' },
  park: { from: ['pending', 'parked'], to: 'parked' },
  freeze: { from: ['approved'], to: 'batched' },
  unfreeze: { from: ['batched'], to: 'approved' },
  drop: { from: ['batched'], to: 'pending' },
} as const satisfies Record<string, Arrow<DraftStatus>>;

export const batchArrows = {
  approve: { from: ['pending'], to: 'approved' },
  reject: { from: ['pending'], to: 'rejected' },
  revoke: { from: ['approved'], to: 'revoked' },
  expire: { from: ['pending', 'approved'], to: 'expired' },
  claim: { from: ['approved'], to: 'executing' },
  finish: { from: ['executing'], to: 'executed' },
  finishPartly: { from: ['executing'], to: 'partially_executed' },
  fail: { from: ['executing'], to: 'failed' },
} as const satisfies Record<string, Arrow<BatchStatus>>;

export const actionArrows = {
  claim: { from: ['frozen'], to: 'queued' },
  admit: { from: ['queued'], to: 'sending' },
  block: { from: ['queued'], to: 'blocked' },
  handOver: { from: ['sending', 'unknown'], to: 'handed_over' },
  leave: { from: ['sending', 'unknown', 'handed_over'], to: 'left' },
  refuse: { from: ['sending', 'unknown'], to: 'refused' },
  release: { from: ['sending', 'unknown'], to: 'queued' },
  lose: { from: ['sending'], to: 'unknown' },
  takeBack: { from: ['handed_over'], to: 'taken_back' },
} as const satisfies Record<string, Arrow<ActionStatus>>;

export type DraftCommand = keyof typeof draftArrows;
export type BatchCommand = keyof typeof batchArrows;
export type ActionCommand = keyof typeof actionArrows;

export type Transition<Status extends string> =
  { readonly ok: true; readonly to: Status } | { readonly ok: false; readonly current: Status };

const decide = <Status extends string>(arrow: Arrow<Status>, current: Status): Transition<Status> =>
  arrow.from.includes(current) ? { ok: true, to: arrow.to } : { ok: false, current };

export const decideDraft = (command: DraftCommand, current: DraftStatus): Transition<DraftStatus> =>
  decide<DraftStatus>(draftArrows[command], current);
export const decideBatch = (command: BatchCommand, current: BatchStatus): Transition<BatchStatus> =>
  decide<BatchStatus>(batchArrows[command], current);
export const decideAction = (command: ActionCommand, current: ActionStatus): Transition<ActionStatus> =>
  decide<ActionStatus>(actionArrows[command], current);

/** Statuses of an action that still keep its batch open. */
export const openActionStatuses: readonly ActionStatus[] = ['frozen', 'queued', 'sending', 'unknown'];

/** How a batch ends once none of its actions is open; `delivered` counts handed over, left and taken back. */
export const decideBatchEnd = (counts: { delivered: number; undelivered: number }): BatchCommand => {
  if (counts.undelivered === 0) return 'finish';
  return counts.delivered === 0 ? 'fail' : 'finishPartly';
};
