import {
  approveDraftRequestSchema,
  draftAnswerSchema,
  draftParamsSchema,
  editDraftRequestSchema,
  recallDraftRequestSchema,
  rejectDraftRequestSchema,
  withdrawDraftRequestSchema,
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
import { type Request, type Response, Router } from 'express';
import type { ReviewDraft, ReviewOutcome, ReviewRequest } from '../../use-cases/review-draft.ts';

const requestOf = (req: Request): ReviewRequest => ({
  draftId: parseParams(req, draftParamsSchema).draftId,
  actor: userOf(req).name,
  correlationId: correlationIdOf(req),
});

const respond = (res: Response, outcome: ReviewOutcome): void => {
  switch (outcome.outcome) {
    case 'done':
      res.json(draftAnswerSchema.parse({ draft: outcome.draft }));
      return;
    case 'not_found':
      return respondError(res, 'not_found', { message: 'There is no draft with this id.' });
    case 'state_conflict':
      return respondError(res, 'state_conflict', {
        message: `This draft is ${outcome.status}, which does not allow that.`,
        details: { status: outcome.status },
      });
    case 'stale_digest':
      return respondError(res, 'stale_digest', { details: { contentDigest: outcome.contentDigest } });
  }
};

/** POST /api/drafts/:draftId/{approve,reject,edit,recall,withdraw}: decisions bound to the content that was shown. */
export const reviewDraftRoute = (deps: { reviewDraft: ReviewDraft }): Router => {
  const may = requirePermission('drafts:review');
  return Router()
    .post('/api/drafts/:draftId/approve', may, jsonBody(), async (req, res) => {
      const { contentDigest } = parseBody(req, approveDraftRequestSchema);
      respond(res, await deps.reviewDraft.approve({ ...requestOf(req), contentDigest }));
    })
    .post('/api/drafts/:draftId/reject', may, jsonBody(), async (req, res) => {
      const { tag, reason } = parseBody(req, rejectDraftRequestSchema);
      respond(res, await deps.reviewDraft.reject({ ...requestOf(req), tag, reason }));
    })
    .post('/api/drafts/:draftId/edit', may, jsonBody(), async (req, res) => {
      respond(
        res,
        await deps.reviewDraft.edit({ ...requestOf(req), ...parseBody(req, editDraftRequestSchema) }),
      );
    })
    .post('/api/drafts/:draftId/recall', may, jsonBody(), async (req, res) => {
      const { reason } = parseBody(req, recallDraftRequestSchema);
      respond(res, await deps.reviewDraft.recall({ ...requestOf(req), reason }));
    })
    .post('/api/drafts/:draftId/withdraw', may, jsonBody(), async (req, res) => {
      const { reason } = parseBody(req, withdrawDraftRequestSchema);
      respond(res, await deps.reviewDraft.withdraw({ ...requestOf(req), reason }));
    });
};
