import { createHmac } from 'node:crypto';
import { canonicalJson } from '@caio/dispatch-core';

/** What of a stored action may never change between its freeze and its hand-over. */
export interface SealedAction {
  readonly actionId: string;
  readonly batchId: string;
  readonly draftId: string;
  readonly digest: string;
  readonly channel: string;
  readonly mode: string;
  readonly ledger: string;
  readonly provider: string;
  readonly email: string;
  readonly tier: string;
  readonly exclusionKeys: string;
}

/** What of a claimed batch may not change while its actions are sent. */
export interface SealedExecution {
  readonly batchId: string;
  readonly executionId: string;
  readonly previewHash: string;
  readonly policyVersion: string;
  /** Milliseconds since 1970, as stored. */
  readonly expiresAtMs: string;
}

/**
 * Codes that only a holder of the key can make. The store keeps them beside what they bind; whoever can write to
 * the store but does not have the key can break them, never forge them. They hold in one environment alone, so
 * that records copied from a rehearsal approve nothing elsewhere, also where both were given the same key.
 */
export const createSeals = ({ key, environment }: { key: string; environment: string }) => {
  const seal = (kind: string, value: unknown): string =>
    createHmac('sha256', key)
      .update(`caio ${kind} seal 2\0${canonicalJson([environment, value])}`, 'utf8')
      .digest('hex');
  return {
    action: (action: SealedAction): string =>
      seal('action', [
        action.actionId,
        action.batchId,
        action.draftId,
        action.digest,
        action.channel,
        action.mode,
        action.ledger,
        action.provider,
        action.email,
        action.tier,
        action.exclusionKeys,
      ]),
    /** What an execution was started on; nobody starts one without the key, nor changes its rules afterwards. */
    execution: (execution: SealedExecution): string =>
      seal('execution', [
        execution.batchId,
        execution.executionId,
        execution.previewHash,
        execution.policyVersion,
        execution.expiresAtMs,
      ]),
    approval: (approval: { batchId: string; previewHash: string; approver: string }): string =>
      seal('approval', [approval.batchId, approval.previewHash, approval.approver]),
  };
};

export type Seals = ReturnType<typeof createSeals>;
