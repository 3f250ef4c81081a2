import { createHash } from 'node:crypto';
import {
  type Exclusion,
  exclusionSchema,
  type HaltState,
  type Suppression,
  suppressionSchema,
} from '@caio/contracts';
import { z } from 'zod';
import { hasAnyField } from './any-field.ts';
import { causeOfStop, createProviderPauses } from './provider-pauses.ts';
import { instantOrNull, parseJsonRecord, textOrNull } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** A suppression as stored: the address may have been erased, the pseudonym in front of it never is. */
export const storedSuppressionSchema = suppressionSchema.extend({ personKey: z.string().nullable() });
export type StoredSuppression = z.infer<typeof storedSuppressionSchema>;

const groupSize = 500;

/** The entries of a HSCAN reply in an order that depends on their keys alone. */
const entriesOf = (flat: readonly string[]): { mark: string; value: string }[] =>
  flat
    .flatMap((key, index) =>
      index % 2 === 1
        ? []
        : [
            {
              mark: createHash('sha256').update(key).digest('hex').slice(0, 16),
              value: flat[index + 1] ?? '',
            },
          ],
    )
    .sort((a, b) => (a.mark < b.mark ? -1 : 1));

const alsoSchema = z.array(z.object({ by: z.string(), reason: z.string(), at: z.number() }));

/** The durable stop, the suppressions and the exclusions. */
export const createGateLists = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => {
  const pauses = createProviderPauses({ redis, keys });
  /**
   * At most `limit` values. Redis hands out groups of a size it chooses, so a cursor names a group and the last
   * entry taken from it: groups are always asked for with the same count and put in an order of their own.
   */
  const page = async (
    key: string,
    cursor: string | null,
    limit: number,
  ): Promise<{ values: string[]; nextCursor: string | null }> => {
    // A cursor comes from a caller; one that was not given here starts at the beginning.
    const [, start = '0', after = ''] = /^(\d{1,19})(?:\.([0-9a-f]{16}))?$/.exec(cursor ?? '') ?? [];
    const values: string[] = [];
    for (let [group, taken] = [start, after]; ; taken = '') {
      const [next, flat] = await redis.hscan(key, group, 'COUNT', groupSize);
      const rest = entriesOf(flat).filter(({ mark }) => mark > taken);
      const more = rest.slice(0, limit - values.length);
      values.push(...more.map(({ value }) => value));
      if (more.length < rest.length) return { values, nextCursor: `${group}.${more.at(-1)?.mark ?? taken}` };
      if (next === '0') return { values, nextCursor: null };
      if (values.length === limit) return { values, nextCursor: next };
      group = next;
    }
  };
  return {
    readHalt: async (environment: boolean): Promise<HaltState> => {
      const halt = await redis.hgetall(keys.halt);
      const stored = halt['active'] === '1';
      const active = stored || environment;
      const at = instantOrNull(halt['at']);
      return {
        active,
        stored,
        environment,
        by: textOrNull(halt['by']),
        reason: textOrNull(halt['reason']),
        at,
        providers: await pauses.read(causeOfStop({ active, stored, at })),
        also:
          halt['also'] === undefined
            ? []
            : parseJsonRecord(keys.halt, alsoSchema, halt['also']).map((entry) => ({
                ...entry,
                at: new Date(entry.at).toISOString(),
              })),
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

    /** True for the one caller who brings this token id; it is remembered for `forSeconds`. */
    takeToken: async (tokenId: string, forSeconds: number): Promise<boolean> =>
      (await redis.set(keys.usedToken(tokenId), '1', 'EX', forSeconds, 'NX')) === 'OK',

    /** For each person, by their pseudonyms, whether one of them is suppressed. */
    whichSuppressed: (pseudonyms: readonly (readonly string[])[]): Promise<boolean[]> =>
      hasAnyField(redis, keys.suppressions, pseudonyms),

    /** For each person, by their exclusion keys, whether one of them is excluded. */
    whichExcluded: (exclusionKeys: readonly (readonly string[])[]): Promise<boolean[]> =>
      hasAnyField(redis, keys.exclusions, exclusionKeys),

    listSuppressions: async (
      cursor: string | null,
      limit = groupSize,
    ): Promise<{ entries: StoredSuppression[]; nextCursor: string | null }> => {
      const { values, nextCursor } = await page(keys.suppressions, cursor, limit);
      return {
        entries: values.map((text) => parseJsonRecord(keys.suppressions, storedSuppressionSchema, text)),
        nextCursor,
      };
    },

    listExclusions: async (
      cursor: string | null,
      limit = groupSize,
    ): Promise<{ entries: Exclusion[]; nextCursor: string | null }> => {
      const { values, nextCursor } = await page(keys.exclusions, cursor, limit);
      return {
        entries: values.map((text) => parseJsonRecord(keys.exclusions, exclusionSchema, text)),
        nextCursor,
      };
    },

    /** The suppressions stored under these pseudonyms, in their order; null where there is none. */
    suppressionsOf: async (pseudonyms: readonly string[]): Promise<(StoredSuppression | null)[]> =>
      pseudonyms.length === 0
        ? []
        : (await redis.hmget(keys.suppressions, ...pseudonyms)).map((text) =>
            text === null ? null : parseJsonRecord(keys.suppressions, storedSuppressionSchema, text),
          ),

    /** The exclusions stored under these keys, in their order; null where there is none. */
    exclusionsOf: async (exclusionKeys: readonly string[]): Promise<(Exclusion | null)[]> =>
      exclusionKeys.length === 0
        ? []
        : (await redis.hmget(keys.exclusions, ...exclusionKeys)).map((text) =>
            text === null ? null : parseJsonRecord(keys.exclusions, exclusionSchema, text),
          ),

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
