import { batchParamsSchema, executedBatchSchema } from '@caio/contracts';
import { correlationIdOf, parseParams, requirePermission, respondError, userOf } from '@caio/service-kit';
import type { BatchStore } from '@caio/state-store';
import { Router } from 'express';
import { batchConflict } from '../../conflict-detail.ts';
import { damagedActions } from '../../damaged-actions.ts';
import type { ExecuteBatch } from '../../use-cases/execute-batch.ts';

/** POST /api/batches/:batchId/execute: starts the one execution; 202 to exactly one caller. */
export const executeBatchRoute = (deps: {
  batches: Pick<BatchStore, 'lastStep'>;
  executeBatch: ExecuteBatch;
}): Router =>
  Router().post('/api/batches/:batchId/execute', requirePermission('batches:execute'), async (req, res) => {
    const { batchId } = parseParams(req, batchParamsSchema);
    const outcome = await deps.executeBatch({
      batchId,
      actor: userOf(req).name,
      correlationId: correlationIdOf(req),
    });
    switch (outcome.outcome) {
      case 'claimed':
        res.status(202).json(executedBatchSchema.parse({ batch: outcome.batch, enqueued: outcome.enqueued }));
        return;
      case 'not_found':
        return respondError(res, 'not_found', { message: 'There is no batch with this id.' });
      case 'state_conflict':
        return respondError(res, 'state_conflict', {
          message: `This batch is ${outcome.detail}; only an approved one can be executed, once.`,
          ...(await batchConflict(deps.batches, batchId, outcome.detail)),
        });
      case 'record_damaged':
        return respondError(
          res,
          'record_damaged',
          damagedActions(batchId, outcome.actionIds, 'nothing was started'),
        );
      case 'hash_mismatch':
        return respondError(res, 'hash_mismatch', {
          message: 'What the store holds is not what was approved; nothing was started.',
          fix: 'Treat this as tampering or a damaged store: run caio audit verify, then freeze a new batch.',
        });
      case 'batch_expired':
      case 'policy_changed':
      case 'mode_changed':
      case 'halted':
      case 'store_recovering':
        return respondError(res, outcome.outcome);
    }
  });
