import {
  batchAnswerSchema,
  batchListSchema,
  batchParamsSchema,
  batchPreviewSchema,
  messageSchema,
  pageQuerySchema,
  receiptListSchema,
} from '@caio/contracts';
import { HttpProblem, parseParams, parseQuery, requirePermission } from '@caio/service-kit';
import type { ActionStore, BatchStore } from '@caio/state-store';
import { type Request, Router } from 'express';

const pageOf = (ids: readonly string[], cursor: string | undefined, limit: number) => {
  const start = Math.max(0, Number.parseInt(cursor ?? '0', 10) || 0);
  return {
    ids: ids.slice(start, start + limit),
    nextCursor: start + limit < ids.length ? String(start + limit) : null,
  };
};

/** GET /api/batches, /api/batches/:batchId, …/preview (paged texts) and …/receipts (paged outcomes). */
export const showBatchRoute = (deps: { batches: BatchStore; actions: ActionStore }): Router => {
  const batchOf = async (req: Request) => {
    const { batchId } = parseParams(req, batchParamsSchema);
    const batch = await deps.batches.read(batchId);
    if (batch === null) throw new HttpProblem('not_found', { message: 'There is no batch with this id.' });
    return batch;
  };
  return Router()
    .get('/api/batches', requirePermission('read'), async (req, res) => {
      const { limit } = parseQuery(req, pageQuerySchema);
      res.json(batchListSchema.parse({ batches: await deps.batches.list(limit) }));
    })
    .get('/api/batches/:batchId', requirePermission('read'), async (req, res) => {
      res.json(batchAnswerSchema.parse({ batch: await batchOf(req) }));
    })
    .get('/api/batches/:batchId/preview', requirePermission('read'), async (req, res) => {
      const batch = await batchOf(req);
      const { cursor, limit } = parseQuery(req, pageQuerySchema);
      const page = pageOf(await deps.batches.actionIds(batch.batchId), cursor, limit);
      const actions = await deps.actions.readMany(page.ids);
      const items = actions.map((action) => {
        const message = messageSchema.parse(JSON.parse(action.bytes));
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
      res.json(batchPreviewSchema.parse({ batch, items, nextCursor: page.nextCursor }));
    })
    .get('/api/batches/:batchId/receipts', requirePermission('read'), async (req, res) => {
      const batch = await batchOf(req);
      const { cursor, limit } = parseQuery(req, pageQuerySchema);
      const page = pageOf(await deps.batches.actionIds(batch.batchId), cursor, limit);
      const receipts = await deps.actions.receipts(page.ids);
      res.json(receiptListSchema.parse({ batch, receipts, nextCursor: page.nextCursor }));
    });
};
