import type { Batch, BatchDrop, BatchId, DraftId, DraftStatus, LeftOut } from '@caio/contracts';
import type { BatchStore, DraftStore, PartialRejection } from '@caio/state-store';
import type { IdSource } from '../ids.ts';
import type { FreezeBatch } from './freeze-batch.ts';
import type { ReviewDraft } from './review-draft.ts';

export interface RejectDependencies {
  readonly batches: BatchStore;
  readonly drafts: Pick<DraftStore, 'readMany'>;
  readonly reviewDraft: Pick<ReviewDraft, 'reject'>;
  readonly freezeBatch: Pick<FreezeBatch, 'freezeAs'>;
  readonly ids: Pick<IdSource, 'batch'>;
}

export interface RejectRequest {
  readonly batchId: BatchId;
  readonly reason: string;
  /** Null rejects the whole batch. */
  readonly drop: readonly BatchDrop[] | null;
  readonly actor: string;
  readonly correlationId: string;
}

export type RejectOutcome =
  | {
      readonly outcome: 'rejected'; // 200
      readonly batch: Batch;
      readonly replacement: Batch | null;
      readonly dropped: readonly { readonly draftId: DraftId; readonly status: DraftStatus }[];
      readonly leftOut: readonly LeftOut[];
    }
  | { readonly outcome: 'not_in_batch'; readonly draftIds: readonly DraftId[] } // 400
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'state_conflict'; readonly status: string }; // 409

/** A draft somebody else moved while it was frozen is left out of the next try. */
const triesMax = 3;

const isSameDrop = (one: readonly BatchDrop[], other: readonly BatchDrop[]): boolean => {
  const ids = new Set(one.map(({ draftId }) => draftId));
  return one.length === other.length && other.every(({ draftId }) => ids.has(draftId));
};

/**
 * Rejects a batch, wholly or in part. In part there are three steps, each atomic: the batch is rejected, keeping
 * what is dropped and the id of its replacement, and its dropped drafts need a review again; each of these is
 * rejected; the others are frozen under that id. The same request again does what is still to be done.
 */
export const createRejectBatch = (deps: RejectDependencies) => {
  const { batches } = deps;

  const present = async (batchId: BatchId): Promise<Batch> => {
    const batch = await batches.read(batchId);
    if (batch === null) throw new Error(`batch ${batchId} is gone right after its rejection`);
    return batch;
  };

  /** The text a draft had in the batch it was dropped from. */
  const droppedDigest = async (draftId: DraftId): Promise<string | undefined> => {
    const [draft] = await deps.drafts.readMany([draftId]);
    return draft?.decisions.filter(({ command }) => command === 'drop').at(-1)?.contentDigest;
  };

  const freezeRest = async (
    request: RejectRequest,
    { motion }: Batch,
    { drop, replacementId }: PartialRejection,
  ): Promise<{ replacement: Batch | null; leftOut: readonly LeftOut[] }> => {
    const dropped = new Set(drop.map(({ draftId }) => draftId));
    const draftIds = (await batches.draftIds(request.batchId)).filter((draftId) => !dropped.has(draftId));
    const { actor, correlationId } = request;
    for (let tries = 0; tries < triesMax; tries += 1) {
      const known = await batches.read(replacementId);
      if (known !== null) return { replacement: known, leftOut: known.leftOut };
      if (draftIds.length === 0) return { replacement: null, leftOut: [] };
      const outcome = await deps.freezeBatch.freezeAs(replacementId, {
        ...{ motion, draftIds, limit: null, actor, correlationId },
      });
      if (outcome.outcome === 'frozen') return { replacement: outcome.batch, leftOut: outcome.batch.leftOut };
      if (outcome.outcome === 'empty_scope') return { replacement: null, leftOut: outcome.leftOut };
    }
    throw new Error(`the rest of batch ${request.batchId} moves while it is frozen again`);
  };

  const finish = async (request: RejectRequest, partial: PartialRejection): Promise<RejectOutcome> => {
    const { actor, correlationId } = request;
    for (const { draftId, tag, reason } of partial.drop) {
      const contentDigest = await droppedDigest(draftId);
      // Dropped drafts wait for a review again, so somebody may have written another text meanwhile: not this one.
      await deps.reviewDraft.reject({ draftId, contentDigest, tag, reason, actor, correlationId });
    }
    const batch = await present(request.batchId);
    const { replacement, leftOut } = await freezeRest(request, batch, partial);
    const drafts = await deps.drafts.readMany(partial.drop.map(({ draftId }) => draftId));
    const dropped = drafts.map(({ draftId, status }) => ({ draftId, status }));
    return { outcome: 'rejected', batch, replacement, dropped, leftOut };
  };

  return async (request: RejectRequest): Promise<RejectOutcome> => {
    const { batchId, drop, reason, actor, correlationId } = request;
    if (drop !== null) {
      const inBatch = new Set(await batches.draftIds(batchId));
      const strangers = drop.map(({ draftId }) => draftId).filter((draftId) => !inBatch.has(draftId));
      if (inBatch.size > 0 && strangers.length > 0) return { outcome: 'not_in_batch', draftIds: strangers };
    }
    const partial = drop === null ? null : { drop, replacementId: deps.ids.batch() };
    const { result, current } = await batches.change({
      ...{ batchId, command: 'reject', previewHash: null, actor, reason, correlationId },
      ...(partial === null ? {} : { partial }),
    });
    if (result === 'not_found') return { outcome: 'not_found' };
    if (result !== 'done') {
      const begun = drop === null ? null : await batches.partialRejection(batchId);
      return begun !== null && isSameDrop(begun.drop, drop ?? [])
        ? finish(request, begun)
        : { outcome: 'state_conflict', status: current };
    }
    if (partial !== null) return finish(request, partial);
    return {
      outcome: 'rejected',
      batch: await present(batchId),
      replacement: null,
      dropped: [],
      leftOut: [],
    };
  };
};

export type RejectBatch = ReturnType<typeof createRejectBatch>;
