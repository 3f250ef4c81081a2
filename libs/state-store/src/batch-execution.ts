import { claimBatchResults, type ClaimBatchResult, nameOf } from './result-codes.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** The part of a claimed batch that its execution seal binds, as stored. */
export interface StoredExecution {
  readonly batchId: string;
  readonly executionId: string;
  readonly previewHash: string;
  readonly policyVersion: string;
  readonly expiresAtMs: string;
  readonly executionSeal: string;
}

/** The one execution of a batch: started by exactly one caller, on what was approved. */
export const createBatchExecution = ({
  redis,
  keys,
  runId,
}: Pick<StoreSession, 'redis' | 'keys' | 'runId'>) => ({
  /** What an execution was started on and the seal stored with its claim; empty where there is none. */
  executionOf: async (batchId: string): Promise<StoredExecution> => {
    const fields = ['executionId', 'previewHash', 'policyVersion', 'expiresAtMs', 'executionSeal'] as const;
    const [executionId, previewHash, policyVersion, expiresAtMs, executionSeal] = (
      await redis.hmget(keys.batch(batchId), ...fields)
    ).map((text) => text ?? '');
    return {
      batchId,
      executionId: executionId ?? '',
      previewHash: previewHash ?? '',
      policyVersion: policyVersion ?? '',
      expiresAtMs: expiresAtMs ?? '',
      executionSeal: executionSeal ?? '',
    };
  },

  /** Starts the one execution. Only one caller ever gets `claimed`. */
  claim: async (claim: {
    batchId: string;
    executionId: string;
    recomputedHash: string;
    policyVersion: string;
    deliveryModesText: string;
    copyPackVersion: string;
    allowListDigest: string;
    haltedByEnvironment: boolean;
    /** What only somebody with the key can make; compared again before each send. */
    executionSeal?: string;
    actor: string;
    correlationId: string;
  }): Promise<{ result: ClaimBatchResult; detail: string }> => {
    const [code = '', detail = ''] = replyTexts(
      scripts.claimBatch,
      await runScript(
        redis,
        scripts.claimBatch,
        [
          keys.batch(claim.batchId),
          keys.batchActions(claim.batchId),
          keys.actionPrefix,
          keys.actionsQueued,
          keys.fence,
          keys.halt,
          keys.store,
          keys.draftPrefix,
          keys.draftsByStatusPrefix,
          keys.audit,
          keys.batchesUnclaimed,
        ],
        [
          claim.batchId,
          claim.executionId,
          claim.recomputedHash,
          claim.policyVersion,
          claim.deliveryModesText,
          claim.copyPackVersion,
          claim.allowListDigest,
          runId() ?? '',
          claim.haltedByEnvironment ? '1' : '0',
          claim.actor,
          claim.correlationId,
          claim.executionSeal ?? '',
        ],
      ),
    );
    return { result: nameOf(claimBatchResults, code), detail };
  },
});
