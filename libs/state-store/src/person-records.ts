import { draftStatusSchema } from '@caio/contracts';
import { z } from 'zod';
import { parseJsonRecord, parseRecord } from './record.ts';
import type { StoreSession } from './store-session.ts';

const chunkSize = 1_000;
const textsSchema = z.array(z.string().nullable());

/**
 * Which records concern a person. No index of people is kept, so every draft is asked, in pieces: this is for
 * somebody's question, not for the way of a message.
 */
export const createPersonRecords = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  /** The drafts, whatever their state, that carry one of these person keys, with the action of the last freeze. */
  draftsOf: async (
    personKeys: readonly string[],
  ): Promise<{ draftId: string; actionId: string | null; personKeys: string[] }[]> => {
    const wanted = new Set(personKeys);
    const found: { draftId: string; actionId: string | null; personKeys: string[] }[] = [];
    for (const status of draftStatusSchema.options) {
      const ids = await redis.zrange(keys.draftsByStatus(status), '0', '-1');
      for (let at = 0; at < ids.length; at += chunkSize) {
        const chunk = ids.slice(at, at + chunkSize);
        const pipeline = redis.pipeline();
        chunk.forEach((id) => pipeline.hmget(keys.draft(id), 'persons', 'actionId', 'batchId'));
        const replies = (await pipeline.exec()) ?? [];
        for (const [index, [error, reply]] of replies.entries()) {
          if (error !== null) throw error;
          const draftId = chunk[index] ?? '';
          const key = keys.draft(draftId);
          const [persons, actionId, batchId] = parseRecord(key, textsSchema, reply);
          const names = parseJsonRecord(key, z.array(z.string()), persons ?? '[]');
          if (names.some((name) => wanted.has(name)))
            found.push({ draftId, actionId: batchId ? (actionId ?? null) : null, personKeys: names });
        }
      }
    }
    // A draft that changed its state in between can be seen twice.
    return [...new Map(found.map((draft) => [draft.draftId, draft])).values()];
  },
});

export type PersonRecords = ReturnType<typeof createPersonRecords>;
