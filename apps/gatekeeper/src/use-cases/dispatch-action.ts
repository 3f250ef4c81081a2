import {
  type AdmissionCode,
  admissionKindOf,
  type AttemptId,
  type DispatchActionJob,
  type DispatchOutcome,
  type Message,
} from '@caio/contracts';
import {
  createSendingClock,
  isRouteAllowed,
  providerPace,
  retryBackoff,
  sendingRules,
} from '@caio/dispatch-core';
import { exclusionKeysOf, identityKeysOf, registrableDomainOf, suppressionKeysOf } from '@caio/outreach-core';
import type { FaultPoints } from '@caio/service-kit';
import type {
  ActionStore,
  AdmissionAnswer,
  BatchStore,
  Settlement,
  StoredAction,
  StoredExecution,
} from '@caio/state-store';
import type { Logger, Traces } from '@caio/trace-envelope';
import type { AttemptsInHand } from '../attempts-in-hand.ts';
import { sha256Hex } from '../digest.ts';
import { messageOf } from '../frozen-message.ts';
import type { IdSource } from '../ids.ts';
import type { ProviderAdapter } from '../provider-port.ts';
import { verdictOf } from '../providers/provider-verdict.ts';
import type { RulesInForce } from '../rules-in-force.ts';
import type { Seals } from '../seals.ts';

export interface DispatchDependencies {
  readonly actions: ActionStore;
  readonly batches: Pick<BatchStore, 'executionOf'>;
  readonly rules: RulesInForce;
  readonly adapterOf: (action: StoredAction) => ProviderAdapter | null;
  readonly ids: IdSource;
  readonly pseudonym: (key: string) => string;
  readonly processId: string;
  readonly attempts: AttemptsInHand;
  readonly seals: Pick<Seals, 'action' | 'execution'>;
  readonly faults: FaultPoints;
  readonly logger: Logger;
  readonly traces: Traces;
  readonly now: () => number;
  readonly monotonicMs: () => number;
}

/** What the cap of a domain counts: the recipient's, or the person alone when nothing names their company. */
const domainOf = ({ recipient, recipientKey }: Message): string => {
  const domain = recipient.email.slice(recipient.email.lastIndexOf('@') + 1);
  return domain === '' ? recipientKey : (registrableDomainOf(domain) ?? domain);
};

/** What an adapter's answer does to the action. Exhaustive: a new outcome does not compile until it is here. */
const settlementOf = (
  outcome: DispatchOutcome,
  ledger: StoredAction['ledger'],
): Pick<Settlement, 'to' | 'providerMessageId' | 'proof' | 'code' | 'retryAfterMs' | 'stillHeld'> => {
  const nothing = { providerMessageId: '', proof: '', retryAfterMs: 0, stillHeld: false };
  switch (outcome.outcome) {
    case 'accepted':
      return {
        ...nothing,
        to: outcome.holdsBeforeMailing || ledger === 'log-only' ? 'handed_over' : 'left',
        providerMessageId: outcome.providerMessageId,
        proof: outcome.proof,
        code: '',
        stillHeld: outcome.holdsBeforeMailing,
      };
    case 'refused':
      return { ...nothing, to: 'refused', code: outcome.code };
    case 'released':
      return { ...nothing, to: 'released', code: outcome.code, retryAfterMs: outcome.retryAfterMs };
    case 'unknown':
      return { ...nothing, to: 'unknown', code: outcome.code };
  }
};

/**
 * Carries one queued action through the last check to its provider and records what came of it. Every way out
 * leaves the action sent, provably unsent, or unknown; nothing here retries.
 */
