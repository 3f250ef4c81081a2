import type { FaultPoints } from '@caio/service-kit';
import type { ActionStore, HeldMessages, StoredAction } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { messageOf } from '../frozen-message.ts';
import type { ActionQuery, ProviderAdapter, ProviderFinding, TakeBackOutcome } from '../provider-port.ts';

/** What came of one try to get a message back. `open` is tried again by itself. */
export type TakeBackTry =
  | { readonly state: 'taken_back' }
  | { readonly state: 'left'; readonly code: string; readonly message: string }
  | { readonly state: 'open'; readonly code: string; readonly message: string }
  | { readonly state: 'settled_otherwise'; readonly status: string };

export interface TakeBackDependencies {
  readonly held: HeldMessages;
  readonly actions: Pick<ActionStore, 'readWhole' | 'takeBack' | 'storeNowMs'>;
  readonly adapterOf: (action: StoredAction) => ProviderAdapter | null;
  readonly faults: FaultPoints;
  readonly logger: Logger;
}

const atOnce = 100;
const claimMs = 15_000;
const firstWaitMs = 1_000;
const waitMaxMs = 300_000;

/** Codes that say the message is on its way to its recipient. */
const mailedCodes: ReadonlySet<string> = new Set(['already_mailed', 'already_left']);

const queryOf = (action: StoredAction): ActionQuery => ({
  actionId: action.actionId,
  batchId: action.batchId,
  tier: action.tier,
  senderKey: messageOf(action)?.senderKey ?? 'unreadable',
  recipientEmail: action.email,
  correlationId: action.takeBackCid ?? action.cid,
});

/** How a provider's own word reads as a proof that a message was mailed. */
export const mailedProofOf = (
  adapter: ProviderAdapter,
  found: Extract<ProviderFinding, { state: 'present' }>,
): string => `${adapter.name} shows message ${found.providerMessageId} as mailed (${adapter.mode}).`;

/**
 * Gets messages back that providers hold, each with the provider's own answer afterwards: gone is taken back, mailed
 * is left with an alarm, and anything else stays open and is asked for again, later from try to try. A process that
 * dies between any two steps leaves the note in the store; the next one finds the message gone, or still there.
 */
