import type { Batch, BatchId, Draft, DraftId, LeftOut, Motion, Preview, ProviderName } from '@caio/contracts';
import { ledgerOf } from '@caio/contracts';
import {
  canonicalJson,
  decideScope,
  isRouteAllowed,
  previewBytes,
  type ScopeCandidate,
  tiersAllowed,
} from '@caio/dispatch-core';
import { exclusionKeysOf, identityKeysOf, suppressionKeysOf } from '@caio/outreach-core';
import type { ActionStore, BatchStore, DraftStore, FrozenAction, GateLists } from '@caio/state-store';
import { sha256Hex } from '../digest.ts';
import type { IdSource } from '../ids.ts';
import type { Seals } from '../seals.ts';
import { allowListDigestOf, type RulesInForce } from '../rules-in-force.ts';

export interface FreezeDependencies {
  readonly drafts: DraftStore;
  readonly batches: BatchStore;
  readonly actions: ActionStore;
  readonly lists: GateLists;
  readonly rules: RulesInForce;
  readonly ids: IdSource;
  readonly seals: Pick<Seals, 'action'>;
  readonly pseudonym: (key: string) => string;
  readonly providerOf: (channel: Draft['message']['channel']) => ProviderName | null;
}

export interface FreezeRequest {
  readonly motion: Motion;
  /** Exactly these drafts; null means every approved draft of the motion. An empty list means nothing. */
  readonly draftIds: readonly DraftId[] | null;
  readonly limit: number | null;
  readonly actor: string;
  readonly correlationId: string;
}

export interface FrozenPreview {
  readonly batchId: BatchId;
  readonly preview: Preview;
  readonly previewHash: string;
  readonly leftOut: LeftOut[];
}

/** `exists`: a batch with this id was frozen before, and stays as it is. */
export type FreezeAsOutcome = FreezeOutcome | { readonly outcome: 'exists' };

export type FreezeOutcome =
  | { readonly outcome: 'frozen'; readonly batch: Batch; readonly frozen: FrozenPreview } // 201
  | { readonly outcome: 'previewed'; readonly frozen: FrozenPreview } // 200
  | { readonly outcome: 'empty_scope'; readonly leftOut: LeftOut[] } // 409
  | { readonly outcome: 'draft_moved'; readonly draftId: string; readonly status: string }; // 409

/** A draft reduced to what the decision and the action need, so that thousands fit into little memory. */
interface Candidate extends ScopeCandidate {
  readonly status: Draft['status'];
  readonly approvedDigest: string;
  readonly action: Omit<FrozenAction, 'actionId' | 'tier' | 'seal'>;
}

const nameOf = ({ draftId, message }: Draft) => ({ draftId, email: message.recipient.email });
/** `harbor-pine@1+62a534b39b06` → `harbor-pine`. */
const packNameOf = (version: string): string => version.split('@')[0] ?? version;

/** Drafts read and reduced at a time. */
const chunk = 250;

