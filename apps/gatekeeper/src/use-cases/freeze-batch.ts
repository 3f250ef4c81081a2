import type {
  Batch,
  BatchId,
  Draft,
  DraftId,
  LeftOut,
  Motion,
  Preview,
  ProviderName,
  Tier,
} from '@caio/contracts';
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
import { allowListDigestOf, type RulesInForce } from '../rules-in-force.ts';

export interface FreezeDependencies {
  readonly drafts: DraftStore;
  readonly batches: BatchStore;
  readonly actions: ActionStore;
  readonly lists: GateLists;
  readonly rules: RulesInForce;
  readonly ids: IdSource;
  readonly pseudonym: (key: string) => string;
  readonly providerOf: (channel: Draft['message']['channel']) => ProviderName | null;
  readonly now: () => number;
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
  readonly drafts: readonly Draft[];
}

export type FreezeOutcome =
  | { readonly outcome: 'frozen'; readonly batch: Batch; readonly frozen: FrozenPreview } // 201
  | { readonly outcome: 'previewed'; readonly frozen: FrozenPreview } // 200
  | { readonly outcome: 'empty_scope'; readonly leftOut: LeftOut[] } // 409
  | { readonly outcome: 'draft_moved'; readonly draftId: string; readonly status: string }; // 409

interface Candidate extends ScopeCandidate {
  readonly draft: Draft;
}

/** Snapshots approved drafts into an immutable batch: ids, exact bytes, preview hash, and who was left out. */
export const createFreezeBatch = (deps: FreezeDependencies) => {
  const { rules } = deps;

  const candidateOf = async (draft: Draft): Promise<Candidate> => {
    const { message, lead } = draft;
    const person = { email: message.recipient.email, linkedinUrl: message.recipient.linkedinUrl };
    const personKeys = identityKeysOf(person);
    const ledger = ledgerOf(rules.deliveryModes[message.channel]);
    return {
      draft,
      draftId: draft.draftId,
      email: message.recipient.email,
      tier: draft.judgement.tier,
      route: message.route,
      personKeys,
      approvedAtMs: Date.parse(draft.reviewedAt ?? draft.createdAt),
      textKey: sha256Hex(canonicalJson([message.subject, message.body])),
      companyKey: lead.companyDomain ?? lead.company?.toLowerCase() ?? null,
      suppressed: await deps.lists.isSuppressed(suppressionKeysOf(person).map(deps.pseudonym)),
      excluded: await deps.lists.isExcluded(
        exclusionKeysOf({ ...person, companyDomain: lead.companyDomain }),
      ),
      routeAllowed:
        isRouteAllowed(rules.policy, message.route, message.sender.email) &&
        deps.providerOf(message.channel) !== null,
      personInFlight: await deps.actions.personInFlight(ledger, personKeys),
    };
  };

  const approvedDrafts = async (request: FreezeRequest): Promise<Draft[]> => {
    const ids = request.draftIds ?? (await deps.drafts.idsByStatus('approved'));
    const drafts = await deps.drafts.readMany(ids);
    return drafts.filter((draft) => draft.message.motion === request.motion);
  };

  const frozenActionOf = (draft: Draft, tier: Tier, bytes: string): FrozenAction => {
    const { message } = draft;
    const mode = rules.deliveryModes[message.channel];
    return {
      actionId: deps.ids.action(),
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
      tier,
      exclusionKeys: exclusionKeysOf({
        email: message.recipient.email,
        companyDomain: draft.lead.companyDomain,
        linkedinUrl: message.recipient.linkedinUrl,
      }),
      pseudonym: deps.pseudonym(message.recipientKey),
      correlationId: draft.correlationId,
    };
  };

  const compute = async (
    request: FreezeRequest,
  ): Promise<{ frozen: FrozenPreview; actions: FrozenAction[] }> => {
    const candidates = await Promise.all((await approvedDrafts(request)).map(candidateOf));
    const sizeMax = Math.min(rules.policy.batch.sizeMax, request.limit ?? rules.policy.batch.sizeMax);
    const moved = candidates.filter(({ draft }) => draft.status !== 'approved');
    const { included, leftOut } = decideScope(
      candidates.filter(({ draft }) => draft.status === 'approved'),
      { tiersAllowed: tiersAllowed(rules.policy, 'email'), sizeMax },
    );
    const actions = included.map(({ draft, tier }) =>
      frozenActionOf(draft, tier ?? 'tier_4', canonicalJson(draft.message)),
    );
    const preview: Preview = {
      version: 1,
      environment: rules.environment,
      motion: request.motion,
      policyVersion: rules.policyVersion,
      copyPackVersion: rules.copyPackVersion,
      deliveryModes: rules.deliveryModes,
      allowListDigest: allowListDigestOf(await deps.lists.allowList()),
      expiresAt: new Date(deps.now() + rules.policy.batch.expiryHours * 3_600_000).toISOString(),
      actions: actions.map(({ actionId, contentDigest, channel, route, recipientKey, senderKey }) => ({
        actionId,
        contentDigest,
        channel,
        route,
        recipientKey,
        senderKey,
      })),
    };
    const notApproved = moved.map(({ draft, email }) => ({
      draftId: draft.draftId,
      email,
      reason: `status_${draft.status}`,
    }));
    return {
      actions,
      frozen: {
        batchId: deps.ids.batch(),
        preview,
        previewHash: sha256Hex(previewBytes(preview)),
        leftOut: [...leftOut, ...notApproved],
        drafts: included.map(({ draft }) => draft),
      },
    };
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
      const { frozen, actions } = await compute(request);
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
      if (result === 'draft_moved') return { outcome: 'draft_moved', draftId: subject, status };
      if (result !== 'frozen') throw new Error(`freezing ${frozen.batchId} ended in ${result} (${subject})`);
      const batch = await deps.batches.read(frozen.batchId);
      if (batch === null) throw new Error(`batch ${frozen.batchId} is gone right after its freeze`);
      return { outcome: 'frozen', batch, frozen };
    },
  };
};

export type FreezeBatch = ReturnType<typeof createFreezeBatch>;
