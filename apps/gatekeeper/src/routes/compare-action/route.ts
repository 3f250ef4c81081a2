import { actionComparisonSchema, actionParamsSchema } from '@caio/contracts';
import { parseParams, requirePermission, respondError } from '@caio/service-kit';
import { Router } from 'express';
import type { CompareAction } from '../../use-cases/compare-action.ts';

/** GET /api/actions/:actionId/comparison: what was approved beside what is stored, when both are known. */
export const compareActionRoute = (deps: { compareAction: CompareAction }): Router =>
  Router().get('/api/actions/:actionId/comparison', requirePermission('read'), async (req, res) => {
    const { actionId } = parseParams(req, actionParamsSchema);
    const outcome = await deps.compareAction(actionId);
    switch (outcome.outcome) {
      case 'compared': {
        const { receipt, approved, stored, same, sealHolds } = outcome;
        res.json(actionComparisonSchema.parse({ receipt, approved, stored, same, sealHolds }));
        return;
      }
      case 'not_found':
        return respondError(res, 'not_found', { message: 'There is no action with this id.' });
      case 'one_missing':
        return respondError(res, 'not_found', {
          message:
            outcome.missing === 'approved'
              ? 'The approved text is not known any more: its draft has moved on, or was changed itself.'
              : 'What is stored cannot be read as a message.',
          fix: 'Run caio audit verify: it says whether the record of what was decided still holds.',
          details: { missing: outcome.missing },
        });
    }
  });
