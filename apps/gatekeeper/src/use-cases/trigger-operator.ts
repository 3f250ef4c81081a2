import {
  type Batch,
  errorCatalogue,
  type ErrorCode,
  type LeftOut,
  type Motion,
  type MotionReport,
} from '@caio/contracts';
import type { BatchStore } from '@caio/state-store';
import type { ExecuteBatch } from './execute-batch.ts';
import type { FreezeBatch } from './freeze-batch.ts';

export interface TriggerDependencies {
  readonly batches: Pick<BatchStore, 'list' | 'storeNowMs'>;
  readonly freezeBatch: Pick<FreezeBatch, 'preview' | 'freeze'>;
  readonly executeBatch: ExecuteBatch;
}

export interface TriggerRequest {
  readonly mode: 'dry_run' | 'live';
  readonly motion: Motion;
  /** Whether the caller may start an execution; without it an approved batch is refused, never passed over. */
  readonly execution: 'allowed' | 'forbidden';
  readonly actor: string;
  readonly correlationId: string;
}

/** `executionId` of the execution that was started. */
export interface TriggeredMotion extends MotionReport {
  readonly executionId: string | null;
}

const batchesLookedAt = 200;

const countReasons = (leftOut: readonly LeftOut[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { reason } of leftOut) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
};

const isOneOf =
  (motion: Motion, status: Batch['status'], nowMs: number) =>
  (batch: Batch): boolean =>
    batch.motion === motion && batch.status === status && Date.parse(batch.expiresAt) > nowMs;

/**
 * One motion's part of a run of the former operator, on the use cases of ours: looks, or executes its approved
 * batch, or names the one that waits, or freezes one. It never sends what nobody approved.
 */
export const createTriggerOperator = (deps: TriggerDependencies) => {
  const empty = {
    messages: 0,
    batch_id: null,
    preview_hash: null,
    left_out: {},
    error: null,
    executionId: null,
  };
  const refused = (
    motion: Motion,
    code: ErrorCode,
    part: Partial<TriggeredMotion> = {},
  ): TriggeredMotion => ({
    ...{ ...empty, motion, outcome: 'refused', error: { code, message: errorCatalogue[code].message } },
    ...part,
  });

  const look = async ({ motion, actor, correlationId }: TriggerRequest): Promise<TriggeredMotion> => {
    const { preview, leftOut } = await deps.freezeBatch.preview({
      ...{ motion, draftIds: null, limit: null, actor, correlationId },
    });
    const messages = preview.actions.length;
    const outcome = messages === 0 ? 'nothing' : 'would_send';
    return { ...empty, motion, outcome, messages, left_out: countReasons(leftOut) };
  };

  const freeze = async ({ motion, actor, correlationId }: TriggerRequest): Promise<TriggeredMotion> => {
    const outcome = await deps.freezeBatch.freeze({
      ...{ motion, draftIds: null, limit: null, actor, correlationId },
    });
    switch (outcome.outcome) {
      case 'frozen':
        return waiting(outcome.batch);
      case 'empty_scope':
        return { ...empty, motion, outcome: 'nothing', left_out: countReasons(outcome.leftOut) };
      case 'draft_moved':
        return refused(motion, 'state_conflict');
    }
  };

  const waiting = ({ motion, batchId, previewHash, actionCount, leftOut }: Batch): TriggeredMotion => ({
    ...{ ...empty, motion, outcome: 'pending_approval', messages: actionCount },
    ...{ batch_id: batchId, preview_hash: previewHash, left_out: countReasons(leftOut) },
  });

  const execute = async (batch: Batch, request: TriggerRequest): Promise<TriggeredMotion> => {
    const { motion, batchId, previewHash, actionCount } = batch;
    const named = { batch_id: batchId, preview_hash: previewHash, messages: actionCount };
    if (request.execution === 'forbidden') return refused(motion, 'forbidden', named);
    const { actor, correlationId } = request;
    const outcome = await deps.executeBatch({ batchId, actor, correlationId });
    if (outcome.outcome !== 'claimed') return refused(motion, outcome.outcome, named);
    return { ...empty, ...named, motion, outcome: 'executing', executionId: outcome.batch.executionId };
  };

  return async (request: TriggerRequest): Promise<TriggeredMotion> => {
    if (request.mode === 'dry_run') return look(request);
    const nowMs = await deps.batches.storeNowMs();
    const batches = await deps.batches.list(batchesLookedAt);
    const approved = batches.find(isOneOf(request.motion, 'approved', nowMs));
    if (approved !== undefined) return execute(approved, request);
    const pending = batches.find(isOneOf(request.motion, 'pending', nowMs));
    return pending === undefined ? freeze(request) : waiting(pending);
  };
};

export type TriggerOperator = ReturnType<typeof createTriggerOperator>;
