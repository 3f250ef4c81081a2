import {
  draftAnswerSchema,
  draftListSchema,
  draftParamsSchema,
  listDraftsQuerySchema,
} from '@caio/contracts';
import { parseParams, parseQuery, requirePermission, respondError } from '@caio/service-kit';
import type { DraftStore } from '@caio/state-store';
import { Router } from 'express';

/** GET /api/drafts and /api/drafts/:draftId: what waits, and how much of everything there is. */
export const listDraftsRoute = (deps: { drafts: DraftStore }): Router =>
  Router()
    .get('/api/drafts', requirePermission('read'), async (req, res) => {
      const { status, cursor, limit } = parseQuery(req, listDraftsQuerySchema);
      const page = await deps.drafts.list(status, cursor ?? null, limit);
      res.json(draftListSchema.parse({ ...page, counts: await deps.drafts.counts() }));
    })
    .get('/api/drafts/:draftId', requirePermission('read'), async (req, res) => {
      const { draftId } = parseParams(req, draftParamsSchema);
      const draft = await deps.drafts.read(draftId);
      if (draft === null)
        return respondError(res, 'not_found', { message: 'There is no draft with this id.' });
      res.json(draftAnswerSchema.parse({ draft }));
    });
