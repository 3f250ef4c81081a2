import { batchParamsSchema, rejectBatchRequestSchema, rejectedBatchSchema } from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  parseParams,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import type { BatchStore } from '@caio/state-store';
import { Router } from 'express';
import { batchConflict } from '../../conflict-detail.ts';
import type { RejectBatch } from '../../use-cases/reject-batch.ts';

/** POST /api/batches/:batchId/reject: the whole batch, or with `drop` some of its drafts and a new batch of the rest. */
export const rejectBatchRoute = (deps: {
  batches: Pick<BatchStore, 'lastStep'>;
  rejectBatch: RejectBatch;
}): Router =>
  Router().post(
    '/api/batches/:batchId/reject',
    requirePermission('batches:approve'),
    jsonBody(),
    async (req, res) => {
      const { batchId } = parseParams(req, batchParamsSchema);
      const { reason, drop } = parseBody(req, rejectBatchRequestSchema);
      const { name: actor, permissions } = userOf(req);
      // A dropped draft is rejected for good, which is a reviewer's decision.
      if (drop !== undefined && !permissions.includes('drafts:review')) {
        return respondError(res, 'forbidden', {
          message: 'Dropping drafts rejects them, which needs the permission "drafts:review".',
          details: { permission: 'drafts:review' },
        });
      }
      const outcome = await deps.rejectBatch({
        ...{ batchId, reason, actor },
        drop: drop ?? null,
        correlationId: correlationIdOf(req),
      });
      switch (outcome.outcome) {
        case 'rejected': {
          const { batch, replacement, dropped, leftOut } = outcome;
          res.json(rejectedBatchSchema.parse({ batch, replacement, dropped, leftOut }));
          return;
        }
        case 'not_in_batch':
          return respondError(res, 'bad_request', {
            message: `drop: ${outcome.draftIds.length} of these drafts are not in this batch; nothing was changed.`,
            fix: 'Take the draftId of each message from the preview of this batch.',
            details: { draftIds: outcome.draftIds },
          });
        case 'not_found':
          return respondError(res, 'not_found', { message: 'There is no batch with this id.' });
        case 'state_conflict':
          return respondError(res, 'state_conflict', {
            message: `This batch is ${outcome.status}, which does not allow that.`,
            ...(await batchConflict(deps.batches, batchId, outcome.status)),
          });
      }
    },
  );
