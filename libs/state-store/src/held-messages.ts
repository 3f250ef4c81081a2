import type { StoredAction } from './action-record.ts';
import { parseRecord } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';
import { z } from 'zod';

const readAtOnce = 2_000;

/** What bears on every message of a batch that a provider still holds. */
export interface HeldBatchFacts {
  readonly batchId: string;
  readonly expiresAtMs: number;
  /** Why somebody recalled the batch, and who; null when nobody did. */
  readonly recalled: { readonly reason: string; readonly by: string } | null;
  /** True when its campaigns mail, or may begin to at this moment. */
  readonly mailing: boolean;
}

const nothing = (text: string | null | undefined): text is null | undefined | '' =>
  text === null || text === undefined || text === '';

/**
 * Messages that a provider holds and has not mailed: which they are, which must come back, and what became of that.
 * Whoever settles a hand-over keeps the index in the same step, so that no held message can be missing from it.
 */
export const createHeldMessages = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => {
  const claimDue = async (key: string, limit: number, claimMs: number): Promise<string[]> =>
    replyTexts(scripts.claimDue, await runScript(redis, scripts.claimDue, [key], [limit, claimMs]));

  return {
    /** Every held message, a page at a time; `visit` may settle what it is given. */
    eachHeld: async (visit: (actionIds: readonly string[]) => Promise<void>): Promise<number> => {
      const ids: string[] = [];
      for (let start = 0; ; start += readAtOnce) {
        const page = await redis.zrange(keys.actionsHeld, String(start), String(start + readAtOnce - 1));
        if (page.length === 0) break;
        ids.push(...page);
      }
      for (let start = 0; start < ids.length; start += readAtOnce) {
        await visit(ids.slice(start, start + readAtOnce));
      }
      return ids.length;
    },

    heldCount: (): Promise<number> => redis.zcard(keys.actionsHeld),

    /** How many messages are wanted back and not given back yet. */
    takingBackCount: (): Promise<number> => redis.zcard(keys.actionsTakingBack),

    /** Which of these fields are in the suppressions, the exclusions and the opt-outs that wait, in their order. */
    listed: async (asked: {
      suppressionPseudonyms: readonly string[];
      exclusionKeys: readonly string[];
      optOutKeys: readonly string[];
    }): Promise<{ suppressed: boolean[]; excluded: boolean[]; optedOut: boolean[] }> => {
      const present = async (key: string, fields: readonly string[]): Promise<boolean[]> =>
        fields.length === 0 ? [] : (await redis.hmget(key, ...fields)).map((entry) => entry !== null);
      const [suppressed, excluded, optedOut] = await Promise.all([
        present(keys.suppressions, asked.suppressionPseudonyms),
        present(keys.exclusions, asked.exclusionKeys),
        present(keys.optOutsPending, asked.optOutKeys),
      ]);
      return { suppressed, excluded, optedOut };
    },

    /** In the order of the ids; a batch that is not there has expired. */
    batchFacts: async (batchIds: readonly string[]): Promise<HeldBatchFacts[]> => {
      const pipeline = redis.pipeline();
      batchIds.forEach((id) =>
        pipeline.hmget(keys.batch(id), 'expiresAtMs', 'recallReason', 'recalledBy', 'activation'),
      );
      return ((await pipeline.exec()) ?? []).map(([error, reply], index) => {
        if (error !== null) throw error;
        const batchId = batchIds[index] ?? '';
        const [expiresAtMs, reason, by, activation] = parseRecord(
          keys.batch(batchId),
          z.array(z.string().nullable()),
          reply,
        );
        return {
          batchId,
          expiresAtMs: Number(expiresAtMs ?? 0),
          recalled: nothing(reason) ? null : { reason, by: by ?? '' },
          mailing: activation === 'active' || activation === 'activating',
        };
      });
    },

    /** Notes that a held message has to come back. `current` is the status that made it nothing to take back. */
    openTakeBack: async (wish: {
      actionId: string;
      reason: string;
      actor: string;
      correlationId: string;
    }): Promise<{ outcome: 'opened' | 'open_already' | 'not_handed_over'; current: string }> => {
      const [code = '', current = ''] = replyTexts(
        scripts.openTakeBack,
        await runScript(
          redis,
          scripts.openTakeBack,
          [keys.action(wish.actionId), keys.actionsTakingBack, keys.audit],
          [wish.actionId, wish.reason, wish.actor, wish.correlationId],
        ),
      );
      const outcomes = { '0': 'opened', '2': 'open_already' } as const;
      return { outcome: code === '0' || code === '2' ? outcomes[code] : 'not_handed_over', current };
    },

    /** Take-backs whose time has come; each comes by again after `claimMs` unless it is settled or noted. */
    dueTakeBacks: (limit: number, claimMs: number): Promise<string[]> =>
      claimDue(keys.actionsTakingBack, limit, claimMs),

    /** Keeps what the provider answered instead of giving the message back, and when it is asked again. */
    noteTakeBack: async (note: {
      actionId: string;
      answer: string;
      firstWaitMs: number;
      waitMaxMs: number;
    }): Promise<void> => {
      replyTexts(
        scripts.noteTakeBack,
        await runScript(
          redis,
          scripts.noteTakeBack,
          [keys.action(note.actionId), keys.actionsTakingBack],
          [note.actionId, note.answer, note.firstWaitMs, note.waitMaxMs],
        ),
      );
    },

    /** Of something that is settled otherwise. */
    forgetTakeBack: async (actionId: string): Promise<void> => {
      await redis.zrem(keys.actionsTakingBack, actionId);
    },

    /** Held messages whose next look at the provider is due; each comes by again after `claimMs`. */
    dueLooks: (limit: number, claimMs: number): Promise<string[]> =>
      claimDue(keys.actionsHeld, limit, claimMs),

    /** Has these looked at again at this time (milliseconds), unless they are held no more. */
    lookAgain: async (actionIds: readonly string[], atMs: number): Promise<void> => {
      const pipeline = redis.pipeline();
      actionIds.forEach((id) => pipeline.zadd(keys.actionsHeld, 'XX', atMs, id));
      for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
    },

    /** Records that the provider mailed a held message. */
    leave: async (mailed: {
      action: Pick<StoredAction, 'actionId' | 'batchId' | 'ledger'>;
      proof: string;
      actor: string;
      correlationId: string;
    }): Promise<{ done: boolean; status: string }> => {
      const { action } = mailed;
      const [code = '', status = ''] = replyTexts(
        scripts.leaveAction,
        await runScript(
          redis,
          scripts.leaveAction,
          [
            keys.action(action.actionId),
            keys.batch(action.batchId),
            keys.actionsHeld,
            keys.actionsTakingBack,
            keys.inFlight(action.ledger),
            keys.contacts(action.ledger),
            keys.audit,
          ],
          [
            action.actionId,
            mailed.proof,
            action.ledger === 'real' ? '1' : '0',
            mailed.actor,
            mailed.correlationId,
          ],
        ),
      );
      return { done: code === '0', status };
    },
  };
};

export type HeldMessages = ReturnType<typeof createHeldMessages>;
