import {
  type Exclusion,
  exclusionSchema,
  type HaltState,
  type Suppression,
  suppressionSchema,
} from '@caio/contracts';
import { z } from 'zod';
import { instantOrNull, parseJsonRecord, textOrNull } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** A suppression as stored: the address may have been erased, the pseudonym in front of it never is. */
export const storedSuppressionSchema = suppressionSchema.extend({ personKey: z.string().nullable() });
export type StoredSuppression = z.infer<typeof storedSuppressionSchema>;

/** The durable stop, the suppressions and the exclusions. */
export const createGateLists = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => {
  const page = async (
    key: string,
    cursor: string | null,
  ): Promise<{ values: string[]; nextCursor: string | null }> => {
    // A cursor comes from a caller; one that Redis could not have given starts at the beginning.
    const from = cursor !== null && /^\d{1,19}$/.test(cursor) ? cursor : '0';
    const [next, flat] = await redis.hscan(key, from, 'COUNT', 500);
    return { values: flat.filter((_, index) => index % 2 === 1), nextCursor: next === '0' ? null : next };
  };
  return {
    readHalt: async (environment: boolean): Promise<HaltState> => {
      const halt = await redis.hgetall(keys.halt);
      const stored = halt['active'] === '1';
      return {
        active: stored || environment,
        stored,
        environment,
        by: textOrNull(halt['by']),
        reason: textOrNull(halt['reason']),
        at: instantOrNull(halt['at']),
      };
    },

    /** True when this call changed the switch. */
    setHalt: async (
      stop: 'stop' | 'lift',
      actor: string,
      reason: string,
      correlationId: string,
    ): Promise<boolean> => {
      const [code] = replyTexts(
        scripts.setHalt,
        await runScript(
          redis,
          scripts.setHalt,
          [keys.halt, keys.audit],
          [stop === 'stop' ? '1' : '0', actor, reason, correlationId],
        ),
      );
      return code === '0';
    },

    /** `entries` by pseudonym. Entries that are there already stay as they were. */
    suppress: async (
      entries: ReadonlyMap<string, Suppression>,
      actor: string,
      reason: string,
      correlationId: string,
    ): Promise<{ added: number; known: number }> => {
      const texts = Object.fromEntries(
        [...entries].map(([pseudonym, entry]) => [pseudonym, JSON.stringify(entry)]),
      );
      const [added = '0', known = '0'] = replyTexts(
        scripts.suppressPerson,
        await runScript(
          redis,
          scripts.suppressPerson,
          [keys.suppressions, keys.audit],
          [JSON.stringify(texts), actor, reason, correlationId],
        ),
      );
      return { added: Number(added), known: Number(known) };
    },

    isSuppressed: async (pseudonyms: readonly string[]): Promise<boolean> =>
      pseudonyms.length > 0 &&
      (await redis.hmget(keys.suppressions, ...pseudonyms)).some((entry) => entry !== null),

    isExcluded: async (exclusionKeys: readonly string[]): Promise<boolean> =>
      exclusionKeys.length > 0 &&
      (await redis.hmget(keys.exclusions, ...exclusionKeys)).some((entry) => entry !== null),

    listSuppressions: async (
      cursor: string | null,
    ): Promise<{ entries: StoredSuppression[]; nextCursor: string | null }> => {
      const { values, nextCursor } = await page(keys.suppressions, cursor);
      return {
        entries: values.map((text) => parseJsonRecord(keys.suppressions, storedSuppressionSchema, text)),
        nextCursor,
      };
    },

    listExclusions: async (
      cursor: string | null,
    ): Promise<{ entries: Exclusion[]; nextCursor: string | null }> => {
      const { values, nextCursor } = await page(keys.exclusions, cursor);
      return {
        entries: values.map((text) => parseJsonRecord(keys.exclusions, exclusionSchema, text)),
        nextCursor,
      };
    },

    /** Adds and removes in one step; `pseudonyms` is what the audit shows for each key. */
    changeExclusions: async (change: {
      add: readonly Exclusion[];
      remove: readonly string[];
      pseudonyms: ReadonlyMap<string, string>;
      actor: string;
      correlationId: string;
    }): Promise<{ added: number; known: number; removed: number; missing: number }> => {
      const add = Object.fromEntries(change.add.map((entry) => [entry.key, JSON.stringify(entry)]));
      const [added = '0', known = '0', removed = '0', missing = '0'] = replyTexts(
        scripts.changeExclusions,
        await runScript(
          redis,
          scripts.changeExclusions,
          [keys.exclusions, keys.audit],
          [
            JSON.stringify(add),
            JSON.stringify(change.remove),
            JSON.stringify(Object.fromEntries(change.pseudonyms)),
            change.actor,
            change.correlationId,
          ],
        ),
      );
      return {
        added: Number(added),
        known: Number(known),
        removed: Number(removed),
        missing: Number(missing),
      };
    },

    counts: async (): Promise<{ suppressions: number; exclusions: number }> => ({
      suppressions: await redis.hlen(keys.suppressions),
      exclusions: await redis.hlen(keys.exclusions),
    }),

    allowList: async (): Promise<string[]> => (await redis.smembers(keys.allowList)).sort(),
  };
};

export type GateLists = ReturnType<typeof createGateLists>;
