import { batchParamsSchema, removeCampaignsRequestSchema, removedCampaignsSchema } from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  parseParams,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import { Router } from 'express';
import type { RemoveCampaigns } from '../../use-cases/order-providers.ts';

/** POST /api/batches/:batchId/remove-campaigns: removes what a batch left behind at its providers, once nothing is held. */
export const removeCampaignsRoute = (deps: { removeCampaigns: RemoveCampaigns }): Router =>
  Router().post(
    '/api/batches/:batchId/remove-campaigns',
    requirePermission('batches:activate'),
    jsonBody(),
    async (req, res) => {
      const { batchId } = parseParams(req, batchParamsSchema);
      const { reason } = parseBody(req, removeCampaignsRequestSchema);
      const outcome = await deps.removeCampaigns(batchId, {
        reason,
        actor: userOf(req).name,
        correlationId: correlationIdOf(req),
      });
      switch (outcome.outcome) {
        case 'removed':
          res.json(removedCampaignsSchema.parse({ batchId, campaigns: outcome.campaigns }));
          return;
        case 'not_found':
          return respondError(res, 'not_found', { message: 'There is no batch with this id.' });
        case 'state_conflict':
          return respondError(res, 'state_conflict', {
            message: `This batch is ${outcome.status}; it may still hand messages over.`,
            details: { status: outcome.status },
          });
        case 'still_held':
          return respondError(res, 'state_conflict', {
            message: `A provider still holds ${outcome.held} of this batch; nothing was removed.`,
            fix: `Take them back first: caio recall ${batchId} --reason "…".`,
            details: { held: outcome.held },
          });
        case 'refused':
          return respondError(res, 'state_conflict', {
            message: outcome.message,
            details: { reason: outcome.code },
          });
      }
    },
  );
