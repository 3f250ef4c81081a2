import {
  type Draft,
  draftAnswerSchema,
  draftListSchema,
  draftParamsSchema,
  listDraftsQuerySchema,
  type Tier,
} from '@caio/contracts';
import { parseParams, parseQuery, requirePermission, respondError } from '@caio/service-kit';
import type { DraftStore } from '@caio/state-store';
import { Router } from 'express';

const filterOf = (tier: Tier | null, text: string | null): ((draft: Draft) => boolean) | null => {
  if (tier === null && text === null) return null;
  const wanted = text?.toLowerCase() ?? '';
  return ({ judgement, lead, message: { subject, recipient } }) =>
    (tier === null || judgement.tier === tier) &&
    [subject, recipient.email, recipient.name, recipient.company, lead.title].some((field) =>
      (field ?? '').toLowerCase().includes(wanted),
    );
};

/** GET /api/drafts and /api/drafts/:draftId: what waits, and how much of everything there is. */
export const listDraftsRoute = (deps: { drafts: DraftStore }): Router =>
  Router()
    .get('/api/drafts', requirePermission('read'), async (req, res) => {
      const { status, order, tier, text, cursor, limit } = parseQuery(req, listDraftsQuerySchema);
      const matches = filterOf(tier ?? null, text ?? null);
      const page = await deps.drafts.list(status, cursor ?? null, limit, {
        order,
        ...(matches === null ? {} : { matches }),
      });
      res.json(draftListSchema.parse({ ...page, counts: await deps.drafts.counts() }));
    })
    .get('/api/drafts/:draftId', requirePermission('read'), async (req, res) => {
      const { draftId } = parseParams(req, draftParamsSchema);
      const draft = await deps.drafts.read(draftId);
      if (draft === null)
        return respondError(res, 'not_found', { message: 'There is no draft with this id.' });
      res.json(draftAnswerSchema.parse({ draft }));
    });
