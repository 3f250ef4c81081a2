import type { Batch, BatchId, DeliveryMode, Ledger, Preview, PreviewAction } from '@caio/contracts';
import { freezeBatchResults, type FreezeBatchResult, nameOf } from './result-codes.ts';
import { loadScript, replyTexts, runScript } from './script.ts';
import { scripts } from './scripts/index.ts';
import { storeNowMs } from './store-clock.ts';
import type { StoreSession } from './store-session.ts';

const stagedSeconds = 3_600;
const chunk = 500;

/** One action as the freeze writes it, once: its bytes and digest are never written again. */
export interface FrozenAction extends PreviewAction {
  readonly draftId: string;
  readonly bytes: string;
  readonly mode: DeliveryMode;
  readonly ledger: Ledger;
  readonly provider: string;
  readonly email: string;
  readonly tier: string;
  readonly exclusionKeys: readonly string[];
  readonly pseudonym: string;
  readonly correlationId: string;
  /** Binds all of the above to this action with a key outside the store. */
  readonly seal: string;
}

export interface BatchFreeze {
  readonly batchId: BatchId;
  readonly preview: Preview;
  readonly previewHash: string;
  readonly deliveryModesText: string;
  readonly leftOut: Batch['leftOut'];
  readonly actions: readonly FrozenAction[];
  readonly actor: string;
  readonly correlationId: string;
}

/** The freezing of a batch: what is in it is written here, once. */
export const createBatchFreezer = ({ redis, keys }: Pick<StoreSession, 'redis' | 'keys'>) => {
  const stage = async (batchId: string, actions: readonly FrozenAction[]): Promise<void> => {
    const sha = await loadScript(redis, scripts.stageAction);
    for (let start = 0; start < actions.length; start += chunk) {
      const pipeline = redis.pipeline();
      for (const action of actions.slice(start, start + chunk)) {
        const fields = {
          actionId: action.actionId,
          batchId,
          draftId: action.draftId,
          status: 'frozen',
          digest: action.contentDigest,
          channel: action.channel,
          route: action.route,
          recipientKey: action.recipientKey,
          senderKey: action.senderKey,
          mode: action.mode,
          ledger: action.ledger,
          provider: action.provider,
          email: action.email,
          tier: action.tier,
          exclusionKeys: JSON.stringify(action.exclusionKeys),
          who: action.pseudonym,
          seal: action.seal,
          cid: action.correlationId,
          attempts: '0',
          sequence: '0',
        };
        const key = keys.action(action.actionId);
        pipeline.evalsha(sha, 1, key, action.bytes, JSON.stringify(fields), stagedSeconds);
      }
      for (const [error] of (await pipeline.exec()) ?? []) if (error !== null) throw error;
    }
  };

  return {
    /** By the clock that expires batches. */
    storeNowMs: (): Promise<number> => storeNowMs(redis),

    /** Stages the actions, then makes them a batch in one step. `subject` names the draft or action in the way. */
    freeze: async (
      freeze: BatchFreeze,
    ): Promise<{ result: FreezeBatchResult; subject: string; status: string }> => {
      await stage(freeze.batchId, freeze.actions);
      const { preview } = freeze;
      const fields = {
        batchId: freeze.batchId,
        motion: preview.motion,
        environment: preview.environment,
        previewHash: freeze.previewHash,
        policyVersion: preview.policyVersion,
        copyPackVersion: preview.copyPackVersion,
        deliveryModes: freeze.deliveryModesText,
        allowListDigest: preview.allowListDigest,
        rampStage: preview.rampStage ?? '',
        expiresAtMs: String(Date.parse(preview.expiresAt)),
        createdBy: freeze.actor,
        correlationId: freeze.correlationId,
        actionCount: String(freeze.actions.length),
        leftOut: JSON.stringify(freeze.leftOut),
      };
      const reply = replyTexts(
        scripts.freezeBatch,
        await runScript(
          redis,
          scripts.freezeBatch,
          [
            keys.batch(freeze.batchId),
            keys.batchActions(freeze.batchId),
            keys.batches,
            keys.actionPrefix,
            keys.draftPrefix,
            keys.draftsByStatusPrefix,
            keys.audit,
            keys.batchesUnclaimed,
          ],
          [
            freeze.batchId,
            JSON.stringify(fields),
            JSON.stringify(
              freeze.actions.map((action) => [action.actionId, action.draftId, action.contentDigest]),
            ),
            freeze.actor,
            freeze.correlationId,
          ],
        ),
      );
      const [code = '', subject = '', status = ''] = reply;
      return { result: nameOf(freezeBatchResults, code), subject, status };
    },
  };
};
