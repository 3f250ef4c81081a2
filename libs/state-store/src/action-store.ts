import { type DispatchActionJob, dispatchActionJobSchema, type Ledger, type Receipt } from '@caio/contracts';
import { z } from 'zod';
import { createActionAdmission } from './action-admission.ts';
import { hasAnyField } from './any-field.ts';
import { receiptOf, type StoredAction, storedActionSchema } from './action-record.ts';
import { createActionSettlement } from './action-settlement.ts';
import type { Counted } from './keys.ts';
import { CorruptRecordError, parseRecord, textOrNull } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import { storeNowMs } from './store-clock.ts';
import type { StoreSession } from './store-session.ts';

const countedAtOnce = 1_000;

/** Actions: handed out, admitted by the one gate, settled once per attempt. */
export const createActionStore = ({ redis, keys, runId }: Pick<StoreSession, 'redis' | 'keys' | 'runId'>) => {
  const hashes = async (ids: readonly string[]): Promise<{ key: string; hash: Record<string, string> }[]> => {
    const pipeline = redis.pipeline();
    ids.forEach((id) => pipeline.hgetall(keys.action(id)));
    return ((await pipeline.exec()) ?? []).map(([error, hash], index) => {
      if (error !== null) throw error;
      const key = keys.action(ids[index] ?? '');
      return { key, hash: parseRecord(key, z.record(z.string(), z.string()), hash) };
    });
  };

  return {
    ...createActionAdmission({ redis, keys, runId }),
    ...createActionSettlement({ redis, keys }),

    read: async (actionId: string): Promise<StoredAction | null> => {
      const key = keys.action(actionId);
      const hash = await redis.hgetall(key);
      return hash['status'] === undefined ? null : parseRecord(key, storedActionSchema, hash);
    },

    readMany: async (ids: readonly string[]): Promise<StoredAction[]> =>
      (await hashes(ids)).map(({ key, hash }) => parseRecord(key, storedActionSchema, hash)),

    /** Each action, in this order; null for one that is not there or cannot be read. */
    readWhole: async (ids: readonly string[]): Promise<(StoredAction | null)[]> =>
      (await hashes(ids)).map(({ hash }) => storedActionSchema.safeParse(hash).data ?? null),

    /** What a person is shown of each action, in the order of the batch. */
    receipts: async (ids: readonly string[]): Promise<Receipt[]> =>
      (await hashes(ids)).map(({ key, hash }) => receiptOf(key, hash)),

    /** Queued actions whose time has come, each hidden from the next sweep for `graceMs`. */
    takeDue: async (
      limit: number,
      graceMs: number,
      onDamaged?: (actionId: string) => void,
    ): Promise<DispatchActionJob[]> => {
      const reply = replyTexts(
        scripts.takeDueActions,
        await runScript(
          redis,
          scripts.takeDueActions,
          [keys.actionsQueued, keys.actionPrefix],
          [limit, graceMs],
        ),
      );
      const jobs: DispatchActionJob[] = [];
      for (let at = 0; at < reply.length; at += 6) {
        const [actionId = '', attempt, batchId, executionId, fence, correlationId] = reply.slice(at, at + 6);
        const job = dispatchActionJobSchema.safeParse({
          actionId,
          attempt: Number(attempt),
          batchId,
          executionId,
          fence: Number(fence),
          correlationId,
        });
        // One damaged record must not hold up the others; it comes by again after the grace.
        if (job.success) jobs.push(job.data);
        else if (onDamaged !== undefined) onDamaged(actionId);
        else throw new CorruptRecordError(keys.action(actionId), 'it lacks what its job needs');
      }
      return jobs;
    },

    /** What the actions that wait to be sent wait for, the most frequent first; null is their turn. */
    queuedByReason: async (): Promise<{ reason: string | null; count: number; nextAt: string }[]> => {
      const groups = new Map<string | null, { count: number; nextMs: number }>();
      for (let start = 0; ; start += countedAtOnce) {
        const flat = await redis.zrange(
          keys.actionsQueued,
          String(start),
          String(start + countedAtOnce - 1),
          'WITHSCORES',
        );
        if (flat.length === 0) break;
        const pipeline = redis.pipeline();
        const dueTimes: number[] = [];
        for (let at = 0; at < flat.length; at += 2) {
          pipeline.hget(keys.action(flat[at] ?? ''), 'reason');
          dueTimes.push(Number(flat[at + 1]));
        }
        ((await pipeline.exec()) ?? []).forEach(([error, stored], index) => {
          if (error !== null) throw error;
          const reason = textOrNull(typeof stored === 'string' ? stored : undefined);
          const group = groups.get(reason) ?? { count: 0, nextMs: Number.POSITIVE_INFINITY };
          groups.set(reason, {
            count: group.count + 1,
            nextMs: Math.min(group.nextMs, dueTimes[index] ?? group.nextMs),
          });
        });
      }
      return [...groups]
        .map(([reason, { count, nextMs }]) => ({ reason, count, nextAt: new Date(nextMs).toISOString() }))
        .sort((a, b) => b.count - a.count);
    },

    /** By the clock that says since when an action is unknown. */
    storeNowMs: (): Promise<number> => storeNowMs(redis),

    unknownIds: (limit: number): Promise<string[]> =>
      redis.zrange(keys.actionsUnknown, '0', String(limit - 1)),

    /** How many actions are unknown, and since when the first `limit` of them are. */
    unknownSince: async (
      limit: number,
    ): Promise<{ count: number; longest: { actionId: string; since: string }[] }> => {
      const flat = await redis.zrange(keys.actionsUnknown, '0', String(limit - 1), 'WITHSCORES');
      const longest = flat.flatMap((actionId, index) =>
        index % 2 === 1 ? [] : [{ actionId, since: new Date(Number(flat[index + 1] ?? '0')).toISOString() }],
      );
      return { count: await redis.zcard(keys.actionsUnknown), longest };
    },

    /** Every action of an executing batch that is not settled: what a recovery has to compare. */
    openIds: async (): Promise<string[]> => {
      const groups = await Promise.all(
        [keys.actionsQueued, keys.actionsSending, keys.actionsUnknown].map((key) =>
          redis.zrange(key, '0', '-1'),
        ),
      );
      return groups.flat();
    },

    /** How many sends of a channel this ledger has counted for a calendar day of the policy. */
    sentOn: async (counted: Counted, dayKey: string): Promise<number> =>
      Number((await redis.get(keys.sent(counted, 'day', dayKey))) ?? 0),

    /** For each person, by their keys, whether a message to them is under way in this ledger. */
    whichInFlight: (ledger: Ledger, personKeys: readonly (readonly string[])[]): Promise<boolean[]> =>
      hasAnyField(redis, keys.inFlight(ledger), personKeys),
  };
};

export type ActionStore = ReturnType<typeof createActionStore>;
