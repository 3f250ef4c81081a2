import {
  type Batch,
  type BatchDrop,
  batchDropSchema,
  type BatchId,
  batchIdSchema,
  type BatchStatus,
  type DraftId,
  draftIdSchema,
  previewActionSchema,
  type PreviewAction,
} from '@caio/contracts';
import { type BatchCommand, batchArrows } from '@caio/dispatch-core';
import { z } from 'zod';
import { createBatchExecution } from './batch-execution.ts';
import { createBatchFreezer } from './batch-freeze.ts';
import { batchOf, type NumberedProgress, progressFields, progressOf } from './batch-record.ts';
import { instantOrNull, parseJsonRecord, parseRecord, textOrNull } from './record.ts';
import { changeBatchResults, type ChangeBatchResult, nameOf } from './result-codes.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

const readAtOnce = 1_000;
const pastClaiming: ReadonlySet<string> = new Set<BatchStatus>([
  'rejected',
  'revoked',
  'expired',
  'executing',
  'executed',
  'partially_executed',
  'failed',
]);

/** What a batch keeps when only some of its drafts were refused. */
export interface PartialRejection {
  readonly drop: readonly BatchDrop[];
  readonly replacementId: BatchId;
}

/** Batches: frozen once, approved by hash, claimed by exactly one caller. */
export const createBatchStore = ({ redis, keys, runId }: Pick<StoreSession, 'redis' | 'keys' | 'runId'>) => {
  const actionIds = (batchId: string): Promise<string[]> =>
    redis.zrange(keys.batchActions(batchId), '0', '-1');

  return {
    ...createBatchFreezer({ redis, keys }),
    ...createBatchExecution({ redis, keys, runId }),

    actionIds,

    read: async (batchId: string): Promise<Batch | null> => {
      const key = keys.batch(batchId);
      const hash = await redis.hgetall(key);
      return hash['status'] === undefined ? null : batchOf(key, hash);
    },

    /** How far the batch is, with the number of its state; null when there is no such batch. */
    progress: async (batchId: string): Promise<NumberedProgress | null> => {
      const key = keys.batch(batchId);
      return progressOf(key, await redis.hmget(key, ...progressFields));
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

    /**
     * Every batch that may still be claimed, by its own record: a store that came back older is believed in nothing
     * it could have in two places.
     */
    claimableIds: async (): Promise<string[]> => {
      const claimable: string[] = [];
      for (let start = 0; ; start += readAtOnce) {
        const ids = await redis.zrange(keys.batches, String(start), String(start + readAtOnce - 1));
        if (ids.length === 0) return claimable;
        const pipeline = redis.pipeline();
        ids.forEach((id) => pipeline.hget(keys.batch(id), 'status'));
        ((await pipeline.exec()) ?? []).forEach(([error, status], index) => {
          if (error !== null) throw error;
          if (!pastClaiming.has(String(status))) claimable.push(ids[index] ?? '');
        });
      }
    },

    /** How many batches wait for an approval or an execution. */
    waiting: async (): Promise<{ pending: number; approved: number }> => {
      const ids = await redis.zrange(keys.batchesUnclaimed, '0', '-1');
      const pipeline = redis.pipeline();
      ids.forEach((id) => pipeline.hget(keys.batch(id), 'status'));
      const statuses = ((await pipeline.exec()) ?? []).map(([error, status]) => {
        if (error !== null) throw error;
        return status;
      });
      const countOf = (wanted: BatchStatus): number => statuses.filter((status) => status === wanted).length;
      return { pending: countOf('pending'), approved: countOf('approved') };
    },

    /** At most `limit` pending or approved batches whose expiry is at or before `untilMs`, after the first `offset`. */
    expiringIds: (untilMs: number, offset: number, limit: number): Promise<string[]> =>
      redis.zrangebyscore(keys.batchesUnclaimed, '-inf', untilMs, 'LIMIT', offset, limit),

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

    /** Who took the batch's last step and when; null when there is no such batch. */
    lastStep: async (batchId: string): Promise<{ by: string | null; at: string | null } | null> => {
      const fields = ['status', 'createdBy', 'approvedBy', 'claimedBy', 'closedBy', 'changedAt', 'createdAt'];
      const [status, ...rest] = await redis.hmget(keys.batch(batchId), ...fields);
      if (status === null || status === undefined) return null;
      const [createdBy, approvedBy, claimedBy, closedBy, changedAt, createdAt] = rest.map((text) =>
        textOrNull(text ?? undefined),
      );
      return {
        by: closedBy ?? claimedBy ?? approvedBy ?? createdBy ?? null,
        at: instantOrNull(changedAt ?? createdAt ?? undefined),
      };
    },

    /** When each batch was claimed, finished and last changed; null for what has not happened. */
    times: async (
      batchIds: readonly string[],
    ): Promise<{ claimedAt: string | null; finishedAt: string | null; changedAt: string | null }[]> => {
      const pipeline = redis.pipeline();
      batchIds.forEach((id) => pipeline.hmget(keys.batch(id), 'claimedAtMs', 'finishedAt', 'changedAt'));
      return ((await pipeline.exec()) ?? []).map(([error, reply], index) => {
        if (error !== null) throw error;
        const texts = parseRecord(keys.batch(batchIds[index] ?? ''), z.array(z.string().nullable()), reply);
        const [claimedAt = null, finishedAt = null, changedAt = null] = texts.map((text) =>
          instantOrNull(text ?? undefined),
        );
        return { claimedAt, finishedAt, changedAt };
      });
    },

    /** Of a batch that was rejected in part: what was dropped, and the id kept for the batch with the rest. */
    partialRejection: async (batchId: string): Promise<PartialRejection | null> => {
      const key = keys.batch(batchId);
      const [drop, replacementId] = await redis.hmget(key, 'drop', 'replacementId');
      if (drop === null || drop === undefined) return null;
      return {
        drop: parseJsonRecord(key, z.array(batchDropSchema), drop),
        replacementId: parseRecord(key, batchIdSchema, replacementId),
      };
    },

    /** The draft behind each action of the batch, in its order. */
    draftIds: async (batchId: string): Promise<DraftId[]> => {
      const ids = await actionIds(batchId);
      const pipeline = redis.pipeline();
      ids.forEach((id) => pipeline.hget(keys.action(id), 'draftId'));
      return ((await pipeline.exec()) ?? []).map(([error, draftId], index) => {
        if (error !== null) throw error;
        return parseRecord(keys.action(ids[index] ?? ''), draftIdSchema, draftId);
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
      /** Of a rejection: only these drafts are refused. They need a review again, in the same step. */
      partial?: PartialRejection;
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
            keys.batchesUnclaimed,
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
            JSON.stringify(
              change.partial === undefined
                ? {}
                : {
                    drop: JSON.stringify(change.partial.drop),
                    replacementId: change.partial.replacementId,
                  },
            ),
            JSON.stringify(change.partial?.drop.map(({ draftId }) => draftId) ?? []),
          ],
        ),
      );
      return { result: nameOf(changeBatchResults, code), current };
    },
  };
};

export type BatchStore = ReturnType<typeof createBatchStore>;
