import type { Batch, PreviewAction } from '@caio/contracts';
import { previewBytes } from '@caio/dispatch-core';
import type { FaultPoints } from '@caio/service-kit';
import type { ActionStore, BatchStore, ClaimBatchResult, GateLists } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { damagedBy } from '../damaged-actions.ts';
import { sha256Hex } from '../digest.ts';
import { messageOf } from '../frozen-message.ts';
import type { IdSource } from '../ids.ts';
import { allowListDigestOf, type RulesInForce } from '../rules-in-force.ts';
import type { Seals } from '../seals.ts';

export interface ExecuteDependencies {
  readonly batches: BatchStore;
  readonly actions: Pick<ActionStore, 'readWhole'>;
  readonly lists: GateLists;
  readonly rules: RulesInForce;
  readonly ids: IdSource;
  readonly faults: FaultPoints;
  readonly seals: Pick<Seals, 'approval' | 'execution'>;
  readonly logger: Logger;
  /** Puts the queued actions whose time has come on the dispatch queue. */
  readonly enqueueDue: () => Promise<number>;
}

export type ExecuteOutcome =
  | { readonly outcome: 'claimed'; readonly batch: Batch; readonly enqueued: number } // 202
  | { readonly outcome: 'record_damaged'; readonly actionIds: readonly string[] } // 409
  | { readonly outcome: Exclude<ClaimBatchResult, 'claimed'>; readonly detail: string }; // 404, 409, 503

const readAtOnce = 500;

/** Starts the one execution of an approved batch. The hash is computed again from what the store holds now. */
export const createExecuteBatch = (deps: ExecuteDependencies) => {
  /** Texts that nobody could be shown; what is readable but changed, the last check blocks by itself. */
  const unreadableIds = async (ids: readonly string[]): Promise<string[]> => {
    const damaged: string[] = [];
    for (let start = 0; start < ids.length; start += readAtOnce) {
      const chunk = ids.slice(start, start + readAtOnce);
      (await deps.actions.readWhole(chunk)).forEach((action, index) => {
        if (action === null || messageOf(action) === null) damaged.push(chunk[index] ?? '');
      });
    }
    return damaged;
  };

  const readFrozen = async (
    batchId: string,
  ): Promise<{ actions: PreviewAction[]; damaged: readonly string[] }> => {
    const ids = await deps.batches.actionIds(batchId);
    const damaged = await unreadableIds(ids);
    if (damaged.length > 0) return { actions: [], damaged };
    return deps.batches.previewActions(batchId).then(
      (actions) => ({ actions, damaged }),
      (error: unknown) => ({ actions: [], damaged: damagedBy(error, ids) }),
    );
  };

  const recomputedHash = (batch: Batch, actions: readonly PreviewAction[]): string =>
    sha256Hex(
      previewBytes({
        version: 1,
        environment: deps.rules.environment,
        motion: batch.motion,
        policyVersion: batch.policyVersion,
        copyPackVersion: batch.copyPackVersion,
        deliveryModes: batch.deliveryModes,
        allowListDigest: batch.allowListDigest,
        ...(batch.rampStage === undefined ? {} : { rampStage: batch.rampStage }),
        expiresAt: batch.expiresAt,
        actions: [...actions],
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
    const { actions, damaged } = await readFrozen(batch.batchId);
    if (batch.status === 'approved' && damaged.length > 0) {
      deps.logger.error(
        { batchId: batch.batchId, actionIds: damaged },
        'stored actions of an approved batch cannot be read; nothing is started',
      );
      return { outcome: 'record_damaged', actionIds: damaged };
    }
    deps.faults.reach('before-claim');
    const executionId = deps.ids.execution();
    const { batchId, previewHash, policyVersion } = batch;
    const expiresAtMs = String(Date.parse(batch.expiresAt));
    const { result, detail } = await deps.batches.claim({
      batchId: request.batchId,
      executionId,
      executionSeal: deps.seals.execution({ batchId, executionId, previewHash, policyVersion, expiresAtMs }),
      recomputedHash: recomputedHash(batch, actions),
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
