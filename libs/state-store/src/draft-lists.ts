import { type Draft, draftIdSchema, type DraftStatus, draftStatusSchema, type Lead } from '@caio/contracts';
import { z } from 'zod';
import { draftRecordSchema } from './draft-record.ts';
import { parseJsonRecord, parseRecord } from './record.ts';
import { storeNowMs } from './store-clock.ts';
import type { StoreSession } from './store-session.ts';

const guardsSchema = draftRecordSchema.shape.guards;
const chunkMax = 250;
/** Read for one page of a list that is filtered; a page with fewer drafts than asked for goes on with its cursor. */
const scannedMax = 2_000;

export interface DraftPage {
  readonly drafts: Draft[];
  readonly nextCursor: string | null;
}

export interface DraftQuery {
  readonly order?: 'oldest' | 'newest';
  readonly matches?: (draft: Draft) => boolean;
}

interface Place {
  readonly score: number;
  readonly id: string;
}

/** `<milliseconds>.<draft id>`: a place in the order, which stays where it is when what is before it moves away. */
const placeOf = (cursor: string | null): Place | null => {
  const match = /^(\d{1,15})\.(\w{1,40})$/.exec(cursor ?? '');
  return match === null ? null : { score: Number(match[1]), id: match[2] ?? '' };
};
const cursorOf = ({ score, id }: Place): string => `${score}.${id}`;

