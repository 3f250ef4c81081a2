import { type LiftedSuppression, liftedSuppressionSchema } from '@caio/contracts';
import { z } from 'zod';
import { parseJsonRecord } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** An entry of a list as it is stored: its field in the hash and its text. */
export type StoredEntries = ReadonlyMap<string, string>;

export interface ListImport {
  readonly list: 'exclusions' | 'suppressions';
  readonly add: StoredEntries;
  readonly remove: StoredEntries;
  /** How many entries the list had when it was compared; null where more may have come meanwhile. */
  readonly sizeBefore: number | null;
  /** What the audit shows for each field. */
  readonly pseudonyms: ReadonlyMap<string, string>;
  readonly diffDigest: string;
  readonly actor: string;
  readonly correlationId: string;
}

export interface Lift {
  /** By pseudonym: the text of each entry as it was judged, and what is kept of it. */
  readonly entries: StoredEntries;
  readonly kept: ReadonlyMap<string, LiftedSuppression>;
  readonly personKeys: readonly string[];
  readonly actor: string;
  readonly correlationId: string;
}

const json = (map: ReadonlyMap<string, unknown>): string => JSON.stringify(Object.fromEntries(map));
const liftedListSchema = z.array(liftedSuppressionSchema);

/** Changes of the lists that are bound to what somebody saw: they happen as they were shown or not at all. */
export const createListChanges = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  /** Every entry of the exclusions, for a comparison; read in groups, so that nobody else waits. */
  allExclusions: async (): Promise<Map<string, string>> => {
    const entries = new Map<string, string>();
    let cursor = '0';
    do {
      const [next, flat] = await redis.hscan(keys.exclusions, cursor, 'COUNT', 1_000);
      for (let at = 0; at < flat.length; at += 2) entries.set(flat[at] ?? '', flat[at + 1] ?? '');
      cursor = next;
    } while (cursor !== '0');
    return entries;
  },

  /** The stored texts under these fields; fields without an entry are left out. */
  entriesOf: async (
    list: 'exclusions' | 'suppressions',
    fields: readonly string[],
  ): Promise<Map<string, string>> => {
    const texts = fields.length === 0 ? [] : await redis.hmget(keys[list], ...fields);
    return new Map(
      fields.flatMap((field, index): [string, string][] => {
        const text = texts[index];
        return text === null || text === undefined ? [] : [[field, text]];
      }),
    );
  },

  /** False when the list is not as it was compared any more; nothing is changed then. */
  importList: async (change: ListImport): Promise<boolean> => {
    const kind = change.list === 'exclusions' ? 'exclusion' : 'person';
    const [code] = replyTexts(
      scripts.importList,
      await runScript(
        redis,
        scripts.importList,
        [keys[change.list], keys.audit],
        [
          json(change.add),
          json(change.remove),
          change.sizeBefore ?? '',
          json(change.pseudonyms),
          kind === 'exclusion' ? 'exclusion.added' : 'person.suppressed',
          'exclusion.removed',
          `${change.list}.imported`,
          change.diffDigest,
          change.actor,
          change.correlationId,
        ],
      ),
    );
    return code === '0';
  },

  /** Ends the effect of suppressions and keeps them beside the consent that did it. */
  lift: async (lift: Lift): Promise<'lifted' | 'changed_meanwhile' | 'opt_out_waits'> => {
    const kept = new Map([...lift.kept].map(([pseudonym, entry]) => [pseudonym, JSON.stringify(entry)]));
    const [code] = replyTexts(
      scripts.liftSuppression,
      await runScript(
        redis,
        scripts.liftSuppression,
        [keys.suppressions, keys.suppressionsLifted, keys.optOutsPending, keys.audit],
        [json(lift.entries), json(kept), JSON.stringify(lift.personKeys), lift.actor, lift.correlationId],
      ),
    );
    return code === '0' ? 'lifted' : code === '1' ? 'changed_meanwhile' : 'opt_out_waits';
  },

  /** What was lifted under these pseudonyms, oldest first. */
  liftedOf: async (pseudonyms: readonly string[]): Promise<LiftedSuppression[]> =>
    pseudonyms.length === 0
      ? []
      : (await redis.hmget(keys.suppressionsLifted, ...pseudonyms)).flatMap((text) =>
          text === null ? [] : parseJsonRecord(keys.suppressionsLifted, liftedListSchema, text),
        ),

  /**
   * Takes the words of the consent away, for a person who is erased; that and when a suppression was lifted stays.
   * Answers how many records named a consent.
   */
  eraseConsents: async (pseudonyms: readonly string[]): Promise<number> => {
    let erased = 0;
    for (const pseudonym of pseudonyms) {
      const text = await redis.hget(keys.suppressionsLifted, pseudonym);
      if (text === null) continue;
      const entries = parseJsonRecord(keys.suppressionsLifted, liftedListSchema, text);
      erased += entries.filter(({ lifted }) => lifted.consentEvidence !== null).length;
      const bare = entries.map((entry) => ({
        ...entry,
        lifted: { ...entry.lifted, consentEvidence: null, reason: 'erased' },
      }));
      await redis.hset(keys.suppressionsLifted, pseudonym, JSON.stringify(bare));
    }
    return erased;
  },
});

export type ListChanges = ReturnType<typeof createListChanges>;
