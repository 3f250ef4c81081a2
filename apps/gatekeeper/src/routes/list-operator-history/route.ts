import { operatorHistoryQuerySchema, operatorHistorySchema } from '@caio/contracts';
import { parseQuery, requirePermission } from '@caio/service-kit';
import type { BatchStore } from '@caio/state-store';
import { Router } from 'express';

/** GET /api/operator/history: the newest batches and what became of them, as an object. */
export const listOperatorHistoryRoute = (deps: { batches: Pick<BatchStore, 'list' | 'times'> }): Router =>
  Router().get('/api/operator/history', requirePermission('read'), async (req, res) => {
    const { limit } = parseQuery(req, operatorHistoryQuerySchema);
    const batches = await deps.batches.list(limit);
    const times = await deps.batches.times(batches.map(({ batchId }) => batchId));
    const history = batches.map((batch, index) => ({
      run_id: batch.executionId,
      batch_id: batch.batchId,
      timestamp: batch.createdAt,
      started_at: times[index]?.claimedAt ?? null,
      completed_at: times[index]?.finishedAt ?? null,
      dry_run: false,
      motion: batch.motion,
      dispatched: (batch.counts['handed_over'] ?? 0) + (batch.counts['left'] ?? 0),
      platform: batch.deliveryModes.email,
      result: batch.status,
      counts: batch.counts,
      approved_by: batch.approvedBy,
      reason: batch.closedReason,
    }));
    res.json(operatorHistorySchema.parse({ history }));
  });
