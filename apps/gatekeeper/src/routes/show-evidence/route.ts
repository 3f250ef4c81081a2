import { actionNextSteps, actionParamsSchema, evidenceSchema } from '@caio/contracts';
import { parseParams, requirePermission, respondError } from '@caio/service-kit';
import type { ActionStore, RedisEvidenceStore } from '@caio/state-store';
import { Router } from 'express';

/** GET /api/actions/:actionId/evidence: the exact message a log-only action would have sent. */
export const showEvidenceRoute = (deps: { evidence: RedisEvidenceStore; actions: ActionStore }): Router =>
  Router().get('/api/actions/:actionId/evidence', requirePermission('read'), async (req, res) => {
    const { actionId } = parseParams(req, actionParamsSchema);
    const evidence = await deps.evidence.read(actionId);
    if (evidence === null) {
      const action = await deps.actions.read(actionId);
      if (action === null)
        return respondError(res, 'not_found', { message: 'There is no action with this id.' });
      return respondError(
        res,
        'not_found',
        action.mode === 'log-only'
          ? {
              message: `No copy is kept: this action is ${action.status}, and log-only keeps one when the message is handed over.`,
              fix: actionNextSteps[action.status],
            }
          : {
              message: `No copy is kept: only log-only keeps exact copies, and this action goes by ${action.mode}.`,
              fix: `What was approved, and is sent unchanged, is in its batch: caio batches show ${action.batchId}`,
            },
      );
    }
    res.json(evidenceSchema.parse(evidence));
  });
