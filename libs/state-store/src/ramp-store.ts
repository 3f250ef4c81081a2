import {
  type Channel,
  channelSchema,
  type DeliveryMode,
  deliveryModeSchema,
  type Policy,
  type RampDayFacts,
  rampDayFactsSchema,
  rampReasonSchema,
  type RampStage,
} from '@caio/contracts';
import { z } from 'zod';
import { instantOrNull, parseJsonRecord, parseRecord, textOrNull } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import { storeNowMs } from './store-clock.ts';
import type { StoreSession } from './store-session.ts';

/** What one policy's ramp came to so far. Nothing of another policy's is told. */
const rampRecordSchema = z.object({
  stage: z.enum(['off', 'ramp', 'graduated']),
  /** Counts closed days and graduations; a judgement is of one count. */
  changes: z.string(),
  graduated: z.object({ at: z.string(), by: z.string(), reason: z.string() }).nullable(),
  droppedBack: z.object({ at: z.string(), day: z.string(), reasons: z.array(rampReasonSchema) }).nullable(),
  /** What the daily cap of e-mail has grown to; 0 when it has not. */
  grown: z.number().int().nonnegative(),
});
export type RampRecord = z.infer<typeof rampRecordSchema>;

/** How an action of the real ledger is sent. */
export interface RealAction {
  readonly mode: DeliveryMode;
  readonly channel: Channel;
}

type RampPolicy = Pick<Policy, 'name' | 'ramp'>;

/** How long it is kept who was written to on a day: bounces come late, but not months late. */
const leftKeptSeconds = 100 * 86_400;

