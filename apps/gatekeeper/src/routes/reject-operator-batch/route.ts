import {
  batchParamsSchema,
  decidedOperatorBatchSchema,
  rejectOperatorBatchRequestSchema,
} from '@caio/contracts';
import {
  correlationIdOf,
  parseBody,
  parseParams,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import type { ActionStore, BatchStore } from '@caio/state-store';
import { Router } from 'express';
import { batchConflict } from '../../conflict-detail.ts';
import { ignoredIdentity, optionalJsonBody } from '../../optional-json-body.ts';
import { operatorBatchOf } from '../../predecessor/operator-view.ts';
import type { RulesInForce } from '../../rules-in-force.ts';
import type { RejectBatch } from '../../use-cases/reject-batch.ts';

/** POST /api/operator/reject-batch/:batchId: the rejection of POST /api/batches/:batchId/reject under its former name. */
export const rejectOperatorBatchRoute = (deps: {
  batches: BatchStore;
  actions: Pick<ActionStore, 'readMany'>;
  rules: RulesInForce;
  rejectBatch: RejectBatch;
}): Router =>
  Router().post(
    '/api/operator/reject-batch/:batchId',
    requirePermission('batches:approve'),
    optionalJsonBody(),
    async (req, res) => {
      const { batchId } = parseParams(req, batchParamsSchema);
      const body = parseBody(req, rejectOperatorBatchRequestSchema);
      const outcome = await deps.rejectBatch({
        ...{ batchId, reason: body.reason, drop: null, actor: userOf(req).name },
        correlationId: correlationIdOf(req),
      });
      switch (outcome.outcome) {
        case 'rejected':
          res.json(
            decidedOperatorBatchSchema.parse({
              status: 'rejected',
              batch: await operatorBatchOf({ ...deps, policy: deps.rules.policy }, outcome.batch),
              ignored: ignoredIdentity(body),
            }),
          );
          return;
        case 'not_found':
          return respondError(res, 'not_found', { message: 'There is no batch with this id.' });
        case 'state_conflict':
          return respondError(res, 'state_conflict', {
            message: `This batch is ${outcome.status}, which does not allow that.`,
            ...(await batchConflict(deps.batches, batchId, outcome.status)),
          });
        case 'not_in_batch':
          throw new Error('a whole batch was rejected, and some of it is not in it');
      }
    },
  );
