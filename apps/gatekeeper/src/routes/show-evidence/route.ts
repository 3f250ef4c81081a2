import { actionParamsSchema, evidenceSchema } from '@caio/contracts';
import { parseParams, requirePermission, respondError } from '@caio/service-kit';
import type { RedisEvidenceStore } from '@caio/state-store';
import { Router } from 'express';

/** GET /api/actions/:actionId/evidence: the exact message a log-only action would have sent. */
export const showEvidenceRoute = (deps: { evidence: RedisEvidenceStore }): Router =>
  Router().get('/api/actions/:actionId/evidence', requirePermission('read'), async (req, res) => {
    const { actionId } = parseParams(req, actionParamsSchema);
    const evidence = await deps.evidence.read(actionId);
    if (evidence === null)
      return respondError(res, 'not_found', { message: 'No message is kept for this action.' });
    res.json(evidenceSchema.parse(evidence));
  });
