import type { UnknownStanding } from '@caio/contracts';
import { looksForAbsence, retryBackoff } from '@caio/dispatch-core';
import { identityKeysOf } from '@caio/outreach-core';
import { type ActionStore, CorruptRecordError, type Settlement, type StoredAction } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { messageOf } from '../frozen-message.ts';
import type { ProviderAdapter, ProviderFinding } from '../provider-port.ts';
import type { RulesInForce } from '../rules-in-force.ts';
import { createReconcileLog } from './reconcile-log.ts';
import { createUnknownJudge, type Found } from './unknown-judge.ts';

export interface ReconcileDependencies {
  readonly actions: ActionStore;
  readonly rules: RulesInForce;
  readonly adapterOf: (action: StoredAction) => ProviderAdapter | null;
  readonly logger: Logger;
  /** True only when no process can still write for this attempt: its owner is dead, or is us and done with it. */
  readonly isAttemptOver: (owner: string, attemptId: string) => boolean;
  readonly now: () => number;
}

export interface ReconcileReport {
  readonly found: number;
  readonly released: number;
  readonly waiting: number;
  readonly needsPerson: number;
}

const atOnce = 100;
const inAll = 5_000;

type Writable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Asks the provider about actions, one question per adapter. */
export const findAtProviders = async (
  actions: readonly StoredAction[],
  adapterOf: ReconcileDependencies['adapterOf'],
): Promise<Map<string, Found>> => {
  const groups = new Map<ProviderAdapter, StoredAction[]>();
  for (const action of actions) {
    const adapter = adapterOf(action);
    if (adapter !== null) groups.set(adapter, [...(groups.get(adapter) ?? []), action]);
  }
  const findings = new Map<string, Found>();
  for (const [adapter, group] of groups) {
    const answer = await adapter.find(
      group.map((action) => ({
        actionId: action.actionId,
        batchId: action.batchId,
        tier: action.tier,
        senderKey: messageOf(action)?.senderKey ?? 'unreadable',
        recipientEmail: action.email,
        correlationId: action.cid,
      })),
    );
    for (const action of group) {
      const finding = answer.get(action.actionId);
      if (finding !== undefined) findings.set(action.actionId, { finding, adapter });
    }
  }
  return findings;
};

/** What a message that was found counts as. Of a log-only one nothing ever left. */
export const whereItIs = (
  action: StoredAction,
  adapter: ProviderAdapter,
  finding: Extract<ProviderFinding, { state: 'present' }>,
): { readonly to: 'handed_over' | 'left'; readonly stillHeld: boolean } => {
  const stillHeld = adapter.holdsBeforeMailing && !finding.mailed;
  return { stillHeld, to: stillHeld || action.ledger === 'log-only' ? 'handed_over' : 'left' };
};

/**
 * Finds the truth about actions whose outcome is unknown. Present with the approved content: handed over.
 * Release needs absence seen repeatedly, long enough after the last moment a byte could have been written,
 * and either a provider that drops a second message with the same key or an attempt that is certainly over.
 * Everything else waits for a person.
 */
