import { type BatchStore, CorruptRecordError } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';

const page = 200;

/** Every pending and approved batch past its expiry is closed and its drafts go back to the approved pile. */
export const createExpireBatches = (deps: { batches: BatchStore; logger: Logger; now: () => number }) => {
  const expire = async (batchId: string): Promise<boolean> => {
    try {
      const batch = await deps.batches.read(batchId);
      if (batch === null) return false;
      const { result } = await deps.batches.change({
        batchId,
        command: 'expire',
        previewHash: null,
        actor: 'gatekeeper',
        reason: 'batch_expired',
        correlationId: batch.correlationId,
      });
      return result === 'done';
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      // One damaged record must not keep the others open.
      deps.logger.error({ batchId, err: error }, 'a batch cannot be read; it is not closed');
      return false;
    }
  };

  return async (): Promise<number> => {
    const until = deps.now();
    let expired = 0;
    let left = 0;
    for (;;) {
      const ids = await deps.batches.expiringIds(until, left, page);
      if (ids.length === 0) return expired;
      for (const batchId of ids) {
        if (await expire(batchId)) expired += 1;
        else left += 1;
      }
    }
  };
};
