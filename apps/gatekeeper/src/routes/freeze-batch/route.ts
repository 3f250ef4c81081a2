import { freezeBatchRequestSchema, frozenBatchSchema } from '@caio/contracts';
import {
  correlationIdOf,
  jsonBody,
  parseBody,
  requirePermission,
  respondError,
  userOf,
} from '@caio/service-kit';
import { Router } from 'express';
import type { FreezeBatch } from '../../use-cases/freeze-batch.ts';

/** POST /api/batches: an immutable batch of approved drafts, or with `dryRun` the same answer with nothing stored. */
export const freezeBatchRoute = (deps: { freezeBatch: FreezeBatch }): Router =>
  Router().post(
    '/api/batches',
    requirePermission('batches:freeze'),
    jsonBody({ limitBytes: 4_194_304 }),
    async (req, res) => {
      const { motion, draftIds, drafts, limit, dryRun } = parseBody(req, freezeBatchRequestSchema);
      const request = {
        motion,
        draftIds: drafts?.map(({ draftId }) => draftId) ?? draftIds ?? null,
        contentDigests: new Map(drafts?.map(({ draftId, contentDigest }) => [draftId, contentDigest])),
        limit: limit ?? null,
        actor: userOf(req).name,
        correlationId: correlationIdOf(req),
      };
      if (dryRun) {
        const { preview, previewHash, included, leftOut } = await deps.freezeBatch.preview(request);
        res.json(frozenBatchSchema.parse({ dryRun, batch: null, preview, previewHash, included, leftOut }));
        return;
      }
      const outcome = await deps.freezeBatch.freeze(request);
      switch (outcome.outcome) {
        case 'empty_scope':
          return respondError(res, 'empty_scope', { details: { leftOut: outcome.leftOut } });
        case 'draft_moved':
          return respondError(res, 'state_conflict', {
            message: `A draft became ${outcome.status} while the batch was being frozen; nothing was stored.`,
            details: { draftId: outcome.draftId, status: outcome.status },
          });
        case 'frozen': {
          const { preview, previewHash, included, leftOut } = outcome.frozen;
          res.status(201).json(
            frozenBatchSchema.parse({
              dryRun,
              batch: outcome.batch,
              preview,
              previewHash,
              included,
              leftOut,
            }),
          );
        }
      }
    },
  );
