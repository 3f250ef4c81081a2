import type { Draft, DraftId, LeftOut, Ledger, Motion, ProviderName, Route } from '@caio/contracts';
import { ledgerOf, recipientAddressOf } from '@caio/contracts';
import { canonicalJson, isRouteAllowed, type ScopeCandidate } from '@caio/dispatch-core';
import {
  encodedHeaderTextsOf,
  exclusionKeysOf,
  identityKeysOf,
  suppressionKeysOf,
} from '@caio/outreach-core';
import type { ActionStore, DraftStore, FrozenAction, GateLists } from '@caio/state-store';
import { sha256Hex } from '../digest.ts';
import type { RulesInForce } from '../rules-in-force.ts';

export interface FreezeCandidatesDependencies {
  readonly drafts: DraftStore;
  readonly actions: ActionStore;
  readonly lists: GateLists;
  readonly rules: RulesInForce;
  readonly pseudonym: (key: string) => string;
  readonly providerOf: (route: Route) => ProviderName | null;
}

interface CandidateRequest {
  readonly motion: Motion;
  readonly draftIds: readonly DraftId[] | null;
  readonly contentDigests?: ReadonlyMap<DraftId, string>;
}

/** A draft reduced to what the decision and the action need, so that thousands fit into little memory. */
export interface Candidate extends ScopeCandidate {
  readonly status: Draft['status'];
  readonly approvedDigest: string;
  readonly action: Omit<FrozenAction, 'actionId' | 'tier' | 'seal'>;
}

/** `missed` are drafts that were asked for by id and cannot be candidates. */
export interface Candidates {
  readonly candidates: readonly Candidate[];
  readonly missed: readonly LeftOut[];
}

type StoredFacts = Pick<Candidate, 'suppressed' | 'excluded' | 'personInFlight'>;

const personOf = ({ message: { recipient } }: Draft) => ({
  email: recipient.email,
  linkedinUrl: recipient.linkedinUrl,
});
const nameOf = ({ draftId, message }: Draft) => ({ draftId, email: recipientAddressOf(message) });
/** `harbor-pine@1+62a534b39b06` → `harbor-pine`. */
const packNameOf = (version: string): string => version.split('@')[0] ?? version;

/** Drafts read and reduced at a time. */
const chunk = 250;

