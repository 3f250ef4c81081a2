import {
  actionNextSteps,
  actionParamsSchema,
  actionStatusSchema,
  unknownDetailSchema,
  unknownListSchema,
} from '@caio/contracts';
import { parseParams, requirePermission, respondError } from '@caio/service-kit';
import { Router } from 'express';
import type { ShowUnknown } from '../../use-cases/show-unknown.ts';

/**
 * GET /api/reconcile: the actions of which nobody knows whether they were sent.
 * GET /api/reconcile/:actionId: one of them, with its provider asked now.
 */
export const showUnknownRoute = ({ showUnknown }: { readonly showUnknown: ShowUnknown }): Router =>
  Router()
    .get('/api/reconcile', requirePermission('read'), async (_req, res) => {
      res.json(unknownListSchema.parse(await showUnknown.list()));
    })
    .get('/api/reconcile/:actionId', requirePermission('read'), async (req, res) => {
      const result = await showUnknown.show(parseParams(req, actionParamsSchema).actionId);
      switch (result.outcome) {
        case 'shown':
          res.json(unknownDetailSchema.parse(result.detail));
          return;
        case 'not_found':
          return respondError(res, 'not_found', { message: 'There is no action with this id.' });
        case 'state_conflict': {
          const status = actionStatusSchema.safeParse(result.status).data;
          return respondError(res, 'state_conflict', {
            message: `This action is ${result.status}; there is nothing to find out about it.`,
            ...(status === undefined ? {} : { fix: actionNextSteps[status] }),
            details: { status: result.status },
          });
        }
      }
    });
