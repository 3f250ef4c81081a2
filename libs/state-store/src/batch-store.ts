import {
  type Batch,
  batchSchema,
  type BatchId,
  type DeliveryMode,
  type Ledger,
  leftOutSchema,
  type Preview,
  previewActionSchema,
  type PreviewAction,
} from '@caio/contracts';
import { type BatchCommand, batchArrows } from '@caio/dispatch-core';
import { z } from 'zod';
import { instantOrNull, parseJsonRecord, parseRecord, textOrNull } from './record.ts';
import {
  changeBatchResults,
  type ChangeBatchResult,
  claimBatchResults,
  type ClaimBatchResult,
  freezeBatchResults,
  type FreezeBatchResult,
  nameOf,
} from './result-codes.ts';
import { loadScript, replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

const stagedSeconds = 3_600;
const chunk = 500;

/** One action as the freeze writes it, once: its bytes and digest are never written again. */
export interface FrozenAction extends PreviewAction {
  readonly draftId: string;
  readonly bytes: string;
  readonly mode: DeliveryMode;
  readonly ledger: Ledger;
  readonly provider: string;
  readonly email: string;
  readonly tier: string;
  readonly exclusionKeys: readonly string[];
  readonly pseudonym: string;
  readonly correlationId: string;
  /** Binds all of the above to this action with a key outside the store. */
  readonly seal: string;
}

export interface BatchFreeze {
  readonly batchId: BatchId;
  readonly preview: Preview;
  readonly previewHash: string;
  readonly deliveryModesText: string;
  readonly leftOut: Batch['leftOut'];
  readonly actions: readonly FrozenAction[];
  readonly actor: string;
  readonly correlationId: string;
}

const batchOf = (key: string, hash: Readonly<Record<string, string>>): Batch => {
  const counts = Object.entries(hash)
    .filter(([field]) => field.startsWith('n:'))
    .map(([field, count]) => [field.slice(2), Number(count)] as const);
  return parseRecord(key, batchSchema, {
    batchId: hash['batchId'],
    status: hash['status'],
    motion: hash['motion'],
    previewHash: hash['previewHash'],
    policyVersion: hash['policyVersion'],
    copyPackVersion: hash['copyPackVersion'],
    deliveryModes: parseJsonRecord(key, batchSchema.shape.deliveryModes, hash['deliveryModes'] ?? ''),
    allowListDigest: hash['allowListDigest'],
    expiresAt: instantOrNull(hash['expiresAtMs']),
    createdAt: instantOrNull(hash['createdAt']),
    createdBy: hash['createdBy'],
    correlationId: hash['correlationId'],
    actionCount: Number(hash['actionCount']),
    leftOut: parseJsonRecord(key, z.array(leftOutSchema), hash['leftOut'] ?? ''),
    approvedBy: textOrNull(hash['approvedBy']),
    approvedAt: instantOrNull(hash['approvedAt']),
    closedBy: textOrNull(hash['closedBy']),
    closedReason: textOrNull(hash['closedReason']),
    executionId: textOrNull(hash['executionId']),
    fence: hash['fence'] === undefined ? null : Number(hash['fence']),
    counts: Object.fromEntries(counts),
  });
};

/** Batches: frozen once, approved by hash, claimed by exactly one caller. */
export const createBatchStore = ({ redis, keys, runId }: Pick<StoreSession, 'redis' | 'keys' | 'runId'>) => {
  const actionIds = (batchId: string): Promise<string[]> =>
    redis.zrange(keys.batchActions(batchId), '0', '-1');

  const stage = async (batchId: string, actions: readonly FrozenAction[]): Promise<void> => {
    const sha = await loadScript(redis, scripts.stageAction);
    for (let start = 0; start < actions.length; start += chunk) {
      const pipeline = redis.pipeline();
      for (const action of actions.slice(start, start + chunk)) {
        const fields = {
          actionId: action.actionId,
          batchId,
          draftId: action.draftId,
          status: 'frozen',
          digest: action.contentDigest,
          channel: action.channel,
          route: action.route,
          recipientKey: action.recipientKey,
          senderKey: action.senderKey,
          mode: action.mode,
          ledger: action.ledger,
          provider: action.provider,
          email: action.email,
          tier: action.tier,
          exclusionKeys: JSON.stringify(action.exclusionKeys),
          who: action.pseudonym,
          seal: action.seal,
          cid: action.correlationId,
          attempts: '0',
          sequence: '0',
        };
        const key = keys.action(action.actionId);
        pipeline.evalsha(sha, 1, key, action.bytes, JSON.stringify(fields), stagedSeconds);
      }
      for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
    }
  };

  return {
    actionIds,

    /** Stages the actions, then makes them a batch in one step. `subject` names the draft or action in the way. */
    freeze: async (
      freeze: BatchFreeze,
    ): Promise<{ result: FreezeBatchResult; subject: string; status: string }> => {
      await stage(freeze.batchId, freeze.actions);
      const { preview } = freeze;
      const fields = {
        batchId: freeze.batchId,
        motion: preview.motion,
        environment: preview.environment,
        previewHash: freeze.previewHash,
        policyVersion: preview.policyVersion,
        copyPackVersion: preview.copyPackVersion,
        deliveryModes: freeze.deliveryModesText,
        allowListDigest: preview.allowListDigest,
        expiresAtMs: String(Date.parse(preview.expiresAt)),
        createdBy: freeze.actor,
        correlationId: freeze.correlationId,
        actionCount: String(freeze.actions.length),
        leftOut: JSON.stringify(freeze.leftOut),
      };
      const reply = replyTexts(
        scripts.freezeBatch,
        await runScript(
          redis,
          scripts.freezeBatch,
          [
            keys.batch(freeze.batchId),
            keys.batchActions(freeze.batchId),
            keys.batches,
            keys.actionPrefix,
            keys.draftPrefix,
            keys.draftsByStatusPrefix,
            keys.audit,
          ],
          [
            freeze.batchId,
            JSON.stringify(fields),
            JSON.stringify(
              freeze.actions.map((action) => [action.actionId, action.draftId, action.contentDigest]),
            ),
            freeze.actor,
            freeze.correlationId,
          ],
        ),
      );
      const [code = '', subject = '', status = ''] = reply;
      return { result: nameOf(freezeBatchResults, code), subject, status };
    },

    read: async (batchId: string): Promise<Batch | null> => {
      const key = keys.batch(batchId);
      const hash = await redis.hgetall(key);
      return hash['status'] === undefined ? null : batchOf(key, hash);
    },

    /** The seal stored with the approval, or null. */
    approvalSealOf: (batchId: string): Promise<string | null> =>
      redis.hget(keys.batch(batchId), 'approvalSeal'),

    /** Newest first. */
    list: async (limit: number): Promise<Batch[]> => {
      const ids = await redis.zrange(keys.batches, '0', String(limit - 1), 'REV');
      const pipeline = redis.pipeline();
      ids.forEach((id) => pipeline.hgetall(keys.batch(id)));
      return ((await pipeline.exec()) ?? []).map(([error, hash], index) => {
        if (error !== null) throw error;
        const key = keys.batch(ids[index] ?? '');
        return batchOf(key, parseRecord(key, z.record(z.string(), z.string()), hash));
      });
    },

    /** What the stored actions contribute to the preview hash, read again from the store. */
    previewActions: async (batchId: string): Promise<PreviewAction[]> => {
      const ids = await actionIds(batchId);
      const fields = ['actionId', 'digest', 'channel', 'route', 'recipientKey', 'senderKey'] as const;
      const pipeline = redis.pipeline();
      ids.forEach((id) => pipeline.hmget(keys.action(id), ...fields));
      return ((await pipeline.exec()) ?? []).map(([error, values], index) => {
        if (error !== null) throw error;
        const key = keys.action(ids[index] ?? '');
        const [actionId, contentDigest, channel, route, recipientKey, senderKey] = parseRecord(
          key,
          z.array(z.string().nullable()),
          values,
        );
        return parseRecord(key, previewActionSchema, {
          actionId,
          contentDigest,
          channel,
          route,
          recipientKey,
          senderKey,
        });
      });
    },

    /** Approve (with the shown hash), reject, revoke or expire. `current` is the status or hash found. */
    change: async (change: {
      batchId: string;
      command: Extract<BatchCommand, 'approve' | 'reject' | 'revoke' | 'expire'>;
      previewHash: string | null;
      actor: string;
      reason: string;
      correlationId: string;
      /** Of an approval: what only somebody with the key can make, compared again at the claim. */
      approvalSeal?: string;
    }): Promise<{ result: ChangeBatchResult; current: string }> => {
      const arrow = batchArrows[change.command];
      const [code = '', current = ''] = replyTexts(
        scripts.changeBatch,
        await runScript(
          redis,
          scripts.changeBatch,
          [
            keys.batch(change.batchId),
            keys.batchActions(change.batchId),
            keys.actionPrefix,
            keys.draftPrefix,
            keys.draftsByStatusPrefix,
            keys.audit,
          ],
          [
            change.batchId,
            JSON.stringify(arrow.from),
            arrow.to,
            change.previewHash ?? '',
            change.actor,
            change.reason,
            change.correlationId,
            change.approvalSeal ?? '',
          ],
        ),
      );
      return { result: nameOf(changeBatchResults, code), current };
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
          ],
        ),
      );
      return { result: nameOf(claimBatchResults, code), detail };
    },
  };
};

export type BatchStore = ReturnType<typeof createBatchStore>;