/** The days of sending that were judged, and whether the ramp is over. Days are those of one zone. */
export const createRampStore = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  /** By the clock that dates the audit's rows. */
  storeNowMs: (): Promise<number> => storeNowMs(redis),

  stage: async ({ name, ramp }: RampPolicy): Promise<RampStage> => {
    if (!ramp.enabled) return 'off';
    return (await redis.hget(keys.store, 'rampEnded')) === name ? 'graduated' : 'ramp';
  },

  read: async ({ name, ramp }: RampPolicy): Promise<RampRecord> => {
    const [store, record] = await Promise.all([
      redis.hmget(keys.store, 'rampEnded', 'grown', 'grownFor'),
      redis.hgetall(keys.ramp),
    ]);
    const [ended, grown, grownFor] = store;
    return parseRecord(keys.ramp, rampRecordSchema, {
      stage: !ramp.enabled ? 'off' : ended === name ? 'graduated' : 'ramp',
      changes: record['changes'] ?? '0',
      graduated:
        ended !== name
          ? null
          : {
              at: instantOrNull(record['endedAt']),
              by: record['endedBy'],
              reason: record['endedReason'],
            },
      droppedBack:
        record['backFor'] !== name || (ended === name && (record['backAt'] ?? '') < (record['endedAt'] ?? ''))
          ? null
          : {
              at: instantOrNull(record['backAt']),
              day: record['backDay'],
              reasons: (textOrNull(record['backReasons']) ?? '').split(','),
            },
      grown: grownFor === name ? Number(grown) : 0,
    });
  },

  /** Facts of the days that are over, oldest first. */
  days: async (zone: string): Promise<RampDayFacts[]> => {
    const key = keys.rampDays(zone);
    return Object.entries(await redis.hgetall(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, text]) => parseJsonRecord(key, rampDayFactsSchema, text));
  },

  /** Remembers by pseudonym to whom something left on a day, so that a later bounce finds the day. */
  keepLeft: async (zone: string, day: string, pseudonyms: readonly string[]): Promise<void> => {
    if (pseudonyms.length === 0) return;
    const key = keys.rampLeft(zone, day);
    await redis
      .multi()
      .sadd(key, ...pseudonyms)
      .expire(key, leftKeptSeconds)
      .exec();
  },

  /** On which of these days something left to each of these people. */
  daysOf: async (
    zone: string,
    days: readonly string[],
    pseudonyms: readonly string[],
  ): Promise<Map<string, string[]>> => {
    const found = new Map<string, string[]>();
    if (pseudonyms.length === 0) return found;
    for (const day of days) {
      const there = await redis.smismember(keys.rampLeft(zone, day), ...pseudonyms);
      pseudonyms.forEach((pseudonym, index) => {
        if (there[index] === 1) found.set(pseudonym, [...(found.get(pseudonym) ?? []), day]);
      });
    }
    return found;
  },

  /** How actions of the real ledger are sent; nothing about the others. */
  realModes: async (actionIds: readonly string[]): Promise<Map<string, RealAction>> => {
    const pipeline = redis.pipeline();
    actionIds.forEach((id) => pipeline.hmget(keys.action(id), 'ledger', 'mode', 'channel'));
    const found = new Map<string, RealAction>();
    ((await pipeline.exec()) ?? []).forEach(([error, values], index) => {
      if (error !== null) throw error;
      const [ledger, mode, channel] = z.array(z.string().nullable()).parse(values);
      const id = actionIds[index];
      if (ledger === 'real' && id !== undefined)
        found.set(id, { mode: deliveryModeSchema.parse(mode), channel: channelSchema.parse(channel) });
    });
    return found;
  },

  /** Actions that became unknown before this moment and are so still. */
  unknownBefore: (atMs: number): Promise<string[]> =>
    redis.zrangebyscore(keys.actionsUnknown, '-inf', `(${atMs}`),

  /** How many drafts from before this moment wait for a reviewer now, and which of these drafts are among them. */
  pendingBefore: async (
    atMs: number,
    draftIds: readonly string[],
  ): Promise<{ count: number; among: ReadonlySet<string> }> => {
    const key = keys.draftsByStatus('pending');
    const count = await redis.zcount(key, '-inf', `(${atMs}`);
    if (draftIds.length === 0) return { count, among: new Set() };
    const scores = await redis.zmscore(key, ...draftIds);
    const among = draftIds.filter((_, index) => {
      const score = scores[index] ?? null;
      return score !== null && Number(score) < atMs;
    });
    return { count, among: new Set(among) };
  },

  /** When the first row of the audit was written; null while there is none. */
  firstRowMs: async (): Promise<number | null> => {
    const [first] = await redis.xrange(keys.audit, '-', '+', 'COUNT', 1);
    return first === undefined ? null : Number(first[0].split('-')[0]);
  },

  /** A stop that stands in a process's environment is in no row: whoever sees it says so for the day. */
  noteStopped: async (zone: string, day: string): Promise<void> => {
    await redis.set(keys.rampStopped(zone, day), '1', 'EX', leftKeptSeconds);
  },
  wasStopped: async (zone: string, day: string): Promise<boolean> =>
    (await redis.exists(keys.rampStopped(zone, day))) === 1,

  /** Keeps a day that is over. However many processes ask at once, one of them is answered `kept` or `dropped_back`. */
  closeDay: async (closing: {
    zone: string;
    facts: RampDayFacts;
    verdict: string;
    policy: string;
    dropsBackOn: readonly string[];
    grown: number | null;
    lateBounces: ReadonlyMap<string, number>;
    endMs: number;
    correlationId: string;
  }): Promise<'kept' | 'kept_before' | 'dropped_back'> => {
    const [code] = replyTexts(
      scripts.closeRampDay,
      await runScript(
        redis,
        scripts.closeRampDay,
        [keys.store, keys.ramp, keys.rampDays(closing.zone), keys.audit],
        [
          closing.facts.day,
          JSON.stringify(closing.facts),
          closing.verdict,
          closing.policy,
          closing.dropsBackOn.join(','),
          closing.grown ?? '',
          JSON.stringify(Object.fromEntries(closing.lateBounces)),
          closing.endMs,
          closing.correlationId,
        ],
      ),
    );
    return code === '0' ? 'kept' : code === '2' ? 'dropped_back' : 'kept_before';
  },

  /** Ends the ramp of a policy, unless a day was closed since `changes` was read. */
  graduate: async (request: {
    policy: string;
    actor: string;
    reason: string;
    changes: string;
    cleanDays: readonly string[];
    correlationId: string;
  }): Promise<'graduated' | 'over_already' | 'days_moved'> => {
    const [code] = replyTexts(
      scripts.graduateRamp,
      await runScript(
        redis,
        scripts.graduateRamp,
        [keys.store, keys.ramp, keys.audit],
        [
          request.policy,
          request.actor,
          request.reason,
          request.changes,
          request.cleanDays.join(','),
          request.correlationId,
        ],
      ),
    );
    return code === '0' ? 'graduated' : code === '1' ? 'over_already' : 'days_moved';
  },
});

export type RampStore = ReturnType<typeof createRampStore>;
