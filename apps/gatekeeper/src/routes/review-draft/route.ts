import {
  approveDraftRequestSchema,
  type Draft,
  draftAnswerSchema,
  draftNextSteps,
  draftParamsSchema,
  draftStatusSchema,
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

/** Why a digest is not the one of the text: the text was changed, or the digest never was its own. */
const staleMessage = (draft: Draft, given: string): string => {
  if (draft.decisions.some(({ contentDigest }) => contentDigest === given))
    return `The text was changed since this digest was shown; it is revision ${draft.revision} now.`;
  return draft.revision === 1
    ? 'This is not the digest of this draft, and its text was never changed: the digest was mistyped, or is of another draft.'
    : `This is the digest of no version of this draft that is known; it is revision ${draft.revision} now.`;
};

const nextStepOf = (status: string): { fix?: string } => {
  const parsed = draftStatusSchema.safeParse(status);
  return parsed.success ? { fix: draftNextSteps[parsed.data] } : {};
};

/** `given` is the digest of the request, where it has one. */
const respond = (res: Response, outcome: ReviewOutcome, given = ''): void => {
  switch (outcome.outcome) {
    case 'done':
      res.json(draftAnswerSchema.parse({ draft: outcome.draft }));
      return;
    case 'not_found':
      return respondError(res, 'not_found', { message: 'There is no draft with this id.' });
    case 'state_conflict':
      return respondError(res, 'state_conflict', {
        message: `This draft is ${outcome.status}, which does not allow that.`,
        ...nextStepOf(outcome.status),
        details: { status: outcome.status },
      });
    case 'stale_digest':
      return respondError(res, 'stale_digest', {
        message: staleMessage(outcome.draft, given),
        details: { contentDigest: outcome.contentDigest },
      });
  }
};

/** POST /api/drafts/:draftId/{approve,reject,edit,recall,withdraw}: decisions bound to the content that was shown. */
export const reviewDraftRoute = (deps: { reviewDraft: ReviewDraft }): Router => {
  const may = requirePermission('drafts:review');
  return Router()
    .post('/api/drafts/:draftId/approve', may, jsonBody(), async (req, res) => {
      const { contentDigest } = parseBody(req, approveDraftRequestSchema);
      respond(res, await deps.reviewDraft.approve({ ...requestOf(req), contentDigest }), contentDigest);
    })
    .post('/api/drafts/:draftId/reject', may, jsonBody(), async (req, res) => {
      const { tag, reason } = parseBody(req, rejectDraftRequestSchema);
      respond(res, await deps.reviewDraft.reject({ ...requestOf(req), tag, reason }));
    })
    .post('/api/drafts/:draftId/edit', may, jsonBody(), async (req, res) => {
      const edit = parseBody(req, editDraftRequestSchema);
      respond(res, await deps.reviewDraft.edit({ ...requestOf(req), ...edit }), edit.contentDigest);
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
