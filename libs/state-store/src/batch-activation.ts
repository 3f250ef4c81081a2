import type { RampRules } from '@caio/dispatch-core';
import { z } from 'zod';
import { parseJsonRecord } from './record.ts';
import { admitActivationResults, type AdmitActivationResult, nameOf } from './result-codes.ts';
import { replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import type { StoreSession } from './store-session.ts';

/** One held message and everything under which its person may be barred. */
export interface HeldMessageFacts {
  readonly actionId: string;
  readonly contentDigest: string;
  readonly suppressionPseudonyms: readonly string[];
  readonly exclusionKeys: readonly string[];
  readonly optOutKeys: readonly string[];
}

export interface RefusedMessage {
  readonly actionId: string;
  readonly code: string;
}

const refusedSchema = z.array(z.tuple([z.string(), z.string()]));

/** Whether a provider mails what it holds of a batch: started by a person alone, and stopped for good by a recall. */
export const createBatchActivation = ({
  redis,
  keys,
  runId,
}: Pick<StoreSession, 'redis' | 'keys' | 'runId'>) => ({
  /** The last check before the provider is told to mail. From `admitted` on it may have been told so. */
  admit: async (request: {
    batchId: string;
    messages: readonly HeldMessageFacts[];
    policyVersion: string;
    deliveryModesText: string;
    allowListDigest: string;
    haltedByEnvironment: boolean;
    /** The ramp of the policy for e-mail, where it has one. */
    ramp?: RampRules | undefined;
    actor: string;
    correlationId: string;
  }): Promise<{
    result: AdmitActivationResult;
    detail: string;
    refused: readonly RefusedMessage[];
  }> => {
    const [code = '', detail = ''] = replyTexts(
      scripts.admitActivation,
      await runScript(
        redis,
        scripts.admitActivation,
        [
          keys.batch(request.batchId),
          keys.store,
          keys.halt,
          keys.suppressions,
          keys.exclusions,
          keys.optOutsPending,
          keys.actionPrefix,
          keys.actionsTakingBack,
          keys.batchesActive,
          keys.audit,
        ],
        [
          request.batchId,
          JSON.stringify(
            request.messages.map((message) => ({
              id: message.actionId,
              digest: message.contentDigest,
              suppressions: message.suppressionPseudonyms,
              exclusions: message.exclusionKeys,
              optOuts: message.optOutKeys,
            })),
          ),
          request.policyVersion,
          request.deliveryModesText,
          request.allowListDigest,
          runId() ?? '',
          request.haltedByEnvironment ? '1' : '0',
          request.actor,
          request.correlationId,
          request.ramp === undefined ? '' : JSON.stringify(request.ramp),
        ],
      ),
    );
    const result = nameOf(admitActivationResults, code);
    const refused =
      result === 'messages_refused'
        ? parseJsonRecord(keys.batch(request.batchId), refusedSchema, detail).map(([actionId, why]) => ({
            actionId,
            code: why,
          }))
        : [];
    return { result, detail: refused.length > 0 ? '' : detail, refused };
  },

  /** Records what was read back from the provider. True when everything is stopped by now. */
  settle: async (settled: {
    batchId: string;
    to: 'active' | 'paused' | 'none';
    actionIds: readonly string[];
    why: string;
    actor: string;
    correlationId: string;
  }): Promise<boolean> => {
    const [halted] = replyTexts(
      scripts.settleActivation,
      await runScript(
        redis,
        scripts.settleActivation,
        [keys.batch(settled.batchId), keys.halt, keys.batchesActive, keys.actionsHeld, keys.audit],
        [
          settled.batchId,
          settled.to,
          JSON.stringify(settled.actionIds),
          settled.why,
          settled.actor,
          settled.correlationId,
        ],
      ),
    );
    return halted === '1';
  },

  /** One audit row for what a person had a provider do; `ref` says to what. */
  recordOrder: async (order: {
    kind:
      | 'provider.pause_asked'
      | 'provider.paused'
      | 'provider.pause_failed'
      | 'campaign.remove_asked'
      | 'campaign.removed';
    ref: string;
    batchId: string | null;
    code: string;
    actor: string;
    correlationId: string;
  }): Promise<void> => {
    const { kind, ref, batchId, code, actor, correlationId } = order;
    replyTexts(
      scripts.recordOrder,
      await runScript(
        redis,
        scripts.recordOrder,
        [keys.audit],
        [kind, ref, batchId ?? '', code, actor, correlationId],
      ),
    );
  },

  /** Batches that a provider was told to mail, or may have been, with when that was last said (milliseconds). */
  activeSince: async (): Promise<{ batchId: string; sinceMs: number }[]> => {
    const flat = await redis.zrange(keys.batchesActive, '0', '-1', 'WITHSCORES');
    return flat.flatMap((batchId, index) =>
      index % 2 === 1 ? [] : [{ batchId, sinceMs: Number(flat[index + 1] ?? '0') }],
    );
  },

  /** Of a batch nothing of which is held any more. */
  forgetActive: async (batchId: string): Promise<void> => {
    await redis.zrem(keys.batchesActive, batchId);
  },

  /** Stops the execution of one batch, or of one action of it, for good; `blocked` counts what was queued. */
  recall: async (recall: {
    batchId: string;
    /** Null for the whole batch. */
    actionId: string | null;
    reason: string;
    actor: string;
    correlationId: string;
  }): Promise<{ done: boolean; status: string; blocked: number }> => {
    const [code = '', second = ''] = replyTexts(
      scripts.recallBatch,
      await runScript(
        redis,
        scripts.recallBatch,
        [
          keys.batch(recall.batchId),
          keys.batchActions(recall.batchId),
          keys.actionPrefix,
          keys.actionsQueued,
          keys.actionsTakingBack,
          keys.audit,
        ],
        [recall.batchId, recall.reason, recall.actor, recall.correlationId, recall.actionId ?? ''],
      ),
    );
    return code === '0'
      ? { done: true, status: '', blocked: Number(second) }
      : { done: false, status: second, blocked: 0 };
  },
});

export type BatchActivation = ReturnType<typeof createBatchActivation>;
