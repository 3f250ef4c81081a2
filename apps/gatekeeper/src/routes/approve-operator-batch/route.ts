import {
  approveOperatorBatchRequestSchema,
  batchParamsSchema,
  decidedOperatorBatchSchema,
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
import type { Seals } from '../../seals.ts';

/** POST /api/operator/approve-batch/:batchId: the approval of POST /api/batches/:batchId/approve under its former name. */
export const approveOperatorBatchRoute = (deps: {
  batches: BatchStore;
  actions: Pick<ActionStore, 'readMany'>;
  rules: RulesInForce;
  seals: Pick<Seals, 'approval'>;
}): Router =>
  Router().post(
    '/api/operator/approve-batch/:batchId',
    requirePermission('batches:approve'),
    optionalJsonBody(),
    async (req, res) => {
      const { batchId } = parseParams(req, batchParamsSchema);
      const body = parseBody(req, approveOperatorBatchRequestSchema);
      const { previewHash } = body;
      const approver = userOf(req).name;
      const { result, current } = await deps.batches.change({
        ...{ batchId, command: 'approve', previewHash, actor: approver, reason: '' },
        approvalSeal: deps.seals.approval({ batchId, previewHash, approver }),
        correlationId: correlationIdOf(req),
      });
      switch (result) {
        case 'done': {
          const batch = await deps.batches.read(batchId);
          if (batch === null) throw new Error(`batch ${batchId} is gone right after its approval`);
          const shown = await operatorBatchOf({ ...deps, policy: deps.rules.policy }, batch);
          res.json(
            decidedOperatorBatchSchema.parse({
              status: 'approved',
              batch: shown,
              ignored: ignoredIdentity(body),
            }),
          );
          return;
        }
        case 'not_found':
          return respondError(res, 'not_found', { message: 'There is no batch with this id.' });
        case 'state_conflict':
          return respondError(res, 'state_conflict', {
            message: `This batch is ${current}, which does not allow that.`,
            ...(await batchConflict(deps.batches, batchId, current)),
          });
        case 'hash_mismatch':
          return respondError(res, 'hash_mismatch', { details: { previewHash: current } });
        case 'batch_expired':
          return respondError(res, 'batch_expired', { details: { status: 'expired' } });
      }
    },
  );