/** Who may be in a batch: approved drafts, with every fact the decision needs. */
export const createFreezeCandidates = (deps: FreezeCandidatesDependencies) => {
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
      provider: deps.providerOf(message.route) ?? 'log',
      email: recipientAddressOf(message),
      exclusionKeys: exclusionKeysOf({
        email: message.recipient.email,
        companyDomain: draft.lead.companyDomain,
        linkedinUrl: message.recipient.linkedinUrl,
      }),
      pseudonym: deps.pseudonym(message.recipientKey),
      correlationId: draft.correlationId,
    };
  };

  /** `oldestMs`: a draft from before has expired, whether or not it was marked so yet. */
  const candidateOf = (draft: Draft, oldestMs: number): Omit<Candidate, keyof StoredFacts> => {
    const { message, lead } = draft;
    const action = actionOf(draft);
    return {
      status: Date.parse(draft.createdAt) < oldestMs ? 'expired' : draft.status,
      approvedDigest: draft.contentDigest,
      action,
      draftId: draft.draftId,
      email: action.email,
      tier: draft.judgement.tier,
      channel: message.channel,
      route: message.route,
      personKeys: identityKeysOf(personOf(draft)),
      approvedAtMs: Date.parse(draft.reviewedAt ?? draft.createdAt),
      textKey: sha256Hex(canonicalJson([message.subject, message.body])),
      companyKey: lead.companyDomain ?? lead.company?.toLowerCase() ?? null,
      routeAllowed:
        isRouteAllowed(rules.policy, message.route, message.sender.email) &&
        deps.providerOf(message.route) !== null,
      headerTextEncoded: encodedHeaderTextsOf(message).length > 0,
    };
  };

  /** Reduces drafts to candidates; what the store knows of their people is asked for all of them at once. */
  const candidatesOf = async (drafts: readonly Draft[], oldestMs: number): Promise<Candidate[]> => {
    const reduced = drafts.map((draft) => candidateOf(draft, oldestMs));
    const keysIn = (ledger: Ledger) =>
      reduced.map(({ action, personKeys }) => (action.ledger === ledger ? personKeys : []));
    const ledgers = [...new Set(reduced.map(({ action }) => action.ledger))];
    const [suppressed, excluded, ...inFlight] = await Promise.all([
      deps.lists.whichSuppressed(
        drafts.map((draft) => suppressionKeysOf(personOf(draft)).map(deps.pseudonym)),
      ),
      deps.lists.whichExcluded(reduced.map(({ action }) => action.exclusionKeys)),
      ...ledgers.map((ledger) => deps.actions.whichInFlight(ledger, keysIn(ledger))),
    ]);
    return reduced.map((candidate, at) => ({
      ...candidate,
      // Unanswered is barred: nobody is let in by a gap in an answer.
      suppressed: suppressed[at] ?? true,
      excluded: excluded[at] ?? true,
      personInFlight: inFlight.some((answers) => answers[at] ?? true),
    }));
  };

  /** A later revision of the same pack is fine, the text was approved as it is; another company's is not ours to send. */
  const isOfThisCompany = (draft: Draft): boolean =>
    packNameOf(draft.copyPackVersion) === packNameOf(rules.copyPackVersion);

  const read = async (request: CandidateRequest): Promise<Candidates> => {
    const hasOtherText = ({ draftId, contentDigest }: Draft): boolean =>
      (request.contentDigests?.get(draftId) ?? contentDigest) !== contentDigest;
    const asked = request.draftIds === null ? null : [...new Set(request.draftIds)];
    const ids = asked ?? (await deps.drafts.idsByStatus('approved'));
    const oldestMs = (await deps.actions.storeNowMs()) - rules.policy.draft.expiryDays * 86_400_000;
    const candidates: Candidate[] = [];
    const missed: LeftOut[] = [];
    const unread = new Set(asked ?? []);
    for (let start = 0; start < ids.length; start += chunk) {
      const drafts = await deps.drafts.readMany(ids.slice(start, start + chunk));
      drafts.forEach(({ draftId }) => unread.delete(draftId));
      const ours = drafts.filter(isOfThisCompany);
      const wanted = ours.filter((draft) => draft.message.motion === request.motion && !hasOtherText(draft));
      candidates.push(...(await candidatesOf(wanted, oldestMs)));
      for (const draft of drafts.filter((one) => !isOfThisCompany(one)))
        missed.push({ ...nameOf(draft), reason: 'other_copy_pack' });
      if (asked === null) continue;
      for (const draft of ours) {
        if (draft.message.motion !== request.motion)
          missed.push({ ...nameOf(draft), reason: 'other_motion' });
        else if (hasOtherText(draft)) missed.push({ ...nameOf(draft), reason: 'text_changed' });
      }
    }
    for (const draftId of unread) missed.push({ draftId, email: '', reason: 'unknown_draft' });
    return { candidates, missed };
  };

  /**
   * The same candidates, with those read anew that are approved no longer, or whose text is another (`movedId`).
   * Reading all of them again would take as long as the first time, and others would move on meanwhile.
   */
  const refresh = async (
    { candidates, missed }: Candidates,
    movedId: string,
    request: CandidateRequest,
  ): Promise<Candidates> => {
    const approved = new Set(await deps.drafts.idsByStatus('approved'));
    const isStale = ({ draftId, status }: Candidate): boolean =>
      draftId === movedId || (status === 'approved' && !approved.has(draftId));
    const stale = candidates.filter(isStale).map(({ draftId }) => draftId);
    const again = await read({ ...request, draftIds: stale });
    return {
      candidates: [...candidates.filter((one) => !isStale(one)), ...again.candidates],
      missed: [...missed, ...again.missed],
    };
  };

  return { read, refresh };
};
