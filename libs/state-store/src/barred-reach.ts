import {
  actionStatusSchema,
  batchStatusSchema,
  draftStatusSchema,
  headingOf,
  messageSchema,
} from '@caio/contracts';
import type { ActionStatus, BatchStatus, DraftStatus, Lead } from '@caio/contracts';
import { z } from 'zod';
import { draftRecordSchema } from './draft-record.ts';
import { parseJsonRecord, parseRecord } from './record.ts';
import type { StoreSession } from './store-session.ts';

/** A draft that is open, or whose message is with a provider that holds it. */
export interface ReachedDraft {
  readonly draftId: string;
  readonly status: DraftStatus;
  readonly lead: Lead;
  readonly subject: string;
  readonly actionId: string | null;
  readonly actionStatus: ActionStatus | null;
  readonly batchId: string | null;
  readonly batchStatus: BatchStatus | null;
}

const chunkSize = 1_000;
const textsSchema = z.array(z.string().nullable());
const openStatuses: readonly DraftStatus[] = ['pending', 'approved', 'batched'];
const waitingActions: readonly ActionStatus[] = ['frozen', 'queued', 'handed_over'];

/**
 * Which messages an exclusion or a suppression would keep from going out, by an index of the drafts under each
 * exclusion key: asking costs what is found, not what there is.
 */
export const createBarredReach = (
  { redis, keys }: Pick<StoreSession, 'redis' | 'keys'>,
  exclusionKeysOf: (lead: Lead) => readonly string[],
) => {
  const execute = async (pipeline: ReturnType<typeof redis.pipeline>): Promise<unknown[]> =>
    ((await pipeline.exec()) ?? []).map(([error, reply]) => {
      if (error !== null) throw error;
      return reply;
    });

  /** Drafts of a store from before there was an index come into it once; those that arrive meanwhile are in it. */
  const completeIndex = async (): Promise<void> => {
    if ((await redis.exists(keys.draftsUnderComplete)) === 1) return;
    for (const status of draftStatusSchema.options) {
      const ids = await redis.zrange(keys.draftsByStatus(status), '0', '-1');
      for (let at = 0; at < ids.length; at += chunkSize) {
        const chunk = ids.slice(at, at + chunkSize);
        const reading = redis.pipeline();
        chunk.forEach((id) => reading.hget(keys.draft(id), 'record'));
        const writing = redis.pipeline();
        (await execute(reading)).forEach((text, index) => {
          const id = chunk[index] ?? '';
          if (typeof text !== 'string') return;
          const { lead } = parseJsonRecord(keys.draft(id), draftRecordSchema, text);
          exclusionKeysOf(lead).forEach((key) => writing.sadd(keys.draftsUnder(key), id));
        });
        await execute(writing);
      }
    }
    await redis.set(keys.draftsUnderComplete, '1');
  };

  const draftIdsUnder = async (exclusionKeys: readonly string[]): Promise<string[]> => {
    const ids = new Set<string>();
    for (let at = 0; at < exclusionKeys.length; at += chunkSize) {
      const sets = exclusionKeys.slice(at, at + chunkSize).map((key) => keys.draftsUnder(key));
      for (const id of await redis.sunion(...sets)) ids.add(id);
    }
    // Ids begin with their time, so this is their order.
    return [...ids].sort();
  };

  const fieldsOf = async (
    hashes: readonly string[],
    ...fields: string[]
  ): Promise<(readonly (string | null)[])[]> => {
    const found: (readonly (string | null)[])[] = [];
    for (let at = 0; at < hashes.length; at += chunkSize) {
      const pipeline = redis.pipeline();
      const chunk = hashes.slice(at, at + chunkSize);
      chunk.forEach((hash) => pipeline.hmget(hash, ...fields));
      (await execute(pipeline)).forEach((reply, index) =>
        found.push(parseRecord(chunk[index] ?? '', textsSchema, reply)),
      );
    }
    return found;
  };

  return {
    /** The messages under any of these exclusion or suppression keys that have not left, oldest first. */
    openUnder: async (exclusionKeys: readonly string[]): Promise<ReachedDraft[]> => {
      if (exclusionKeys.length === 0) return [];
      await completeIndex();
      const ids = await draftIdsUnder(exclusionKeys);
      const states = await fieldsOf(ids.map(keys.draft), 'status', 'actionId', 'batchId');
      const open = ids.flatMap((draftId, index) => {
        const [text = null, actionId = null, batchId = null] = states[index] ?? [];
        if (text === null) return [];
        const status = parseRecord(keys.draft(draftId), draftStatusSchema, text);
        const inBatch = status === 'batched' && actionId !== null && batchId !== null;
        return openStatuses.includes(status)
          ? [{ draftId, status, actionId: inBatch ? actionId : null, batchId: inBatch ? batchId : null }]
          : [];
      });
      const actionIds = open.flatMap(({ actionId }) => (actionId === null ? [] : [actionId]));
      const batchIds = [...new Set(open.flatMap(({ batchId }) => (batchId === null ? [] : [batchId])))];
      const actions = await fieldsOf(actionIds.map(keys.action), 'status');
      const batches = await fieldsOf(batchIds.map(keys.batch), 'status');
      const actionStatuses = new Map(actionIds.map((id, index) => [id, actions[index]?.[0] ?? null]));
      const batchStatuses = new Map(batchIds.map((id, index) => [id, batches[index]?.[0] ?? null]));
      const waiting = open.flatMap((draft): Omit<ReachedDraft, 'lead' | 'subject'>[] => {
        if (draft.actionId === null || draft.batchId === null)
          return draft.status === 'batched' ? [] : [{ ...draft, actionStatus: null, batchStatus: null }];
        const key = keys.action(draft.actionId);
        const actionStatus = parseRecord(key, actionStatusSchema, actionStatuses.get(draft.actionId));
        const batchStatus = parseRecord(
          keys.batch(draft.batchId),
          batchStatusSchema,
          batchStatuses.get(draft.batchId),
        );
        return waitingActions.includes(actionStatus) ? [{ ...draft, actionStatus, batchStatus }] : [];
      });
      const texts = await fieldsOf(
        waiting.map(({ draftId }) => keys.draft(draftId)),
        'record',
        'bytes',
      );
      return waiting.map((draft, index) => {
        const [record = null, bytes = null] = texts[index] ?? [];
        const key = keys.draft(draft.draftId);
        return {
          ...draft,
          lead: parseJsonRecord(key, draftRecordSchema, record ?? '').lead,
          subject: headingOf(parseJsonRecord(key, messageSchema, bytes ?? '')),
        };
      });
    },
  };
};

export type BarredReach = ReturnType<typeof createBarredReach>;
