import {
  draftParamsSchema,
  rejectedEmailSchema,
  rejectEmailQuerySchema,
  rejectEmailRequestSchema,
} from '@caio/contracts';
import {
  correlationIdOf,
  describeIssues,
  parseParams,
  parseQuery,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import type { DraftStore } from '@caio/state-store';
import { Router } from 'express';
import { draftConflict } from '../../conflict-detail.ts';
import { ignoredIdentity, optionalJsonBody } from '../../optional-json-body.ts';
import type { ReviewDraft } from '../../use-cases/review-draft.ts';

/** POST /api/emails/:draftId/reject: tag and reason in the body, or in the query as the former dashboard gives them. */
export const rejectEmailRoute = (deps: {
  drafts: Pick<DraftStore, 'read'>;
  reviewDraft: Pick<ReviewDraft, 'reject'>;
}): Router =>
  Router().post(
    '/api/emails/:draftId/reject',
    requirePermission('drafts:review'),
    optionalJsonBody(),
    async (req, res) => {
      const { draftId } = parseParams(req, draftParamsSchema);
      const query = parseQuery(req, rejectEmailQuerySchema);
      const body: unknown = req.body;
      const parsed = rejectEmailRequestSchema.safeParse({ ...query, ...Object(body) });
      if (!parsed.success)
        return respondError(res, 'bad_request', {
          message: `The request could not be read: ${describeIssues(parsed.error)}.`,
          fix: 'GET /api/rejection-tags lists the tags.',
        });
      const { reason, rejection_tag: tag, content_digest: contentDigest } = parsed.data;
      const { name: actor } = userOf(req);
      const outcome = await deps.reviewDraft.reject({
        ...{ draftId, actor, tag, reason, contentDigest, correlationId: correlationIdOf(req) },
      });
      switch (outcome.outcome) {
        case 'done':
          res.json(
            rejectedEmailSchema.parse({
              ...{ status: 'rejected', email_id: draftId, reason, rejection_tag: tag, approver: actor },
              timestamp: outcome.draft.reviewedAt,
              ignored: ignoredIdentity(query, parsed.data),
            }),
          );
          return;
        case 'not_found':
          return respondError(res, 'not_found', { message: 'There is no e-mail with this id.' });
        case 'state_conflict':
          return respondError(res, 'state_conflict', {
            message: `This e-mail is ${outcome.status}, which does not allow that.`,
            ...(await draftConflict(deps.drafts, draftId, outcome.status)),
          });
        case 'stale_digest':
          return respondError(res, 'stale_digest', {
            fix: 'Read the text as it is now in GET /api/pending-emails, then give the content_digest shown with it.',
            details: { content_digest: outcome.contentDigest, status: outcome.draft.status },
          });
      }
    },
  );
