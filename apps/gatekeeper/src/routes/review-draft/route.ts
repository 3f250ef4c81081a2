import {
  approveDraftRequestSchema,
  type Draft,
  draftAnswerSchema,
  type DraftId,
  draftParamsSchema,
  editDraftRequestSchema,
  editedDraftSchema,
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
import type { DraftStore } from '@caio/state-store';
import { type Request, type Response, Router } from 'express';
import { draftConflict } from '../../conflict-detail.ts';
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

const answerOf = ({ draft, previous }: Extract<ReviewOutcome, { outcome: 'done' }>) => {
  if (previous === undefined) return draftAnswerSchema.parse({ draft });
  const { revision, contentDigest, message } = previous;
  const { subject, body } = message;
  return editedDraftSchema.parse({ draft, previous: { revision, contentDigest, subject, body } });
};

/** `given` is the digest of the request, where it has one. */
const respond = async (
  res: Response,
  drafts: Pick<DraftStore, 'read'>,
  draftId: DraftId,
  outcome: ReviewOutcome,
  given = '',
): Promise<void> => {
  switch (outcome.outcome) {
    case 'done':
      res.json(answerOf(outcome));
      return;
    case 'not_found':
      return respondError(res, 'not_found', { message: 'There is no draft with this id.' });
    case 'state_conflict':
      return respondError(res, 'state_conflict', {
        message: `This draft is ${outcome.status}, which does not allow that.`,
        ...(await draftConflict(drafts, draftId, outcome.status)),
      });
    case 'stale_digest':
      return respondError(res, 'stale_digest', {
        message: staleMessage(outcome.draft, given),
        details: {
          contentDigest: outcome.contentDigest,
          status: outcome.draft.status,
          revision: outcome.draft.revision,
          by: outcome.draft.reviewedBy,
          at: outcome.draft.reviewedAt,
        },
      });
  }
};

/** POST /api/drafts/:draftId/{approve,reject,edit,recall,withdraw}: decisions bound to the content that was shown. */
export const reviewDraftRoute = (deps: {
  reviewDraft: ReviewDraft;
  drafts: Pick<DraftStore, 'read'>;
}): Router => {
  const may = requirePermission('drafts:review');
  const { reviewDraft, drafts } = deps;
  return Router()
    .post('/api/drafts/:draftId/approve', may, jsonBody(), async (req, res) => {
      const { contentDigest } = parseBody(req, approveDraftRequestSchema);
      const request = requestOf(req);
      const outcome = await reviewDraft.approve({ ...request, contentDigest });
      await respond(res, drafts, request.draftId, outcome, contentDigest);
    })
    .post('/api/drafts/:draftId/reject', may, jsonBody(), async (req, res) => {
      const decision = parseBody(req, rejectDraftRequestSchema);
      const request = requestOf(req);
      const outcome = await reviewDraft.reject({ ...request, ...decision });
      await respond(res, drafts, request.draftId, outcome, decision.contentDigest);
    })
    .post('/api/drafts/:draftId/edit', may, jsonBody(), async (req, res) => {
      const edit = parseBody(req, editDraftRequestSchema);
      const request = requestOf(req);
      const outcome = await reviewDraft.edit({ ...request, ...edit });
      await respond(res, drafts, request.draftId, outcome, edit.contentDigest);
    })
    .post('/api/drafts/:draftId/recall', may, jsonBody(), async (req, res) => {
      const decision = parseBody(req, recallDraftRequestSchema);
      const request = requestOf(req);
      const outcome = await reviewDraft.recall({ ...request, ...decision });
      await respond(res, drafts, request.draftId, outcome, decision.contentDigest);
    })
    .post('/api/drafts/:draftId/withdraw', may, jsonBody(), async (req, res) => {
      const decision = parseBody(req, withdrawDraftRequestSchema);
      const request = requestOf(req);
      const outcome = await reviewDraft.withdraw({ ...request, ...decision });
      await respond(res, drafts, request.draftId, outcome, decision.contentDigest);
    });
};