/** Snapshots approved drafts into an immutable batch: ids, exact bytes, preview hash, and who was left out. */
export const createFreezeBatch = (deps: FreezeDependencies) => {
  const { rules } = deps;

  const actionOf = (draft: Draft): Candidate['action'] => {
    const { message } = draft;
    const mode = rules.deliveryModes[message.channel];
    const bytes = canonicalJson(message);
    return {
      draftId: draft.draftId,
      contentDigest: sha256Hex(bytes),
      bytes,
      channel: message.channel,
      route: message.route,
      recipientKey: message.recipientKey,
      senderKey: message.senderKey,
      mode,
      ledger: ledgerOf(mode),
      provider: deps.providerOf(message.channel) ?? 'log',
      email: message.recipient.email,
      exclusionKeys: exclusionKeysOf({
        email: message.recipient.email,
        companyDomain: draft.lead.companyDomain,
        linkedinUrl: message.recipient.linkedinUrl,
      }),
      pseudonym: deps.pseudonym(message.recipientKey),
      correlationId: draft.correlationId,
    };
  };

  const candidateOf = async (draft: Draft): Promise<Candidate> => {
    const { message, lead } = draft;
    const person = { email: message.recipient.email, linkedinUrl: message.recipient.linkedinUrl };
    const personKeys = identityKeysOf(person);
    const action = actionOf(draft);
    return {
      status: draft.status,
      approvedDigest: draft.contentDigest,
      action,
      draftId: draft.draftId,
      email: message.recipient.email,
      tier: draft.judgement.tier,
      route: message.route,
      personKeys,
      approvedAtMs: Date.parse(draft.reviewedAt ?? draft.createdAt),
      textKey: sha256Hex(canonicalJson([message.subject, message.body])),
      companyKey: lead.companyDomain ?? lead.company?.toLowerCase() ?? null,
      suppressed: await deps.lists.isSuppressed(suppressionKeysOf(person).map(deps.pseudonym)),
      excluded: await deps.lists.isExcluded(action.exclusionKeys),
      routeAllowed:
        isRouteAllowed(rules.policy, message.route, message.sender.email) &&
        deps.providerOf(message.channel) !== null,
      personInFlight: await deps.actions.personInFlight(action.ledger, personKeys),
    };
  };

  /** A later revision of the same pack is fine, the text was approved as it is; another company's is not ours to send. */
  const isOfThisCompany = (draft: Draft): boolean =>
    packNameOf(draft.copyPackVersion) === packNameOf(rules.copyPackVersion);

  /** `missed` are drafts that were asked for by id and cannot be candidates. */
  const candidatesOf = async (
    request: FreezeRequest,
  ): Promise<{ candidates: Candidate[]; missed: LeftOut[] }> => {
    const asked = request.draftIds === null ? null : [...new Set(request.draftIds)];
    const ids = asked ?? (await deps.drafts.idsByStatus('approved'));
    const candidates: Candidate[] = [];
    const missed: LeftOut[] = [];
    const unread = new Set(asked ?? []);
    for (let start = 0; start < ids.length; start += chunk) {
      const drafts = await deps.drafts.readMany(ids.slice(start, start + chunk));
      drafts.forEach(({ draftId }) => unread.delete(draftId));
      const ours = drafts.filter(isOfThisCompany);
      const wanted = ours.filter((draft) => draft.message.motion === request.motion);
      candidates.push(...(await Promise.all(wanted.map(candidateOf))));
      for (const draft of drafts.filter((one) => !isOfThisCompany(one)))
        missed.push({ ...nameOf(draft), reason: 'other_copy_pack' });
      if (asked === null) continue;
      for (const draft of ours) {
        if (draft.message.motion !== request.motion)
          missed.push({ ...nameOf(draft), reason: 'other_motion' });
      }
    }
    for (const draftId of unread) missed.push({ draftId, email: '', reason: 'unknown_draft' });
    return { candidates, missed };
  };

  const compute = async (
    request: FreezeRequest,
    batchId: BatchId = deps.ids.batch(),
  ): Promise<{ frozen: FrozenPreview; actions: FrozenAction[] }> => {
    const { candidates, missed } = await candidatesOf(request);
    const sizeMax = Math.min(rules.policy.batch.sizeMax, request.limit ?? rules.policy.batch.sizeMax);
    // A stored text that is not what its digest names was changed behind our back; it must not stop the others.
    const intact = candidates.filter(
      (candidate) => candidate.action.contentDigest === candidate.approvedDigest,
    );
    const damaged = candidates.filter(
      (candidate) => candidate.action.contentDigest !== candidate.approvedDigest,
    );
    const moved = intact.filter(({ status }) => status !== 'approved');
    const { included, leftOut } = decideScope(
      intact.filter(({ status }) => status === 'approved'),
      { tiersAllowed: tiersAllowed(rules.policy, 'email'), sizeMax },
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
    const { frozen, actions } = await compute(request, batchId);
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
    if (result === 'draft_moved') return { outcome: 'draft_moved', draftId: subject, status };
    if (result !== 'frozen') throw new Error(`freezing ${frozen.batchId} ended in ${result} (${subject})`);
    const batch = await deps.batches.read(frozen.batchId);
    if (batch === null) throw new Error(`batch ${frozen.batchId} is gone right after its freeze`);
    return { outcome: 'frozen', batch, frozen };
  };

  return {
    /** The same computation as a freeze; stores and sends nothing. */
    preview: async (request: FreezeRequest): Promise<FreezeOutcome> => {
      const { frozen } = await compute(request);
      return frozen.preview.actions.length === 0
        ? { outcome: 'empty_scope', leftOut: frozen.leftOut }
        : { outcome: 'previewed', frozen };
    },

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
