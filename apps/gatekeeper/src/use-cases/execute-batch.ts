import type { Batch } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import type { FaultPoints } from '@caio/service-kit';
import type { BatchStore, ClaimBatchResult, GateLists } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { sha256Hex } from '../digest.ts';
import type { IdSource } from '../ids.ts';
import { allowListDigestOf, type RulesInForce } from '../rules-in-force.ts';
import type { Seals } from '../seals.ts';

export interface ExecuteDependencies {
  readonly batches: BatchStore;
  readonly lists: GateLists;
  readonly rules: RulesInForce;
  readonly ids: IdSource;
  readonly faults: FaultPoints;
  readonly seals: Pick<Seals, 'approval'>;
  readonly logger: Logger;
  /** Puts the queued actions whose time has come on the dispatch queue. */
  readonly enqueueDue: () => Promise<number>;
}

export type ExecuteOutcome =
  | { readonly outcome: 'claimed'; readonly batch: Batch; readonly enqueued: number } // 202
  | { readonly outcome: Exclude<ClaimBatchResult, 'claimed'>; readonly detail: string }; // 404, 409, 503

/** Starts the one execution of an approved batch. The hash is computed again from what the store holds now. */
export const createExecuteBatch = (deps: ExecuteDependencies) => {
  const recomputedHash = async (batch: Batch): Promise<string> =>
    sha256Hex(
      previewBytes({
        version: 1,
        environment: deps.rules.environment,
        motion: batch.motion,
        policyVersion: batch.policyVersion,
        copyPackVersion: batch.copyPackVersion,
        deliveryModes: batch.deliveryModes,
        allowListDigest: batch.allowListDigest,
        expiresAt: batch.expiresAt,
        actions: await deps.batches.previewActions(batch.batchId),
      }),
    );

  const isApprovalSealed = async (batch: Batch): Promise<boolean> => {
    const { batchId, previewHash, approvedBy } = batch;
    const stored = await deps.batches.approvalSealOf(batchId);
    return stored === deps.seals.approval({ batchId, previewHash, approver: approvedBy ?? '' });
  };

  return async (request: {
    batchId: string;
    actor: string;
    correlationId: string;
  }): Promise<ExecuteOutcome> => {
    const batch = await deps.batches.read(request.batchId);
    if (batch === null) return { outcome: 'not_found', detail: '' };
    if (batch.status === 'approved' && !(await isApprovalSealed(batch))) {
      deps.logger.error(
        { batchId: batch.batchId },
        'the stored approval was not made here; nothing is started',
      );
      return { outcome: 'hash_mismatch', detail: batch.previewHash };
    }
    deps.faults.reach('before-claim');
    const { result, detail } = await deps.batches.claim({
      batchId: request.batchId,
      executionId: deps.ids.execution(),
      recomputedHash: await recomputedHash(batch),
      policyVersion: deps.rules.policyVersion,
      deliveryModesText: deps.rules.deliveryModesText,
      copyPackVersion: deps.rules.copyPackVersion,
      allowListDigest: allowListDigestOf(await deps.lists.allowList()),
      haltedByEnvironment: deps.rules.emergencyStop,
      actor: request.actor,
      correlationId: request.correlationId,
    });
    if (result !== 'claimed') return { outcome: result, detail };
    deps.faults.reach('after-claim');
    // The claim stands whatever happens here; what is not enqueued now, the next sweep enqueues.
    const enqueued = await deps.enqueueDue().catch(() => 0);
    const claimed = await deps.batches.read(request.batchId);
    if (claimed === null) throw new Error(`batch ${request.batchId} is gone right after its claim`);
    return { outcome: 'claimed', batch: claimed, enqueued };
  };
};

export type ExecuteBatch = ReturnType<typeof createExecuteBatch>;