export const createDispatchAction = (deps: DispatchDependencies) => {
  const { rules, actions, logger } = deps;
  const sendingClock = createSendingClock(rules.policy);

  /** Whether the action is what was frozen, and its execution one that was started here on what was approved. */
  const isSealed = (action: StoredAction, execution: StoredExecution): boolean =>
    deps.seals.action(action) === action.seal && deps.seals.execution(execution) === execution.executionSeal;

  const askToAdmit = (
    job: DispatchActionJob,
    action: StoredAction,
    execution: StoredExecution,
    message: Message | null,
    attemptId: AttemptId,
  ) => {
    const nowMs = deps.now();
    const person = {
      email: message?.recipient.email ?? null,
      linkedinUrl: message?.recipient.linkedinUrl ?? null,
    };
    return actions.admit({
      job,
      attemptId,
      // A broken seal is answered like changed bytes: the stored digest is not the one that was approved.
      digest: isSealed(action, execution) ? sha256Hex(action.bytes) : 'broken-seal',
      ledger: action.ledger,
      channel: action.channel,
      mode: rules.deliveryModes[action.channel],
      policyVersion: rules.policyVersion,
      haltedByEnvironment: rules.emergencyStop,
      routeAllowed: message !== null && isRouteAllowed(rules.policy, message.route, message.sender.email),
      clock: sendingClock(nowMs),
      callerNowMs: nowMs,
      rules: sendingRules(rules.policy, action.channel),
      leaseMs: rules.policy.dispatch.leaseSeconds * 1_000,
      personKeys: identityKeysOf(person),
      suppressionKeys: suppressionKeysOf(person),
      suppressionPseudonyms: suppressionKeysOf(person).map(deps.pseudonym),
      exclusionKeys: exclusionKeysOf({ ...person, companyDomain: null }),
      recipientDomain: message === null ? 'unreadable' : domainOf(message),
      senderKey: message?.senderKey ?? 'unreadable',
      processId: deps.processId,
      customerList: rules.customerList ?? 'not_required',
      provider: action.provider,
      pace: providerPace(rules.policy, deps.adapterOf(action)?.rateBudget ?? null),
    });
  };

  const tellOfProvider = (
    action: StoredAction,
    change: 'rests' | 'works',
    outcome: DispatchOutcome,
  ): void => {
    const facts = { provider: action.provider, ledger: action.ledger };
    if (change === 'works') logger.info(facts, 'the provider answers again and its rest is over');
    else {
      const fault = outcome.outcome === 'accepted' ? '' : outcome.code;
      logger.warn(
        { ...facts, code: fault },
        'the provider failed too often in a row and is left in peace for a while',
      );
    }
  };

  const settle = async (action: StoredAction, attemptId: string, outcome: DispatchOutcome): Promise<void> => {
    const { settled, status, provider } = await actions.settle({
      actionId: action.actionId,
      batchId: action.batchId,
      attemptId,
      ledger: action.ledger,
      backoff: retryBackoff(rules.policy),
      actor: 'gatekeeper',
      correlationId: action.cid,
      heard: {
        provider: action.provider,
        verdict: verdictOf(outcome),
        rules: providerPace(rules.policy, null),
      },
      ...settlementOf(outcome, action.ledger),
    });
    if (provider !== undefined) tellOfProvider(action, provider, outcome);
    if (!settled) {
      logger.error(
        { actionId: action.actionId, status, outcome: outcome.outcome },
        'an answer came for an attempt that is over',
      );
    }
  };

  const refuse = (job: DispatchActionJob, answer: Extract<AdmissionAnswer, { admitted: false }>): void => {
    const facts = { actionId: job.actionId, batchId: job.batchId, code: answer.code, detail: answer.detail };
    const alarming = answer.code === 'content_mismatch' || answer.code === 'clock_skew';
    if (alarming) logger.error(facts, 'admission refused with an alarm');
    else if (admissionKindOf(answer.code) === 'deny') logger.warn(facts, 'admission denied');
    else logger.debug(facts, 'admission deferred');
  };

  const handOver = async (
    action: StoredAction,
    message: Message,
    attemptId: AttemptId,
    sendDeadlineMs: number,
  ): Promise<DispatchOutcome> => {
    const adapter = deps.adapterOf(action);
    if (adapter === null) {
      return {
        outcome: 'refused',
        code: 'no_provider',
        message: 'no provider serves this channel and mode',
      };
    }
    deps.faults.reach('before-provider-call');
    let outcome: DispatchOutcome;
    try {
      outcome = await adapter.send({
        actionId: action.actionId,
        attemptId,
        batchId: action.batchId,
        tier: action.tier,
        bytes: action.bytes,
        message,
        contentDigest: action.digest,
        correlationId: action.cid,
        sendDeadlineMs,
      });
    } catch (error) {
      logger.error({ actionId: action.actionId, error }, 'the provider adapter threw');
      outcome = {
        outcome: 'unknown',
        code: 'adapter_error',
        message: 'the adapter failed in an unexpected way',
      };
    }
    deps.faults.reach('after-provider-call');
    return outcome;
  };

  const attempt = async (
    job: DispatchActionJob,
    action: StoredAction,
    execution: StoredExecution,
    attemptId: AttemptId,
  ): Promise<AdmissionCode | null> => {
    const message = messageOf(action);
    // Measured from before the admission, so that a slow reply shortens the time left to send, never extends it.
    const sendDeadlineMs = deps.monotonicMs() + rules.policy.dispatch.sendDeadlineMs;
    deps.faults.reach('before-admit');
    let answer: AdmissionAnswer;
    try {
      answer = await askToAdmit(job, action, execution, message, attemptId);
    } catch (error) {
      // The store may have admitted us and the reply was lost. We know that we did not send: give it back.
      logger.warn(
        { actionId: job.actionId, error },
        'the admission reply was lost; releasing without sending',
      );
      await settle(action, attemptId, {
        outcome: 'released',
        code: 'admit_reply_lost',
        retryAfterMs: 1_000,
      }).catch((settleError: unknown) =>
        logger.warn({ actionId: job.actionId, error: settleError }, 'the lease will return it'),
      );
      return null;
    }
    deps.faults.reach('after-admit');
    if (!answer.admitted) {
      refuse(job, answer);
      return answer.code;
    }
    if (message === null) throw new Error(`action ${job.actionId} was admitted with unreadable bytes`);
    const outcome = await deps.traces.traced(
      {
        agent: 'gatekeeper',
        tool: `provider.${action.provider}.send`,
        input: { actionId: action.actionId, batchId: action.batchId, mode: action.mode },
      },
      () => handOver(action, message, attemptId, sendDeadlineMs),
    );
    deps.faults.reach('before-settle');
    await settle(action, attemptId, outcome);
    deps.faults.reach('after-settle');
    return null;
  };

  /** Answers why the last check refused; null when it did not, or was not asked. */
  return async (job: DispatchActionJob): Promise<AdmissionCode | null> => {
    // Asked together, they are one round trip.
    const [action, execution] = await Promise.all([
      actions.read(job.actionId),
      deps.batches.executionOf(job.batchId),
    ]);
    if (action === null || action.status !== 'queued') return null;
    const attemptId = deps.ids.attempt();
    return deps.attempts.during(attemptId, () => attempt(job, action, execution, attemptId));
  };
};

export type DispatchAction = ReturnType<typeof createDispatchAction>;
