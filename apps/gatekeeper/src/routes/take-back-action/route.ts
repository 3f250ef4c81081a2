import {
  actionNextSteps,
  actionParamsSchema,
  actionStatusSchema,
  takeBackAnswerSchema,
  takeBackRequestSchema,
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
import type { TakeBackAction } from '../../use-cases/take-back-action.ts';

const nextStepOf = (status: string): { fix?: string } => {
  const parsed = actionStatusSchema.safeParse(status);
  return parsed.success ? { fix: actionNextSteps[parsed.data] } : {};
};

/** POST /api/actions/:actionId/take-back: gets a message back that the provider holds and has not mailed. */
export const takeBackActionRoute = (deps: { takeBackAction: TakeBackAction }): Router =>
  Router().post(
    '/api/actions/:actionId/take-back',
    requirePermission('batches:execute'),
    jsonBody(),
    async (req, res) => {
      const { actionId } = parseParams(req, actionParamsSchema);
      const { reason } = parseBody(req, takeBackRequestSchema);
      const result = await deps.takeBackAction({
        actionId,
        reason,
        actor: userOf(req).name,
        correlationId: correlationIdOf(req),
      });
      switch (result.outcome) {
        case 'taken_back':
          res.json(takeBackAnswerSchema.parse({ receipt: result.receipt }));
          return;
        case 'not_found':
          return respondError(res, 'not_found', { message: 'There is no action with this id.' });
        case 'state_conflict':
          return respondError(res, 'state_conflict', {
            message: `This action is ${result.status}; only one that is handed over can be taken back.`,
            ...nextStepOf(result.status),
            details: { status: result.status },
          });
        case 'refused':
          return respondError(res, 'state_conflict', {
            message: result.message,
            details: { reason: result.code },
          });
      }
    },
  );
