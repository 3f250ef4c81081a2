import type { BatchStore } from '@caio/state-store';

const looksAtNewest = 1_000;

/** Pending and approved batches past their expiry are closed and their drafts go back to the approved pile. */
export const createExpireBatches = (deps: { batches: BatchStore; now: () => number }) => {
  return async (): Promise<number> => {
    let expired = 0;
    for (const batch of await deps.batches.list(looksAtNewest)) {
      if (batch.status !== 'pending' && batch.status !== 'approved') continue;
      if (Date.parse(batch.expiresAt) > deps.now()) continue;
      const { result } = await deps.batches.change({
        batchId: batch.batchId,
        command: 'expire',
        previewHash: null,
        actor: 'gatekeeper',
        reason: 'batch_expired',
        correlationId: batch.correlationId,
      });
      expired += result === 'done' ? 1 : 0;
    }
    return expired;
  };
};