export const createCarryOutTakeBacks = (deps: TakeBackDependencies) => {
  const { held, faults, logger } = deps;

  const settleTakenBack = async (action: StoredAction): Promise<TakeBackTry> => {
    faults.reach('before-take-back-settle');
    const { done, status } = await deps.actions.takeBack({
      action,
      reason: action.takeBackReason ?? '',
      actor: action.takeBackBy ?? 'gatekeeper',
      correlationId: action.takeBackCid ?? action.cid,
    });
    faults.reach('after-take-back-settle');
    return done || status === 'taken_back' ? { state: 'taken_back' } : { state: 'settled_otherwise', status };
  };

  const settleLeft = async (action: StoredAction, proof: string): Promise<TakeBackTry> => {
    faults.reach('before-take-back-settle');
    const { done, status } = await held.leave({
      action,
      proof,
      actor: 'gatekeeper',
      correlationId: action.takeBackCid ?? action.cid,
    });
    if (!done && status !== 'left') return { state: 'settled_otherwise', status };
    logger.error(
      { actionId: action.actionId, batchId: action.batchId, reason: action.takeBackReason },
      'a message that had to come back was mailed before',
    );
    return { state: 'left', code: 'already_mailed', message: proof };
  };

  const stayOpen = async (action: StoredAction, code: string, message: string): Promise<TakeBackTry> => {
    await held.noteTakeBack({ actionId: action.actionId, answer: code, firstWaitMs, waitMaxMs });
    logger.warn({ actionId: action.actionId, code }, 'a message could not be taken back yet');
    return { state: 'open', code, message };
  };

  /** One question before and one after for all of them: a campaign is listed twice, not twice a message. */
  const askForAll = async (
    adapter: ProviderAdapter,
    actions: readonly StoredAction[],
  ): Promise<ReadonlyMap<string, TakeBackOutcome>> => {
    if (adapter.takeBackMany !== undefined) return adapter.takeBackMany(actions.map(queryOf));
    const answers = new Map<string, TakeBackOutcome>();
    for (const action of actions) answers.set(action.actionId, await adapter.takeBack(queryOf(action)));
    return answers;
  };

  const settleAnswer = async (
    adapter: ProviderAdapter,
    action: StoredAction,
    answer: TakeBackOutcome | undefined,
  ): Promise<TakeBackTry> => {
    if (answer?.ok === true) return settleTakenBack(action);
    const { code, message } = answer ?? { code: 'unreadable', message: 'The provider was not asked.' };
    if (!mailedCodes.has(code)) return stayOpen(action, code, message);
    const found = (await adapter.find([queryOf(action)])).get(action.actionId);
    return settleLeft(
      action,
      found?.state === 'present' && found.mailed ? mailedProofOf(adapter, found) : message,
    );
  };

  const carryOutAt = async (
    adapter: ProviderAdapter,
    actions: readonly StoredAction[],
  ): Promise<Map<string, TakeBackTry>> => {
    const tries = new Map<string, TakeBackTry>();
    const present: StoredAction[] = [];
    const findings = await adapter.find(actions.map(queryOf));
    const nowMs = await deps.actions.storeNowMs();
    for (const action of actions) {
      const finding = findings.get(action.actionId);
      const visible = nowMs - Number(action.settledAt ?? nowMs) >= adapter.visibilityLagMaxMs;
      if (finding === undefined || finding.state === 'unreadable') {
        const message = finding?.message ?? 'The provider said nothing about it.';
        tries.set(action.actionId, await stayOpen(action, 'unreadable', message));
      } else if (finding.state === 'present' && finding.mailed) {
        tries.set(action.actionId, await settleLeft(action, mailedProofOf(adapter, finding)));
      } else if (finding.state === 'present') {
        present.push(action);
      } else if (visible) {
        tries.set(action.actionId, await settleTakenBack(action));
      } else {
        // Not shown yet is not gone: it was handed over a moment ago.
        const message = 'The provider does not show it yet.';
        tries.set(action.actionId, await stayOpen(action, 'not_visible_yet', message));
      }
    }
    if (present.length === 0) return tries;
    faults.reach('before-take-back');
    const answers = await askForAll(adapter, present);
    faults.reach('after-take-back');
    for (const action of present) {
      tries.set(action.actionId, await settleAnswer(adapter, action, answers.get(action.actionId)));
    }
    return tries;
  };

  /** Tries these once. Whatever throws leaves its messages open. */
  const carryOut = async (ids: readonly string[]): Promise<Map<string, TakeBackTry>> => {
    const tries = new Map<string, TakeBackTry>();
    const groups = new Map<ProviderAdapter, StoredAction[]>();
    for (const [index, action] of (await deps.actions.readWhole(ids)).entries()) {
      const id = ids[index] ?? '';
      if (action === null) {
        await held.noteTakeBack({ actionId: id, answer: 'record_unreadable', firstWaitMs, waitMaxMs });
        tries.set(id, { state: 'open', code: 'record_unreadable', message: 'Its record cannot be read.' });
      } else if (action.status !== 'handed_over') {
        await held.forgetTakeBack(id);
        tries.set(id, { state: 'settled_otherwise', status: action.status });
      } else {
        const adapter = deps.adapterOf(action);
        if (adapter !== null) groups.set(adapter, [...(groups.get(adapter) ?? []), action]);
        else {
          const message = 'No provider serves this channel in the delivery mode it was handed over in.';
          tries.set(id, await stayOpen(action, 'no_provider', message));
        }
      }
    }
    for (const [adapter, actions] of groups) {
      try {
        for (const [id, tried] of await carryOutAt(adapter, actions)) tries.set(id, tried);
      } catch (error) {
        logger.error(
          { err: error, provider: adapter.name },
          'taking messages back failed; it is tried again',
        );
        for (const action of actions) {
          if (tries.has(action.actionId)) continue;
          const message = 'Asking the provider failed in an unexpected way.';
          tries.set(action.actionId, await stayOpen(action, 'adapter_error', message));
        }
      }
    }
    return tries;
  };

  return {
    carryOut,
    /** Carries out what is due, and answers how many were tried. */
    sweep: async (): Promise<number> => {
      for (let tried = 0; ;) {
        const ids = await held.dueTakeBacks(atOnce, claimMs);
        if (ids.length === 0) return tried;
        await carryOut(ids);
        tried += ids.length;
      }
    },
  };
};

export type CarryOutTakeBacks = ReturnType<typeof createCarryOutTakeBacks>;