export const createReconcileUnknown = (deps: ReconcileDependencies) => {
  // How often each attempt was seen absent. A restart forgets it, which only makes a release later.
  const absences = new Map<string, number>();
  const log = createReconcileLog(deps.logger);
  const { judge } = createUnknownJudge(deps.rules);

  const settle = (
    action: StoredAction,
    part: Pick<Settlement, 'to' | 'code' | 'proof' | 'providerMessageId' | 'stillHeld'>,
  ) =>
    deps.actions.settle({
      heard: null,
      actionId: action.actionId,
      batchId: action.batchId,
      attemptId: action.attemptId ?? '',
      ledger: action.ledger,
      retryAfterMs: 0,
      backoff: retryBackoff(deps.rules.policy),
      actor: 'reconciler',
      correlationId: action.cid,
      ...part,
    });

  /** Looks that did not find the message only count once they may prove something. */
  const standingOf = (
    action: StoredAction,
    found: Found | null,
    facts: { readonly attemptOver: boolean; readonly nowMs: number },
  ): UnknownStanding => {
    if (judge(action, found, { ...facts, looksAbsent: looksForAbsence }) !== 'absent')
      return judge(action, found, { ...facts, looksAbsent: 0 });
    const mark = `${action.actionId} ${action.attemptId ?? ''}`;
    const looksAbsent = (absences.get(mark) ?? 0) + 1;
    absences.set(mark, looksAbsent);
    return judge(action, found, { ...facts, looksAbsent });
  };

  const conclude = async (
    action: StoredAction,
    found: Found | null,
    standing: UnknownStanding,
    report: Writable<ReconcileReport>,
  ): Promise<void> => {
    switch (standing) {
      case 'provider_silent':
        report.waiting += 1;
        log.note({
          code: 'provider_silent',
          subject: { provider: found?.adapter.name ?? deps.adapterOf(action)?.name ?? 'none' },
          message: 'a provider does not say what became of messages whose fate is unknown; they wait',
        });
        return;
      case 'other_content':
        report.needsPerson += 1;
        log.note({
          code: 'content_differs_at_provider',
          subject: { actionId: action.actionId, batchId: action.batchId },
          message: 'the provider holds other content than was approved; a person has to decide',
        });
        return;
      case 'may_still_be_sent':
        report.needsPerson += 1;
        return;
      case 'absent_so_far':
        report.waiting += 1;
        return;
      case 'absent':
        report.released += 1;
        await settle(action, {
          ...{
            to: 'released',
            code: 'absent_at_provider',
            providerMessageId: '',
            proof: '',
            stillHeld: false,
          },
        });
        return;
      case 'at_provider': {
        if (found?.finding.state !== 'present') throw new Error(`${action.actionId} was not found`);
        report.found += 1;
        await settle(action, {
          code: 'found_at_provider',
          providerMessageId: found.finding.providerMessageId,
          proof: 'found at the provider with the approved content',
          ...whereItIs(action, found.adapter, found.finding),
        });
      }
    }
  };

  const isDamage = (error: unknown): boolean => error instanceof CorruptRecordError;

  /** A record that cannot be read is named and left to a person; it must not hold up the others. */
  const readable = async (
    ids: readonly string[],
    report: Writable<ReconcileReport>,
  ): Promise<StoredAction[]> => {
    try {
      return await deps.actions.readMany(ids);
    } catch (error) {
      if (!isDamage(error)) throw error;
    }
    const actions: StoredAction[] = [];
    for (const actionId of ids) {
      try {
        actions.push(...(await deps.actions.readMany([actionId])));
      } catch (error) {
        if (!isDamage(error)) throw error;
        report.needsPerson += 1;
        log.note({
          ...{ code: 'record_unreadable', subject: { actionId }, err: error },
          message: 'an action whose fate is unknown cannot be read',
        });
      }
    }
    return actions;
  };

  const look = async (ids: readonly string[], report: Writable<ReconcileReport>): Promise<void> => {
    const unknown = (await readable(ids, report)).filter((action) => action.status === 'unknown');
    // Asked before the provider is: what ends in between may have written after the provider's answer.
    const over = new Set(
      unknown
        .filter(({ owner, attemptId }) => deps.isAttemptOver(owner ?? '', attemptId ?? ''))
        .map(({ actionId }) => actionId),
    );
    // The store wrote down since when; a process whose clock runs ahead must not make the quiet time shorter.
    const nowMs = Math.min(deps.now(), await deps.actions.storeNowMs());
    const findings = await findAtProviders(unknown, deps.adapterOf);
    const changed: { actionId: string; attemptId: string; standing: UnknownStanding }[] = [];
    for (const action of unknown) {
      const { actionId, attemptId = '' } = action;
      const found = findings.get(actionId) ?? null;
      const standing = standingOf(action, found, { attemptOver: over.has(actionId), nowMs });
      if (action.standing !== standing || action.standingOf !== attemptId)
        changed.push({ actionId, attemptId, standing });
      await conclude(action, found, standing, report);
    }
    await deps.actions.noteStandings(changed);
  };

  return async (): Promise<ReconcileReport> => {
    const report = { found: 0, released: 0, waiting: 0, needsPerson: 0 };
    const ids = await deps.actions.unknownIds(inAll);
    if (ids.length === 0) absences.clear();
    // All of them each time: actions that wait for a person must not hide the ones behind them.
    for (let start = 0; start < ids.length; start += atOnce) {
      await look(ids.slice(start, start + atOnce), report);
    }
    log.endRound();
    return report;
  };
};

export const personKeysOf = (action: StoredAction): string[] => {
  const message = messageOf(action);
  return message === null
    ? []
    : identityKeysOf({ email: message.recipient.email, linkedinUrl: message.recipient.linkedinUrl });
};
