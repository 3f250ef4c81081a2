import { batchParamsSchema } from '@caio/contracts';
import { parseParams, requirePermission, respondError } from '@caio/service-kit';
import type { BatchStore, NumberedProgress } from '@caio/state-store';
import { type Request, Router } from 'express';
import { type BatchProgressFeed, isFinalBatch } from '../../batch-progress-feed.ts';
import { type EventStreamLimits, openEventStream } from '../../event-stream.ts';
import { progressEvent, troubleEvent } from '../../progress-events.ts';

const lastEventIdOf = (req: Request): number | null => {
  const given = req.get('last-event-id') ?? '';
  return /^\d{1,15}$/.test(given) ? Number(given) : null;
};

/** GET /api/batches/:batchId/events: how far a batch is, as it happens. */
export const followBatchRoute = (deps: {
  batches: Pick<BatchStore, 'progress'>;
  progressFeed: BatchProgressFeed;
  streamLimits: EventStreamLimits;
}): Router =>
  Router().get('/api/batches/:batchId/events', requirePermission('read'), async (req, res) => {
    const { batchId } = parseParams(req, batchParamsSchema);
    const known = await deps.batches.progress(batchId);
    if (known === null) return respondError(res, 'not_found', { message: 'There is no batch with this id.' });
    const seen = lastEventIdOf(req);
    if (isFinalBatch(known.progress.status) && seen === known.change) return void res.status(204).end();

    if (!deps.progressFeed.hasRoom()) {
      res.setHeader('Retry-After', '5');
      return respondError(res, 'too_many_requests', {
        message: 'As many readers follow batches as this service takes.',
        fix: 'Ask GET /api/batches/:batchId from time to time, or come again later.',
      });
    }
    const stream = openEventStream(res, deps.streamLimits);
    const tell = (state: NumberedProgress): void => {
      if (isFinalBatch(state.progress.status)) stream.end(progressEvent(state));
      else stream.send(progressEvent(state));
    };
    if (seen !== known.change) tell(known);
    const leave = deps.progressFeed.follow(batchId, known, {
      onProgress: tell,
      onTrouble: () => stream.send(troubleEvent),
      onOver: () => stream.end(),
    });
    res.once('close', leave);
  });
