import { graduateRampRequestSchema, rampAnswerSchema } from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import { Router } from 'express';
import type { ShowRamp } from '../../use-cases/show-ramp.ts';

/** POST /api/ramp/graduate: a named person ends the ramp; refused while there are not enough clean days. */
export const graduateRampRoute = ({ showRamp }: { showRamp: ShowRamp }): Router =>
  Router().post('/api/ramp/graduate', requirePermission('ramp:graduate'), jsonBody(), async (req, res) => {
    const { reason } = parseBody(req, graduateRampRequestSchema);
    const outcome = await showRamp.graduate({
      actor: userOf(req).name,
      reason,
      correlationId: correlationIdOf(req),
    });
    if (outcome.outcome === 'graduated') return res.json(rampAnswerSchema.parse({ ramp: outcome.status }));
    return respondError(res, 'ramp_not_ended', {
      message: outcome.against.join(' '),
      details: { against: outcome.against },
    });
  });
