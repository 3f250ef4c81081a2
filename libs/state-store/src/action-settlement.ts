import type { ActionId, Ledger, ProviderName, UnknownStanding } from '@caio/contracts';
import type { RestRules, RetryBackoff } from '@caio/dispatch-core';
import type { StoredAction } from './action-record.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** What an answer says about its provider; `nothing` where the outcome was ours alone. */
export type ProviderVerdict = 'answers' | 'fails' | 'asks_to_wait' | 'nothing';

export interface ProviderHeard {
  readonly provider: ProviderName;
  readonly verdict: ProviderVerdict;
  readonly rules: RestRules;
}

export interface Settlement {
  readonly actionId: ActionId;
  readonly batchId: string;
  readonly attemptId: string;
  readonly ledger: Ledger;
  readonly to: 'handed_over' | 'left' | 'refused' | 'released' | 'unknown';
  readonly providerMessageId: string;
  readonly proof: string;
  readonly code: string;
  /** Of a release: how long the provider asked us to wait, 0 when it did not. */
  readonly retryAfterMs: number;
  readonly backoff: RetryBackoff;
  readonly stillHeld: boolean;
  /** Null when nobody called the provider for this, as when it was looked up or decided by a person. */
  readonly heard: ProviderHeard | null;
  /** Of a person: only an action that is unknown is decided about. */
  readonly decision?: PersonsDecision;
  readonly actor: string;
  readonly correlationId: string;
}

/** What a person said about an unknown action and how they knew; `digest` stands for it in the audit. */
export interface PersonsDecision {
  readonly as: 'handed_over' | 'left' | 'released';
  readonly reason: string;
  readonly evidence: string;
  readonly despite: string | null;
  readonly digest: string;
}

/** What became of actions after the gate: each outcome is recorded once, with its audit row. */
export const createActionSettlement = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => ({
  /**
   * Records what the provider call came to. `settled: false` names the state that made it not this attempt's;
   * `provider` says that this answer began or ended a rest of the provider.
   */
  settle: async (
    settlement: Settlement,
  ): Promise<{ settled: boolean; status: string; provider?: 'rests' | 'works' }> => {
    const { heard } = settlement;
    const [code = '', status = '', change = ''] = replyTexts(
      scripts.settleAction,
      await runScript(
        redis,
        scripts.settleAction,
        [
          keys.action(settlement.actionId),
          keys.batch(settlement.batchId),
          keys.actionsSending,
          keys.actionsUnknown,
          keys.actionsQueued,
          keys.inFlight(settlement.ledger),
          keys.contacts(settlement.ledger),
          keys.audit,
          keys.actionsHeld,
          keys.providerPace(settlement.ledger, heard?.provider ?? 'log'),
        ],
        [
          settlement.actionId,
          settlement.attemptId,
          settlement.to,
          settlement.providerMessageId,
          settlement.proof,
          settlement.code,
          settlement.retryAfterMs,
          settlement.backoff.firstMs,
          settlement.backoff.maxMs,
          settlement.stillHeld ? '1' : '0',
          settlement.ledger === 'real' ? '1' : '0',
          settlement.actor,
          settlement.correlationId,
          settlement.backoff.attemptsMax,
          heard === null ? '' : JSON.stringify({ verdict: heard.verdict, ...heard.rules }),
          settlement.decision === undefined ? '' : JSON.stringify(settlement.decision),
        ],
      ),
    );
    const settled = { settled: code === '0', status };
    return change === 'rests' || change === 'works' ? { ...settled, provider: change } : settled;
  },

  /** Writes down how unknown actions stand, for whoever has to decide about them. */
  noteStandings: async (
    standings: readonly { actionId: string; attemptId: string; standing: UnknownStanding }[],
  ): Promise<void> => {
    await Promise.all(
      standings.map(({ actionId, attemptId, standing }) =>
        runScript(redis, scripts.noteStanding, [keys.action(actionId)], [attemptId, standing]),
      ),
    );
  },

  /** Actions in flight past their lease become unknown; returns their ids. */
  loseExpired: async (limit: number): Promise<string[]> =>
    replyTexts(
      scripts.loseActions,
      await runScript(
        redis,
        scripts.loseActions,
        [keys.actionsSending, keys.actionsUnknown, keys.actionPrefix, keys.batchPrefix, keys.audit],
        [limit],
      ),
    ),

  /** Settles an open action that a provider was found to have already. */
  adopt: async (found: {
    action: StoredAction;
    to: Extract<Settlement['to'], 'handed_over' | 'left'>;
    providerMessageId: string;
    proof: string;
    personKeys: readonly string[];
    stillHeld: boolean;
  }): Promise<boolean> => {
    const { action } = found;
    const [code] = replyTexts(
      scripts.adoptFinding,
      await runScript(
        redis,
        scripts.adoptFinding,
        [
          keys.action(action.actionId),
          keys.batch(action.batchId),
          keys.actionsQueued,
          keys.actionsSending,
          keys.actionsUnknown,
          keys.inFlight(action.ledger),
          keys.contacts(action.ledger),
          keys.audit,
          keys.actionsHeld,
        ],
        [
          action.actionId,
          found.to,
          found.providerMessageId,
          found.proof,
          JSON.stringify(found.personKeys),
          found.stillHeld ? '1' : '0',
          action.ledger === 'real' ? '1' : '0',
          action.cid,
        ],
      ),
    );
    return code === '0';
  },

  /** Records that the provider gave a message back; `status` is what it was when it was not handed over. */
  takeBack: async (taken: {
    action: StoredAction;
    reason: string;
    actor: string;
    correlationId: string;
  }): Promise<{ done: boolean; status: string }> => {
    const { action } = taken;
    const [code = '', status = ''] = replyTexts(
      scripts.takeBackAction,
      await runScript(
        redis,
        scripts.takeBackAction,
        [
          keys.action(action.actionId),
          keys.batch(action.batchId),
          keys.actionsUnknown,
          keys.inFlight(action.ledger),
          keys.audit,
          keys.actionsHeld,
          keys.actionsTakingBack,
        ],
        [action.actionId, taken.reason, taken.actor, taken.correlationId],
      ),
    );
    return { done: code === '0', status };
  },
});
