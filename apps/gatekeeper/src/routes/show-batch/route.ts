import {
  batchAnswerSchema,
  batchListSchema,
  batchPageQuerySchema,
  batchParamsSchema,
  batchPreviewSchema,
  newestQuerySchema,
  receiptListSchema,
} from '@caio/contracts';
import { HttpProblem, parseParams, parseQuery, requirePermission } from '@caio/service-kit';
import { type ActionStore, type BatchStore, isErasedAction } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { type Request, Router } from 'express';
import { damagedActions, damagedBy } from '../../damaged-actions.ts';
import { messageOf } from '../../frozen-message.ts';

const pageOf = (ids: readonly string[], cursor: string | undefined, limit: number) => {
  const start = Number(cursor ?? '0');
  return {
    ids: ids.slice(start, start + limit),
    nextCursor: start + limit < ids.length ? String(start + limit) : null,
  };
};

/** GET /api/batches, /api/batches/:batchId, …/preview (paged texts) and …/receipts (paged outcomes). */
export const showBatchRoute = (deps: {
  batches: BatchStore;
  actions: ActionStore;
  parts: { logger: Logger };
}): Router => {
  const damaged = (batchId: string, actionIds: readonly string[]): HttpProblem => {
    deps.parts.logger.error({ batchId, actionIds }, 'stored actions of a batch cannot be read');
    return new HttpProblem(
      'record_damaged',
      damagedActions(batchId, actionIds, 'what is left of this page is not shown as if it were whole'),
    );
  };
  const batchOf = async (req: Request) => {
    const { batchId } = parseParams(req, batchParamsSchema);
    const batch = await deps.batches.read(batchId);
    if (batch === null) throw new HttpProblem('not_found', { message: 'There is no batch with this id.' });
    return batch;
  };
  return Router()
    .get('/api/batches', requirePermission('read'), async (req, res) => {
      const { limit } = parseQuery(req, newestQuerySchema);
      res.json(batchListSchema.parse({ batches: await deps.batches.list(limit) }));
    })
    .get('/api/batches/:batchId', requirePermission('read'), async (req, res) => {
      res.json(batchAnswerSchema.parse({ batch: await batchOf(req) }));
    })
    .get('/api/batches/:batchId/preview', requirePermission('read'), async (req, res) => {
      const batch = await batchOf(req);
      const { cursor, limit } = parseQuery(req, batchPageQuerySchema);
      const page = pageOf(await deps.batches.actionIds(batch.batchId), cursor, limit);
      const actions = await deps.actions.readWhole(page.ids);
      const damagedIds: string[] = [];
      const items = actions.flatMap((action, index) => {
        if (action !== null && isErasedAction(action)) return [];
        const message = action === null ? null : messageOf(action);
        if (action === null || message === null) {
          damagedIds.push(page.ids[index] ?? '');
          return [];
        }
        return {
          actionId: action.actionId,
          draftId: action.draftId,
          contentDigest: action.digest,
          email: action.email,
          tier: action.tier,
          subject: message.subject,
          body: message.body,
          footer: message.footer,
          sender: `${message.sender.name} <${message.sender.email}>`,
          message,
        };
      });
      if (damagedIds.length > 0) throw damaged(batch.batchId, damagedIds);
      res.json(batchPreviewSchema.parse({ batch, items, nextCursor: page.nextCursor }));
    })
    .get('/api/batches/:batchId/receipts', requirePermission('read'), async (req, res) => {
      const batch = await batchOf(req);
      const { cursor, limit } = parseQuery(req, batchPageQuerySchema);
      const page = pageOf(await deps.batches.actionIds(batch.batchId), cursor, limit);
      const receipts = await deps.actions.receipts(page.ids).catch((error: unknown) => {
        throw damaged(batch.batchId, damagedBy(error, page.ids));
      });
      res.json(receiptListSchema.parse({ batch, receipts, nextCursor: page.nextCursor }));
    });
};
