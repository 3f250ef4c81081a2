import { batchProgressSchema, errorCatalogue, progressTroubleSchema } from '@caio/contracts';
import type { NumberedProgress } from '@caio/state-store';
import { isFinalBatch } from './batch-progress-feed.ts';
import type { StreamedEvent } from './event-stream.ts';

/** How far a batch is, as an event; `end` when nothing can happen to it any more. */
export const progressEvent = ({ change, progress }: NumberedProgress): StreamedEvent => ({
  id: change,
  event: isFinalBatch(progress.status) ? 'end' : 'progress',
  data: batchProgressSchema.parse(progress),
});

const { message, fix } = errorCatalogue.store_unavailable;

/** Has no id: a reader that goes on over it was last told of a state, not of this. */
export const troubleEvent: StreamedEvent = {
  event: 'unavailable',
  data: progressTroubleSchema.parse({ code: 'store_unavailable', message, fix }),
};
