import {
  type ActionId,
  actionIdSchema,
  actionStatusSchema,
  type AdmissionCode,
  admissionCodes,
  type AttemptId,
  batchIdSchema,
  channelSchema,
  correlationIdSchema,
  deliveryModeSchema,
  digestSchema,
  type DispatchActionJob,
  dispatchActionJobSchema,
  draftIdSchema,
  type Ledger,
  ledgerSchema,
  providerNameSchema,
  receiptSchema,
  type Receipt,
  tierSchema,
} from '@caio/contracts';
import type { AdmissionRules, SendingClock } from '@caio/dispatch-core';
import { z } from 'zod';
import { CorruptRecordError, instantOrNull, parseRecord, textOrNull } from './record.ts';
import { replyTexts, runScript, ScriptReplyError } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** What the worker needs of an action; `bytes` are exactly what was approved. */
export const storedActionSchema = z.object({
  actionId: actionIdSchema,
  batchId: batchIdSchema,
  draftId: draftIdSchema,
  status: actionStatusSchema,
  bytes: z.string(),
  digest: digestSchema,
  channel: channelSchema,
  mode: deliveryModeSchema,
  ledger: ledgerSchema,
  provider: providerNameSchema,
  email: z.string(),
  tier: tierSchema,
  attempts: z.coerce.number().int(),
  attemptId: z.string().optional(),
  owner: z.string().optional(),
  unknownSince: z.string().optional(),
  exclusionKeys: z.string(),
  seal: z.string(),
  who: z.string(),
  cid: correlationIdSchema,
});
export type StoredAction = z.infer<typeof storedActionSchema>;

export interface AdmissionRequest {
  readonly job: DispatchActionJob;
  readonly attemptId: AttemptId;
  readonly digest: string;
  readonly ledger: Ledger;
  readonly mode: string;
  readonly policyVersion: string;
  readonly haltedByEnvironment: boolean;
  readonly routeAllowed: boolean;
  readonly clock: SendingClock;
  readonly callerNowMs: number;
  readonly rules: AdmissionRules;
  readonly leaseMs: number;
  readonly personKeys: readonly string[];
  readonly suppressionKeys: readonly string[];
  readonly suppressionPseudonyms: readonly string[];
  readonly exclusionKeys: readonly string[];
  readonly recipientDomain: string;
  readonly senderKey: string;
  readonly processId: string;
}

export type AdmissionAnswer =
  | { readonly admitted: true; readonly leaseUntilMs: number }
  | { readonly admitted: false; readonly code: AdmissionCode; readonly detail: string };

export interface Settlement {
  readonly actionId: ActionId;
  readonly batchId: string;
  readonly attemptId: string;
  readonly ledger: Ledger;
  readonly to: 'handed_over' | 'left' | 'refused' | 'released' | 'unknown';
  readonly providerMessageId: string;
  readonly proof: string;
  readonly code: string;
  readonly retryAfterMs: number;
  readonly attemptsMax: number;
  readonly stillHeld: boolean;
  readonly actor: string;
  readonly correlationId: string;
}

const receiptOf = (key: string, hash: Readonly<Record<string, string>>): Receipt =>
  parseRecord(key, receiptSchema, {
    actionId: hash['actionId'],
    draftId: hash['draftId'],
    batchId: hash['batchId'],
    email: hash['email'],
    channel: hash['channel'],
    tier: hash['tier'],
    mode: hash['mode'],
    provider: hash['provider'],
    outcome: hash['status'],
    reason: textOrNull(hash['reason']),
    attempts: Number(hash['attempts'] ?? 0),
    contentDigest: hash['digest'],
    providerMessageId: textOrNull(hash['providerMessageId']),
    proof: textOrNull(hash['proof']),
    deferredUntil: hash['status'] === 'queued' ? instantOrNull(hash['deferredUntil']) : null,
    settledAt: instantOrNull(hash['settledAt']),
  });

