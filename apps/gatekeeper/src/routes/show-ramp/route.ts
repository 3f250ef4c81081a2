import { rampAnswerSchema, rampEvidenceQuerySchema, rampEvidenceSchema } from '@caio/contracts';
import { parseQuery, requirePermission, respondError } from '@caio/service-kit';
import { Router } from 'express';
import type { ShowRamp } from '../../use-cases/show-ramp.ts';

/** GET /api/ramp, GET /api/ramp/evidence: what holds, which days were clean and why others were not; one day on a page. */
export const showRampRoute = ({ showRamp }: { showRamp: ShowRamp }): Router =>
  Router()
    .get('/api/ramp', requirePermission('read'), async (_req, res) => {
      res.json(rampAnswerSchema.parse({ ramp: await showRamp.readStatus() }));
    })
    .get('/api/ramp/evidence', requirePermission('read'), async (req, res) => {
      const { day } = parseQuery(req, rampEvidenceQuerySchema);
      const outcome = await showRamp.readEvidence(day);
      if (outcome.outcome === 'found') return res.json(rampEvidenceSchema.parse(outcome.evidence));
      return respondError(res, 'not_found', {
        message: `Nothing is known of ${day}: it has not begun, is older than this system, or is not closed yet.`,
        fix: `Ask for today (${outcome.today}) or a day that caio ramp status lists; a day is closed within a minute of its end.`,
      });
    });
