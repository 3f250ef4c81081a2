import {
  approvedEmailSchema,
  approveEmailRequestSchema,
  decideEmailQuerySchema,
  type Draft,
  draftParamsSchema,
} from '@caio/contracts';
import {
  correlationIdOf,
  parseBody,
  parseParams,
  parseQuery,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import type { DraftStore } from '@caio/state-store';
import { type Response, Router } from 'express';
import { draftConflict } from '../../conflict-detail.ts';
import { ignoredIdentity, optionalJsonBody } from '../../optional-json-body.ts';
import type { ReviewDraft, ReviewOutcome } from '../../use-cases/review-draft.ts';

/** The body somebody edited: the footer they were shown with it is not theirs to change, and is put back as it is. */
const bodyOf = (edited: string, { message }: Draft): string => {
  const text = edited.replace(/\r\n?/g, '\n');
  const { footer } = message;
  return footer !== '' && text.endsWith(footer) ? text.slice(0, -footer.length).trimEnd() : text;
};

const refuse = async (
  res: Response,
  drafts: Pick<DraftStore, 'read'>,
  draftId: Draft['draftId'],
  outcome: Exclude<ReviewOutcome, { outcome: 'done' }>,
): Promise<void> => {
  switch (outcome.outcome) {
    case 'not_found':
      return respondError(res, 'not_found', { message: 'There is no e-mail with this id.' });
    case 'state_conflict':
      return respondError(res, 'state_conflict', {
        message: `This e-mail is ${outcome.status}, which does not allow that.`,
        ...(await draftConflict(drafts, draftId, outcome.status)),
      });
    case 'stale_digest':
      return respondError(res, 'stale_digest', {
        fix: 'Read the text as it is now in GET /api/pending-emails, then give the content_digest shown with it.',
        details: { content_digest: outcome.contentDigest, status: outcome.draft.status },
      });
  }
};

/** POST /api/emails/:draftId/approve: an edit, where a text is given, and an approval of exactly one content. */
export const approveEmailRoute = (deps: {
  drafts: Pick<DraftStore, 'read'>;
  reviewDraft: Pick<ReviewDraft, 'approve' | 'edit'>;
}): Router =>
  Router().post(
    '/api/emails/:draftId/approve',
    requirePermission('drafts:review'),
    optionalJsonBody(),
    async (req, res) => {
      const { draftId } = parseParams(req, draftParamsSchema);
      const query = parseQuery(req, decideEmailQuerySchema);
      const body = parseBody(req, approveEmailRequestSchema);
      const { name: actor } = userOf(req);
      const who = { draftId, actor, correlationId: correlationIdOf(req) };
      const draft = await deps.drafts.read(draftId);
      if (draft === null) return refuse(res, deps.drafts, draftId, { outcome: 'not_found' });
      const text = bodyOf(body.edited_body ?? draft.message.body, draft);
      const isEdited = text !== draft.message.body;
      let contentDigest = body.content_digest;
      if (isEdited) {
        const { subject } = draft.message;
        const edit = await deps.reviewDraft.edit({ ...who, contentDigest, subject, body: text });
        if (edit.outcome !== 'done') return refuse(res, deps.drafts, draftId, edit);
        if (edit.draft.status !== 'pending') {
          const refusing = edit.draft.guards.filter(({ passed }) => !passed);
          return respondError(res, 'state_conflict', {
            message: `The edited text is kept as revision ${edit.draft.revision} and not approved: ${refusing.map((guard) => guard.message).join(' ')}`,
            details: {
              status: edit.draft.status,
              content_digest: edit.draft.contentDigest,
              guards: refusing.map(({ ruleId }) => ruleId),
            },
          });
        }
        contentDigest = edit.draft.contentDigest;
      }
      const note = body.feedback ?? undefined;
      const outcome = await deps.reviewDraft.approve({
        ...{ ...who, contentDigest },
        ...(note === undefined ? {} : { note }),
      });
      if (outcome.outcome !== 'done') return refuse(res, deps.drafts, draftId, outcome);
      res.json(
        approvedEmailSchema.parse({
          status: 'approved',
          email_id: draftId,
          edited: isEdited,
          message: 'Approved. Nothing is sent by this: it waits for a batch to be frozen and approved.',
          content_digest: outcome.draft.contentDigest,
          revision: outcome.draft.revision,
          approver: actor,
          ignored: ignoredIdentity(query, body),
        }),
      );
    },
  );