/** Actions: handed out, admitted by the one gate, settled once per attempt. */
export const createActionStore = ({ redis, keys, runId }: Pick<StoreSession, 'redis' | 'keys' | 'runId'>) => {
  const hashes = async (ids: readonly string[]): Promise<{ key: string; hash: Record<string, string> }[]> => {
    const pipeline = redis.pipeline();
    ids.forEach((id) => pipeline.hgetall(keys.action(id)));
    return ((await pipeline.exec()) ?? []).map(([error, hash], index) => {
      if (error !== null) throw error;
      const key = keys.action(ids[index] ?? '');
      return { key, hash: parseRecord(key, z.record(z.string(), z.string()), hash) };
    });
  };

  return {
    read: async (actionId: string): Promise<StoredAction | null> => {
      const key = keys.action(actionId);
      const hash = await redis.hgetall(key);
      return hash['status'] === undefined ? null : parseRecord(key, storedActionSchema, hash);
    },

    readMany: async (ids: readonly string[]): Promise<StoredAction[]> =>
      (await hashes(ids)).map(({ key, hash }) => parseRecord(key, storedActionSchema, hash)),

    /** What a person is shown of each action, in the order of the batch. */
    receipts: async (ids: readonly string[]): Promise<Receipt[]> =>
      (await hashes(ids)).map(({ key, hash }) => receiptOf(key, hash)),

    /** Queued actions whose time has come, each hidden from the next sweep for `graceMs`. */
    takeDue: async (
      limit: number,
      graceMs: number,
      onDamaged?: (actionId: string) => void,
    ): Promise<DispatchActionJob[]> => {
      const reply = replyTexts(
        scripts.takeDueActions,
        await runScript(
          redis,
          scripts.takeDueActions,
          [keys.actionsQueued, keys.actionPrefix],
          [limit, graceMs],
        ),
      );
      const jobs: DispatchActionJob[] = [];
      for (let at = 0; at < reply.length; at += 6) {
        const [actionId = '', attempt, batchId, executionId, fence, correlationId] = reply.slice(at, at + 6);
        const job = dispatchActionJobSchema.safeParse({
          actionId,
          attempt: Number(attempt),
          batchId,
          executionId,
          fence: Number(fence),
          correlationId,
        });
        // One damaged record must not hold up the others; it comes by again after the grace.
        if (job.success) jobs.push(job.data);
        else if (onDamaged !== undefined) onDamaged(actionId);
        else throw new CorruptRecordError(keys.action(actionId), 'it lacks what its job needs');
      }
      return jobs;
    },

    /** The last check before a provider call. Safe to ask again with the same attempt id. */
    admit: async (request: AdmissionRequest): Promise<AdmissionAnswer> => {
      const { job, ledger, clock, rules } = request;
      const reply = replyTexts(
        scripts.admitAction,
        await runScript(
          redis,
          scripts.admitAction,
          [
            keys.action(job.actionId),
            keys.batch(job.batchId),
            keys.store,
            keys.halt,
            keys.suppressions,
            keys.exclusions,
            keys.allowList,
            keys.inFlight(ledger),
            keys.contacts(ledger),
            keys.lastSend(ledger, request.senderKey),
            keys.sent(ledger, 'hour', clock.hourKey),
            keys.sent(ledger, 'day', clock.dayKey),
            keys.sent(ledger, 'month', clock.monthKey),
            keys.sent(ledger, 'domain', clock.dayKey, request.recipientDomain),
            keys.sent(ledger, 'mailbox', clock.dayKey, request.senderKey),
            keys.actionsQueued,
            keys.actionsSending,
            keys.audit,
            keys.optOutsPending,
          ],
          [
            job.actionId,
            request.attemptId,
            job.executionId,
            job.fence,
            request.digest,
            runId() ?? '',
            request.callerNowMs,
            clock.validFromMs,
            clock.validUntilMs,
            clock.windowOpen ? '1' : '0',
            JSON.stringify({
              window: clock.nextOpenMs,
              hour: clock.nextHourMs,
              day: clock.nextDayMs,
              month: clock.nextMonthMs,
            }),
            JSON.stringify({
              ...rules.caps,
              gapMs: rules.gapMs,
              recontactMs: rules.recontactMs,
              latenessMaxMs: rules.latenessMaxMs,
            }),
            JSON.stringify(rules.tiersAllowed),
            request.routeAllowed ? '1' : '0',
            request.mode,
            request.policyVersion,
            request.haltedByEnvironment ? '1' : '0',
            request.leaseMs,
            JSON.stringify(request.personKeys),
            JSON.stringify(request.suppressionPseudonyms),
            JSON.stringify(request.exclusionKeys),
            request.processId,
            job.correlationId,
            JSON.stringify(request.suppressionKeys),
          ],
        ),
      );
      const [position = '', detail = ''] = reply;
      if (position === '0') return { admitted: true, leaseUntilMs: Number(detail) };
      const code = admissionCodes[Number(position) - 1];
      if (code === undefined) throw new ScriptReplyError(scripts.admitAction.name, reply);
      return { admitted: false, code, detail };
    },

    /** Records what the provider call came to. `settled: false` names the state that made it not this attempt's. */
    settle: async (settlement: Settlement): Promise<{ settled: boolean; status: string }> => {
      const [code = '', status = ''] = replyTexts(
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
          ],
          [
            settlement.actionId,
            settlement.attemptId,
            settlement.to,
            settlement.providerMessageId,
            settlement.proof,
            settlement.code,
            settlement.retryAfterMs,
            settlement.attemptsMax,
            settlement.stillHeld ? '1' : '0',
            settlement.ledger === 'real' ? '1' : '0',
            settlement.actor,
            settlement.correlationId,
          ],
        ),
      );
      return { settled: code === '0', status };
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
          ],
          [action.actionId, taken.reason, taken.actor, taken.correlationId],
        ),
      );
      return { done: code === '0', status };
    },

    unknownIds: (limit: number): Promise<string[]> =>
      redis.zrange(keys.actionsUnknown, '0', String(limit - 1)),

    /** Every action of an executing batch that is not settled: what a recovery has to compare. */
    openIds: async (): Promise<string[]> => {
      const groups = await Promise.all(
        [keys.actionsQueued, keys.actionsSending, keys.actionsUnknown].map((key) =>
          redis.zrange(key, '0', '-1'),
        ),
      );
      return groups.flat();
    },

    personInFlight: async (ledger: Ledger, personKeys: readonly string[]): Promise<boolean> =>
      personKeys.length > 0 &&
      (await redis.hmget(keys.inFlight(ledger), ...personKeys)).some((holder) => holder !== null),
  };
};

export type ActionStore = ReturnType<typeof createActionStore>;