/** Lists of drafts, their counts, and why some are parked. */
export const createDraftLists = ({
  redis,
  keys,
  readMany,
}: Pick<StoreSession, 'redis' | 'keys'> & {
  readonly readMany: (draftIds: readonly string[]) => Promise<Draft[]>;
}) => {
  /** The members of a sorted set behind a place, in pieces. */
  async function* behind(
    key: string,
    from: Place | null,
    order: 'oldest' | 'newest',
    pieceMax: number,
  ): AsyncGenerator<Place[]> {
    let place = from;
    let piece = Math.min(pieceMax, chunkMax);
    for (;;) {
      const flat =
        order === 'oldest'
          ? await redis.zrangebyscore(key, place?.score ?? '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, piece)
          : await redis.zrevrangebyscore(
              key,
              place?.score ?? '+inf',
              '-inf',
              'WITHSCORES',
              'LIMIT',
              0,
              piece,
            );
      const found = flat.flatMap((id, at) =>
        at % 2 === 1 ? [] : [{ id, score: Number(flat[at + 1] ?? '0') }],
      );
      const known = place;
      const next = found.filter(
        ({ id, score }) =>
          known === null || score !== known.score || (order === 'oldest' ? id > known.id : id < known.id),
      );
      if (next.length > 0) yield next;
      if (found.length < piece) return;
      // Nothing but drafts of the same moment: only a larger piece gets past them.
      if (next.length === 0) piece *= 2;
      place = next.at(-1) ?? place;
    }
  }

  const listBy = async (
    key: string,
    cursor: string | null,
    limit: number,
    { order = 'oldest', matches }: DraftQuery,
  ): Promise<DraftPage> => {
    const drafts: Draft[] = [];
    let last: Place | null = null;
    let scanned = 0;
    const pieceMax = matches === undefined ? limit + 1 : chunkMax;
    for await (const places of behind(key, placeOf(cursor), order, pieceMax)) {
      const read = new Map(
        (await readMany(places.map(({ id }) => id))).map((draft) => [draft.draftId, draft]),
      );
      for (const place of places) {
        const full = drafts.length === limit || (matches !== undefined && scanned >= scannedMax);
        if (full && last !== null) return { drafts, nextCursor: cursorOf(last) };
        last = place;
        scanned += 1;
        const id = draftIdSchema.safeParse(place.id);
        const draft = id.success ? read.get(id.data) : undefined;
        if (draft !== undefined && (matches === undefined || matches(draft))) drafts.push(draft);
      }
    }
    return { drafts, nextCursor: null };
  };

  const idsByStatus = (status: DraftStatus): Promise<string[]> =>
    redis.zrange(keys.draftsByStatus(status), '0', '-1');

  return {
    idsByStatus,

    /**
     * One page by creation, the oldest first unless asked otherwise. What is decided about drafts of earlier pages
     * moves no later one out of sight. The cursor is opaque; an unknown one starts at the beginning.
     */
    list: (
      status: DraftStatus,
      cursor: string | null,
      limit: number,
      query: DraftQuery = {},
    ): Promise<DraftPage> => listBy(keys.draftsByStatus(status), cursor, limit, query),

    /** Drafts by their latest decision, the newest first; the last 20,000 are kept. */
    listDecided: (
      cursor: string | null,
      limit: number,
      matches?: (draft: Draft) => boolean,
    ): Promise<DraftPage> =>
      listBy(keys.draftsDecided, cursor, limit, {
        order: 'newest',
        ...(matches === undefined ? {} : { matches }),
      }),

    /** The action that the last freeze made of each draft; null for one that was never frozen. */
    actionIdsOf: async (draftIds: readonly string[]): Promise<(string | null)[]> => {
      const pipeline = redis.pipeline();
      draftIds.forEach((id) => pipeline.hget(keys.draft(id), 'actionId'));
      return ((await pipeline.exec()) ?? []).map(([error, actionId]) => {
        if (error !== null) throw error;
        return parseRecord('action of a draft', z.string().nullable(), actionId);
      });
    },

    /**
     * At most `limit` drafts in this state that are older than `ageMs` by the store's clock, the oldest first, after
     * the first `offset`.
     */
    idsOlderThan: async (
      status: DraftStatus,
      ageMs: number,
      offset: number,
      limit: number,
    ): Promise<string[]> => {
      const beforeMs = (await storeNowMs(redis)) - ageMs;
      return redis.zrangebyscore(keys.draftsByStatus(status), '-inf', `(${beforeMs}`, 'LIMIT', offset, limit);
    },

    /** How many drafts are in each state, for the "why is my queue empty" answer. */
    counts: async (): Promise<Record<DraftStatus, number>> => {
      const pipeline = redis.pipeline();
      draftStatusSchema.options.forEach((status) => pipeline.zcard(keys.draftsByStatus(status)));
      const replies = (await pipeline.exec()) ?? [];
      const counts = draftStatusSchema.options.map((status, index) => {
        const [error, count] = replies[index] ?? [null, 0];
        if (error !== null) throw error;
        return [status, Number(count)] as const;
      });
      return parseRecord('drafts', z.record(draftStatusSchema, z.number()), Object.fromEntries(counts));
    },

    /**
     * Parked drafts by the reason they stay, each counted once: why nothing may go to the person at all, as `barsOf` says
     * for some leads at a time, else the last guard that refuses, else the judgement.
     */
    parkedByReason: async (
      barsOf: (leads: readonly Lead[]) => Promise<readonly (string | null)[]>,
    ): Promise<Record<string, number>> => {
      const counts = new Map<string, number>();
      const ids = await idsByStatus('parked');
      for (let start = 0; start < ids.length; start += chunkMax) {
        const chunk = ids.slice(start, start + chunkMax);
        const pipeline = redis.pipeline();
        chunk.forEach((id) => pipeline.hmget(keys.draft(id), 'record', 'guards'));
        const parked = ((await pipeline.exec()) ?? []).map(([error, reply], index) => {
          if (error !== null) throw error;
          const key = keys.draft(chunk[index] ?? '');
          const [record, edited] = parseRecord(key, z.array(z.string().nullable()), reply);
          const { guards, judgement, lead } = parseJsonRecord(key, draftRecordSchema, record ?? '');
          const judged = typeof edited === 'string' ? parseJsonRecord(key, guardsSchema, edited) : guards;
          const reason =
            judged.filter(({ passed }) => !passed).at(-1)?.ruleId ?? judgement.reasons.at(-1) ?? 'parked';
          return { lead, reason };
        });
        const bars = await barsOf(parked.map(({ lead }) => lead));
        parked.forEach(({ reason }, index) => {
          const why = bars[index] ?? reason;
          counts.set(why, (counts.get(why) ?? 0) + 1);
        });
      }
      return Object.fromEntries([...counts].sort(([, one], [, other]) => other - one));
    },
  };
};
