import { draftStatusSchema } from '@caio/contracts';
import { z } from 'zod';
import { parseJsonRecord, parseRecord } from './record.ts';
import type { StoreSession } from './store-session.ts';

const chunkSize = 1_000;
const textsSchema = z.array(z.string().nullable());
const namesSchema = z.array(z.string());

/** Which records concern a person, by an index of the drafts of each name. */
export const createPersonRecords = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => {
  const readFields = async (draftIds: readonly string[], ...fields: string[]) => {
    const pipeline = redis.pipeline();
    draftIds.forEach((id) => pipeline.hmget(keys.draft(id), ...fields));
    return ((await pipeline.exec()) ?? []).map(([error, reply], index) => {
      if (error !== null) throw error;
      const draftId = draftIds[index] ?? '';
      const [persons, ...others] = parseRecord(keys.draft(draftId), textsSchema, reply);
      return {
        draftId,
        personKeys: parseJsonRecord(keys.draft(draftId), namesSchema, persons ?? '[]'),
        others,
      };
    });
  };

  /** Drafts of a store from before there was an index come into it once; those that arrive meanwhile are in it. */
  const completeIndex = async (): Promise<void> => {
    if ((await redis.exists(keys.draftsOfPersonComplete)) === 1) return;
    for (const status of draftStatusSchema.options) {
      const ids = await redis.zrange(keys.draftsByStatus(status), '0', '-1');
      for (let at = 0; at < ids.length; at += chunkSize) {
        const pipeline = redis.pipeline();
        for (const { draftId, personKeys } of await readFields(ids.slice(at, at + chunkSize), 'persons'))
          personKeys.forEach((name) => pipeline.sadd(keys.draftsOfPerson(name), draftId));
        for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
      }
    }
    await redis.set(keys.draftsOfPersonComplete, '1');
  };

  return {
    /** The drafts, whatever their state, that carry one of these person keys, with the action of the last freeze. */
    draftsOf: async (
      personKeys: readonly string[],
    ): Promise<{ draftId: string; actionId: string | null; personKeys: string[] }[]> => {
      await completeIndex();
      if (personKeys.length === 0) return [];
      // Ids begin with their time, so this is their order.
      const ids = (await redis.sunion(...personKeys.map((name) => keys.draftsOfPerson(name)))).sort();
      const found: { draftId: string; actionId: string | null; personKeys: string[] }[] = [];
      for (let at = 0; at < ids.length; at += chunkSize) {
        const chunk = ids.slice(at, at + chunkSize);
        for (const draft of await readFields(chunk, 'persons', 'actionId', 'batchId')) {
          const [actionId = null, batchId = null] = draft.others;
          found.push({
            draftId: draft.draftId,
            actionId: batchId === null || batchId === '' ? null : actionId,
            personKeys: draft.personKeys,
          });
        }
      }
      return found;
    },
  };
};

export type PersonRecords = ReturnType<typeof createPersonRecords>;
