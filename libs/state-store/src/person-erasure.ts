import { jobCatalogue, leftOutSchema, ledgerSchema, motionSchema, rowOutcomeSchema } from '@caio/contracts';
import { z } from 'zod';
import { erasedAddress } from './action-record.ts';
import { parseJsonRecord } from './record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoredMention } from './stored-mentions.ts';
import type { StoreSession } from './store-session.ts';

/** What of an action says nothing about a person. */
const staying = [
  ...['actionId', 'batchId', 'draftId', 'status', 'digest', 'channel', 'route', 'mode', 'ledger', 'provider'],
  ...[
    'tier',
    'who',
    'cid',
    'attempts',
    'sequence',
    'attemptId',
    'reason',
    'lastOutcome',
    'seal',
    'senderKey',
  ],
  ...['admittedAt', 'settledAt', 'leftAt', 'takeBackState', 'takeBackSince', 'takeBackBy', 'takeBackTries'],
  ...['takeBackTriedAt', 'takeBackCid'],
];
const blanked = {
  ...{ bytes: '', email: erasedAddress, exclusionKeys: '[]', recipientKey: '', persons: '[]' },
  ...{ proof: 'erased', leftProof: 'erased', takeBackReason: 'erased', providerMessageId: '' },
};

export interface ErasureStart {
  readonly actionIds: readonly string[];
  readonly pseudonyms: readonly string[];
  /** As they stand in the lists: `email:…`, `linkedin:…`. */
  readonly ownKeys: readonly string[];
  readonly at: string;
  readonly actor: string;
  readonly reason: string;
  readonly correlationId: string;
  readonly stored: 'something' | 'nothing';
}

export type ErasureStarted =
  | { readonly outcome: 'barred'; readonly suppressed: number; readonly unlisted: number }
  | { readonly outcome: 'on_its_way'; readonly actionId: string; readonly status: string };

/**
 * The steps that take a person out of the store. `bar` comes first, so that nothing is ever less protected, and the
 * drafts last, because they know every name of the person. Each may be repeated.
 */
export const createPersonErasure = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  bar: async (start: ErasureStart): Promise<ErasureStarted> => {
    const [code, first = '', second = ''] = replyTexts(
      scripts.erasePerson,
      await runScript(
        redis,
        scripts.erasePerson,
        [
          ...[keys.suppressions, keys.exclusions, keys.customers, keys.optOutsPending],
          ...[keys.actionPrefix, keys.batchPrefix, keys.actionsHeld, keys.audit],
        ],
        [
          ...[start.actionIds, start.pseudonyms, start.ownKeys].map((list) => JSON.stringify(list)),
          ...[start.at, start.actor, start.reason, start.correlationId],
          start.stored === 'something' ? '1' : '0',
        ],
      ),
    );
    return code === '0'
      ? { outcome: 'barred', suppressed: Number(first), unlisted: Number(second) }
      : { outcome: 'on_its_way', actionId: first, status: second };
  },

  /** Names that stand as fields: of the last contact, of what is under way, of the allow-list. */
  forgetNames: async (names: readonly string[]): Promise<void> => {
    if (names.length === 0) return;
    const steps = redis.multi().srem(keys.allowList, ...names);
    for (const ledger of ledgerSchema.options)
      steps.hdel(keys.inFlight(ledger), ...names).hdel(keys.contacts(ledger), ...names);
    await steps.exec();
  },

  /** False when its message may go out again, or there is no such action. */
  blankAction: async (actionId: string): Promise<boolean> => {
    const batchId = (await redis.hget(keys.action(actionId), 'batchId')) ?? '';
    const [code] = replyTexts(
      scripts.blankAction,
      await runScript(
        redis,
        scripts.blankAction,
        [keys.action(actionId), keys.batch(batchId), keys.evidence(actionId), keys.actionsHeld],
        [actionId, JSON.stringify(staying), JSON.stringify(blanked)],
      ),
    );
    return code === '0';
  },

  dropDraft: async (draftId: string, exclusionKeys: readonly string[]): Promise<boolean> => {
    const [code] = replyTexts(
      scripts.dropDraft,
      await runScript(
        redis,
        scripts.dropDraft,
        [
          ...[keys.draft(draftId), keys.draftsByStatusPrefix, keys.draftsDecided],
          ...[keys.draftsOfPersonPrefix, keys.personDraftsPrefix, keys.actionPrefix],
        ],
        [draftId, JSON.stringify(exclusionKeys), JSON.stringify(motionSchema.options), erasedAddress],
      ),
    );
    return code === '0';
  },

  /** The id of the person's action at this place; null for any other place. */
  actionAt: ({ key, field }: StoredMention): string | null =>
    key.startsWith(keys.actionPrefix) && ['email', 'recipientKey', 'persons'].includes(field ?? '')
      ? key.slice(keys.actionPrefix.length)
      : null,

  /** The same of a draft. */
  draftAt: ({ key, field }: StoredMention): string | null =>
    key.startsWith(keys.draftPrefix) && field === 'persons' ? key.slice(keys.draftPrefix.length) : null,

  isRunRow: ({ key, field }: StoredMention): boolean => key.startsWith(keys.runRows('')) && field !== null,

  /** Whether a place goes when these drafts are dropped. */
  goesWithDrafts: ({ key, text }: StoredMention, draftIds: readonly string[]): boolean =>
    key.startsWith(keys.draftsOfPersonPrefix) ||
    key.startsWith(keys.personDraftsPrefix) ||
    draftIds.some((id) => key === keys.draft(id) || text === id),

  /** Clears a row of a run, a person left out of a batch, or a job that is done; leaves any other place as it is. */
  clear: async (mention: StoredMention, mentions: (text: string) => boolean): Promise<void> => {
    const { key, field, text } = mention;
    if (key.startsWith(keys.runRows('')) && field !== null) {
      const { problems: _problems, ...row } = parseJsonRecord(key, rowOutcomeSchema, text);
      const reasons = row.reasons.filter((reason) => !mentions(reason));
      await redis.hset(key, field, JSON.stringify({ ...row, email: null, reasons }));
    } else if (key.startsWith(keys.batchPrefix) && field === 'leftOut') {
      const leftOut = parseJsonRecord(key, z.array(leftOutSchema), text);
      const bare = leftOut.map((one) => (mentions(one.email) ? { ...one, email: erasedAddress } : one));
      await redis.hset(key, field, JSON.stringify(bare));
    }
    for (const queue of Object.keys(jobCatalogue)) {
      const prefix = `${keys.queuePrefix}:${queue}:`;
      if (!key.startsWith(prefix) || mention.type !== 'hash') continue;
      const jobId = key.slice(prefix.length);
      if ((await redis.zscore(`${prefix}completed`, jobId)) !== null)
        await redis.multi().zrem(`${prefix}completed`, jobId).del(key).exec();
    }
  },
});

export type PersonErasure = ReturnType<typeof createPersonErasure>;
