import { liftedAnswerSchema, liftSuppressionRequestSchema } from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import { Router } from 'express';
import { namedPersonOnly } from '../../named-person.ts';
import type { LiftSuppression } from '../../use-cases/lift-suppression.ts';

/** POST /api/suppressions/lift: the one way off the list, by a fresh consent and a named person. */
export const liftSuppressionRoute = ({ liftSuppression }: { liftSuppression: LiftSuppression }): Router =>
  Router().post(
    '/api/suppressions/lift',
    requirePermission('suppressions:lift'),
    namedPersonOnly,
    jsonBody(),
    async (req, res) => {
      const request = parseBody(req, liftSuppressionRequestSchema);
      const by = { actor: userOf(req).name, correlationId: correlationIdOf(req) };
      const outcome = await liftSuppression({ ...request, ...by });
      switch (outcome.outcome) {
        case 'unreadable':
          return respondError(res, 'bad_request', {
            message: `This is no person we can recognise: ${outcome.reason}.`,
            fix: 'Give an e-mail address or the address of a personal LinkedIn profile.',
          });
        case 'not_suppressed':
          return respondError(res, 'not_found', {
            message: 'Nobody of that name is suppressed, so there is nothing to lift.',
            fix: 'Check the address with caio where.',
          });
        case 'final':
          return respondError(res, 'suppression_final', { details: { reason: outcome.reason } });
        case 'consent_not_fresh':
          return respondError(res, 'consent_not_fresh', { message: outcome.message, fix: outcome.fix });
        case 'opt_out_waits':
          return respondError(res, 'state_conflict', {
            message: 'An opt-out of this person has just arrived and is younger than the consent.',
            fix: 'Nothing is to be done: they asked not to be written to.',
          });
        case 'changed_meanwhile':
          return respondError(res, 'state_conflict', {
            message: 'The suppression changed while the consent was looked at.',
            fix: 'Look at the person again, then decide.',
          });
        case 'lifted':
          res.json(liftedAnswerSchema.parse(outcome));
      }
    },
  );
