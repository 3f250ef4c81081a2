import {
  actionNextSteps,
  actionParamsSchema,
  actionStatusSchema,
  decideUnknownAnswerSchema,
  decideUnknownRequestSchema,
  unknownStandings,
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
import { Router } from 'express';
import type { DecideUnknownCommand } from '../../use-cases/decide-unknown.ts';

/** POST /api/reconcile/:actionId/decision: a person says what became of an action nobody knows the fate of. */
export const decideUnknownRoute = (deps: { readonly decideUnknown: DecideUnknownCommand }): Router =>
  Router().post(
    '/api/reconcile/:actionId/decision',
    requirePermission('unknown:decide'),
    jsonBody(),
    async (req, res) => {
      const { actionId } = parseParams(req, actionParamsSchema);
      const request = parseBody(req, decideUnknownRequestSchema);
      const result = await deps.decideUnknown({
        ...{ ...request, actionId, actor: userOf(req).name, correlationId: correlationIdOf(req) },
      });
      switch (result.outcome) {
        case 'decided':
          res.json(decideUnknownAnswerSchema.parse({ receipt: result.receipt }));
          return;
        case 'not_found':
          return respondError(res, 'not_found', { message: 'There is no action with this id.' });
        case 'state_conflict': {
          const status = actionStatusSchema.safeParse(result.status).data;
          return respondError(res, 'state_conflict', {
            message: `This action is ${result.status} by now; there is nothing left to decide.`,
            ...(status === undefined ? {} : { fix: actionNextSteps[status] }),
            details: { status: result.status },
          });
        }
        case 'other_attempt':
          return respondError(res, 'state_conflict', {
            message: 'The action was tried again since it was looked at.',
            fix: 'Look at it as it is now, then decide.',
            details: { status: 'unknown' },
          });
        case 'not_allowed':
          return respondError(res, 'state_conflict', {
            message: `It cannot be recorded as ${request.as.replace('_', ' ')}. ${result.why}`,
            fix: unknownStandings[result.standing].next,
            details: { status: 'unknown', standing: result.standing },
          });
        case 'needs_despite':
          return respondError(res, 'not_proven_absent', {
            message: `It is not proven that it was not sent. ${result.why}`,
            details: { status: 'unknown', standing: result.standing },
          });
      }
    },
  );
