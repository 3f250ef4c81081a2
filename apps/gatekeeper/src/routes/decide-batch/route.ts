import {
  approveBatchRequestSchema,
  batchAnswerSchema,
  batchParamsSchema,
  closeBatchRequestSchema,
} from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  parseParams,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import type { BatchStore, ChangeBatchResult } from '@caio/state-store';
import { type Response, Router } from 'express';
import { batchConflict } from '../../conflict-detail.ts';
import type { Seals } from '../../seals.ts';

const respond = async (
  res: Response,
  batches: BatchStore,
  batchId: string,
  answer: { result: ChangeBatchResult; current: string },
): Promise<void> => {
  switch (answer.result) {
    case 'done':
      res.json(batchAnswerSchema.parse({ batch: await batches.read(batchId) }));
      return;
    case 'not_found':
      return respondError(res, 'not_found', { message: 'There is no batch with this id.' });
    case 'state_conflict':
      return respondError(res, 'state_conflict', {
        message: `This batch is ${answer.current}, which does not allow that.`,
        ...(await batchConflict(batches, batchId, answer.current)),
      });
    case 'hash_mismatch':
      return respondError(res, 'hash_mismatch', { details: { previewHash: answer.current } });
    case 'batch_expired':
      return respondError(res, 'batch_expired', { details: { status: 'expired' } });
  }
};

/** POST /api/batches/:batchId/{approve,revoke}. Who decides comes from the credential, never from the body. */
export const decideBatchRoute = (deps: { batches: BatchStore; seals: Pick<Seals, 'approval'> }): Router => {
  const may = requirePermission('batches:approve');
  return Router()
    .post('/api/batches/:batchId/approve', may, jsonBody(), async (req, res) => {
      const { batchId } = parseParams(req, batchParamsSchema);
      const { previewHash } = parseBody(req, approveBatchRequestSchema);
      const approver = userOf(req).name;
      const answer = await deps.batches.change({
        batchId,
        command: 'approve',
        previewHash,
        actor: approver,
        reason: '',
        approvalSeal: deps.seals.approval({ batchId, previewHash, approver }),
        correlationId: correlationIdOf(req),
      });
      await respond(res, deps.batches, batchId, answer);
    })
    .post('/api/batches/:batchId/revoke', may, jsonBody(), async (req, res) => {
      const { batchId } = parseParams(req, batchParamsSchema);
      const { reason } = parseBody(req, closeBatchRequestSchema);
      const answer = await deps.batches.change({
        batchId,
        command: 'revoke',
        previewHash: null,
        actor: userOf(req).name,
        reason,
        correlationId: correlationIdOf(req),
      });
      await respond(res, deps.batches, batchId, answer);
    });
};
