import type {
  Batch,
  BatchId,
  DraftId,
  LeftOut,
  Motion,
  Preview,
  RampStage,
  ScopedDraft,
} from '@caio/contracts';
import { decideScope, previewBytes, tiersAllowed } from '@caio/dispatch-core';
import type { BatchStore, FrozenAction } from '@caio/state-store';
import { sha256Hex } from '../digest.ts';
import type { IdSource } from '../ids.ts';
import type { Seals } from '../seals.ts';
import { allowListDigestOf } from '../rules-in-force.ts';
import {
  type Candidates,
  createFreezeCandidates,
  type FreezeCandidatesDependencies,
} from './freeze-candidates.ts';

export interface FreezeDependencies extends FreezeCandidatesDependencies {
  readonly batches: BatchStore;
  readonly ids: IdSource;
  readonly readRampStage: () => Promise<RampStage>;
  readonly seals: Pick<Seals, 'action'>;
}

export interface FreezeRequest {
  readonly motion: Motion;
  /** Exactly these drafts; null means every approved draft of the motion. An empty list means nothing. */
  readonly draftIds: readonly DraftId[] | null;
  /** Which text each of them must have; one without an entry may have any. */
  readonly contentDigests?: ReadonlyMap<DraftId, string>;
  readonly limit: number | null;
  readonly actor: string;
  readonly correlationId: string;
}

export interface FrozenPreview {
  readonly batchId: BatchId;
  readonly preview: Preview;
  readonly previewHash: string;
  /** In the order of the preview's actions. */
  readonly included: ScopedDraft[];
  readonly leftOut: LeftOut[];
}

/** `exists`: a batch with this id was frozen before, and stays as it is. */
export type FreezeAsOutcome = FreezeOutcome | { readonly outcome: 'exists' };

export type FreezeOutcome =
  | { readonly outcome: 'frozen'; readonly batch: Batch; readonly frozen: FrozenPreview } // 201
  | { readonly outcome: 'empty_scope'; readonly leftOut: LeftOut[] } // 409
  | { readonly outcome: 'draft_moved'; readonly draftId: string; readonly status: string }; // 409

/** How often a freeze begins again when somebody decides about one of its drafts meanwhile. */
const triesMax = 8;

/** Snapshots approved drafts into an immutable batch: ids, exact bytes, preview hash, and who was left out. */
export const createFreezeBatch = (deps: FreezeDependencies) => {
  const { rules } = deps;
  const whoMay = createFreezeCandidates(deps);

  const compute = async (
    request: FreezeRequest,
    batchId: BatchId,
    { candidates, missed }: Candidates,
  ): Promise<{ frozen: FrozenPreview; actions: FrozenAction[] }> => {
    const sizeMax = Math.min(rules.policy.batch.sizeMax, request.limit ?? rules.policy.batch.sizeMax);
    // A stored text that is not what its digest names was changed behind our back; it must not stop the others.
    const intact = candidates.filter(
      (candidate) => candidate.action.contentDigest === candidate.approvedDigest,
    );
    const damaged = candidates.filter(
      (candidate) => candidate.action.contentDigest !== candidate.approvedDigest,
    );
    const moved = intact.filter(({ status }) => status !== 'approved');
    const rampStage = await deps.readRampStage();
    const { included, leftOut } = decideScope(
      intact.filter(({ status }) => status === 'approved'),
      {
        tiersAllowed: {
          email: tiersAllowed(rules.policy, 'email', rampStage),
          linkedin: tiersAllowed(rules.policy, 'linkedin'),
        },
        sizeMax,
      },
    );
    const actions = included.map(({ action, tier: judged }): FrozenAction => {
      const named = { ...action, actionId: deps.ids.action(), tier: judged ?? 'tier_4' };
      const seal = deps.seals.action({
        ...named,
        batchId,
        digest: action.contentDigest,
        exclusionKeys: JSON.stringify(action.exclusionKeys),
      });
      return { ...named, seal };
    });
    const preview: Preview = {
      version: 1,
      environment: rules.environment,
      motion: request.motion,
      policyVersion: rules.policyVersion,
      copyPackVersion: rules.copyPackVersion,
      deliveryModes: rules.deliveryModes,
      allowListDigest: allowListDigestOf(await deps.lists.allowList()),
      rampStage,
      // By the clock that will expire it: a process that runs ahead must not lengthen an approval's life.
      expiresAt: new Date(
        (await deps.batches.storeNowMs()) + rules.policy.batch.expiryHours * 3_600_000,
      ).toISOString(),
      actions: actions.map(({ actionId, contentDigest, channel, route, recipientKey, senderKey }) => ({
        actionId,
        contentDigest,
        channel,
        route,
        recipientKey,
        senderKey,
      })),
    };
    const notApproved = moved.map(({ draftId, email, status }) => ({
      draftId,
      email,
      reason: `status_${status}`,
    }));
    return {
      actions,
      frozen: {
        batchId,
        preview,
        previewHash: sha256Hex(previewBytes(preview)),
        included: included.map(({ draftId, action: { contentDigest } }) => ({ draftId, contentDigest })),
        leftOut: [
          ...leftOut,
          ...notApproved,
          ...damaged.map(({ draftId, email }) => ({ draftId, email, reason: 'content_mismatch' })),
          ...missed,
        ],
      },
    };
  };

  const freezeAs = async (batchId: BatchId, request: FreezeRequest): Promise<FreezeAsOutcome> => {
    let gathered = await whoMay.read(request);
    for (let tries = 1; ; tries += 1) {
      const { frozen, actions } = await compute(request, batchId, gathered);
      if (actions.length === 0) return { outcome: 'empty_scope', leftOut: frozen.leftOut };
      const { result, subject, status } = await deps.batches.freeze({
        batchId: frozen.batchId,
        preview: frozen.preview,
        previewHash: frozen.previewHash,
        deliveryModesText: rules.deliveryModesText,
        leftOut: frozen.leftOut,
        actions,
        actor: request.actor,
        correlationId: request.correlationId,
      });
      if (result === 'exists') return { outcome: 'exists' };
      if (result === 'draft_moved') {
        if (tries === triesMax) return { outcome: 'draft_moved', draftId: subject, status };
        gathered = await whoMay.refresh(gathered, subject, request);
        continue;
      }
      if (result !== 'frozen') throw new Error(`freezing ${frozen.batchId} ended in ${result} (${subject})`);
      const batch = await deps.batches.read(frozen.batchId);
      if (batch === null) throw new Error(`batch ${frozen.batchId} is gone right after its freeze`);
      return { outcome: 'frozen', batch, frozen };
    }
  };

  return {
    /** The same computation as a freeze; stores and sends nothing. That nobody would be in it is an answer too. */
    preview: async (request: FreezeRequest): Promise<FrozenPreview> =>
      (await compute(request, deps.ids.batch(), await whoMay.read(request))).frozen,

    freeze: async (request: FreezeRequest): Promise<FreezeOutcome> => {
      const outcome = await freezeAs(deps.ids.batch(), request);
      if (outcome.outcome === 'exists') throw new Error('a fresh id names a batch already');
      return outcome;
    },

    /** Under an id that was promised before: however often it is asked for, there is one batch. */
    freezeAs,
  };
};

export type FreezeBatch = ReturnType<typeof createFreezeBatch>;
