import {
  type Draft,
  reviewPageQuerySchema,
  type Review,
  reviewListSchema,
  headingOf,
  recipientAddressOf,
} from '@caio/contracts';
import { parseQuery, requirePermission } from '@caio/service-kit';
import type { DraftStore } from '@caio/state-store';
import { Router } from 'express';

/** Nobody reviews by letting a draft expire; the gatekeeper does that. */
const isReviewed = ({ decisions }: Draft): boolean => {
  const last = decisions.at(-1);
  return last !== undefined && last.command !== 'expire';
};

const reviewOf = (draft: Draft): Review[] => {
  const last = draft.decisions.at(-1);
  if (last === undefined) return [];
  const { draftId, status, revision, contentDigest, message, judgement, rejection, batchId } = draft;
  const { name, company } = message.recipient;
  const email = recipientAddressOf(message);
  return [
    {
      ...{ draftId, command: last.command, at: last.at, by: last.by, reason: last.reason },
      ...{ status, revision, contentDigest, email, name, company, subject: headingOf(message) },
      ...{ tier: judgement.tier, rejection, batchId },
    },
  ];
};

/** GET /api/reviews: who decided what when, the newest first. */
export const listReviewsRoute = (deps: { drafts: Pick<DraftStore, 'listDecided'> }): Router =>
  Router().get('/api/reviews', requirePermission('read'), async (req, res) => {
    const { cursor, limit } = parseQuery(req, reviewPageQuerySchema);
    const { drafts, nextCursor } = await deps.drafts.listDecided(cursor ?? null, limit, isReviewed);
    res.json(reviewListSchema.parse({ reviews: drafts.flatMap(reviewOf), nextCursor }));
  });
