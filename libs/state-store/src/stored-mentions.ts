import { z } from 'zod';
import type { StoreSession } from './store-session.ts';

/** A place in the store where a text was found: a key, and in a hash its field. `text` is what stands there. */
export interface StoredMention {
  readonly key: string;
  readonly type: string;
  readonly field: string | null;
  readonly text: string;
}

type Item = readonly [field: string | null, text: string];
const groupSize = 500;
/** Longer than any address, which may stand across two pieces of a list. */
const overlap = 400;
const typeSchema = z.string();

/**
 * Looks through every key of the environment, its names and its values. The audit is left out: it holds pseudonyms alone.
 * Reads in groups, so that nobody else waits; its price grows with the whole store.
 */
export const createStoredMentions = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => {
  const flat = async function* (key: string, scan: 'hscan' | 'sscan' | 'zscan'): AsyncGenerator<Item> {
    let cursor = '0';
    do {
      const [next, found] = await redis[scan](key, cursor, 'COUNT', groupSize);
      if (scan === 'sscan') for (const member of found) yield [null, member];
      else
        for (let at = 0; at < found.length; at += 2)
          yield scan === 'hscan' ? [found[at] ?? '', found[at + 1] ?? ''] : [null, found[at] ?? ''];
      cursor = next;
    } while (cursor !== '0');
  };
  const pieces = async function* (key: string): AsyncGenerator<Item> {
    let before = '';
    for (let at = 0; ; at += 1) {
      const piece = await redis.lindex(key, at);
      if (piece === null) return;
      yield [null, before + piece];
      before = piece.slice(-overlap);
    }
  };
  const entries = async function* (key: string): AsyncGenerator<Item> {
    for (let start = '-'; ;) {
      const group = await redis.xrange(key, start, '+', 'COUNT', groupSize);
      for (const [, fields] of group) yield [null, fields.join(' ')];
      const last = group.at(-1);
      if (last === undefined || group.length < groupSize) return;
      start = `(${last[0]}`;
    }
  };
  const itemsOf = async function* (key: string, type: string): AsyncGenerator<Item> {
    if (type === 'string') {
      const text = await redis.get(key);
      if (text !== null) yield [null, text];
    } else if (type === 'hash') yield* flat(key, 'hscan');
    else if (type === 'set') yield* flat(key, 'sscan');
    else if (type === 'zset') yield* flat(key, 'zscan');
    else if (type === 'list') yield* pieces(key);
    else if (type === 'stream' && key !== keys.audit) yield* entries(key);
  };

  return {
    find: async (mentions: (text: string) => boolean): Promise<StoredMention[]> => {
      const found: StoredMention[] = [];
      let cursor = '0';
      do {
        const [next, names] = await redis.scan(cursor, 'MATCH', `${keys.root}:*`, 'COUNT', groupSize);
        const pipeline = redis.pipeline();
        names.forEach((name) => pipeline.type(name));
        const types = (await pipeline.exec()) ?? [];
        for (const [index, key] of names.entries()) {
          const [error, reply] = types[index] ?? [null, 'none'];
          if (error !== null) throw error;
          const type = typeSchema.parse(reply);
          if (mentions(key)) found.push({ key, type, field: null, text: key });
          for await (const [field, text] of itemsOf(key, type))
            if (mentions(text) || (field !== null && mentions(field))) found.push({ key, type, field, text });
        }
        cursor = next;
      } while (cursor !== '0');
      return found;
    },
  };
};

export type StoredMentions = ReturnType<typeof createStoredMentions>;
