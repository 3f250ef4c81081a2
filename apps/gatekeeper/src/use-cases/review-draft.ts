import type { Draft, DraftId, GuardResult } from '@caio/contracts';
import type { DraftCommand } from '@caio/dispatch-core';
import { claimsStillMade, draftFingerprint, messageBytes } from '@caio/outreach-core';
import type { DraftStore } from '@caio/state-store';
import { sha256Hex } from '../digest.ts';
import type { RulesInForce } from '../rules-in-force.ts';
import { type createGuardMessage, lastingGuards } from './submit-draft.ts';

export interface ReviewDependencies {
  readonly drafts: DraftStore;
  readonly rules: RulesInForce;
  readonly guardMessage: ReturnType<typeof createGuardMessage>;
  readonly pseudonym: (key: string) => string;
}

export interface ReviewRequest {
  readonly draftId: DraftId;
  readonly actor: string;
  readonly correlationId: string;
}

export type ReviewOutcome =
  | { readonly outcome: 'done'; readonly draft: Draft; readonly previous?: Draft } // 200
  | { readonly outcome: 'not_found' } // 404
  | { readonly outcome: 'state_conflict'; readonly status: string } // 409
  | { readonly outcome: 'stale_digest'; readonly contentDigest: string; readonly draft: Draft }; // 409

/** Commands after which a draft can still be sent. */
const goesOn: ReadonlySet<DraftCommand> = new Set(['approve', 'edit', 'park', 'recall']);

/** How often a rejection that names no text begins again because the text was changed meanwhile. */
const triesMax = 5;

/** A reviewer's decisions about one draft, each bound to the content that was on the screen. */
export const createReviewDraft = (deps: ReviewDependencies) => {
  const change = async (
    request: ReviewRequest,
    draft: Draft,
    command: DraftCommand,
    part: {
      expectedDigest: string | null;
      fields?: Record<string, string>;
      /** A code, for the audit. */
      reason?: string;
      /** The reviewer's own words. */
      note?: string;
      fingerprint?: string;
    },
  ): Promise<ReviewOutcome> => {
    const { result, current } = await deps.drafts.change({
      draftId: draft.draftId,
      motion: draft.message.motion,
      command,
      expectedDigest: part.expectedDigest,
      fields: part.fields ?? {},
      rejectedFingerprint: part.fingerprint ?? null,
      rejectionMemorySeconds: deps.rules.policy.rejection.memoryDays * 86_400,
      pseudonym: deps.pseudonym(draft.message.recipientKey),
      actor: request.actor,
      reason: part.reason ?? '',
      note: part.note ?? '',
      // What a lead file said then may not be true now; nobody says yes to it in the minutes before it is swept away.
      ...(goesOn.has(command) ? { ageMaxMs: deps.rules.policy.draft.expiryDays * 86_400_000 } : {}),
      correlationId: request.correlationId,
    });
    if (result === 'not_found') return { outcome: 'not_found' };
    if (result === 'expired') return { outcome: 'state_conflict', status: 'expired' };
    if (result === 'state_conflict') return { outcome: 'state_conflict', status: current };
    const changed = await deps.drafts.read(draft.draftId);
    if (result === 'stale_digest')
      return { outcome: 'stale_digest', contentDigest: current, draft: changed ?? draft };
    return changed === null ? { outcome: 'not_found' } : { outcome: 'done', draft: changed };
  };

  const withDraft = async (
    request: ReviewRequest,
    act: (draft: Draft) => Promise<ReviewOutcome>,
  ): Promise<ReviewOutcome> => {
    const draft = await deps.drafts.read(request.draftId);
    return draft === null ? { outcome: 'not_found' } : act(draft);
  };

  /** Reads the draft anew when it was edited meanwhile and the caller named no text that this would replace. */
  const ofOneText = async (
    request: ReviewRequest & { contentDigest?: string | undefined },
    act: (draft: Draft) => Promise<ReviewOutcome>,
  ): Promise<ReviewOutcome> => {
    for (let tries = 1; ; tries += 1) {
      const outcome = await withDraft(request, act);
      const mayTryAgain = request.contentDigest === undefined && tries < triesMax;
      if (outcome.outcome !== 'stale_digest' || !mayTryAgain) return outcome;
    }
  };

  const failing = (guards: readonly GuardResult[]): boolean => guards.some(({ passed }) => !passed);

  return {
    approve: (request: ReviewRequest & { contentDigest: string; note?: string }) =>
      withDraft(request, (draft) =>
        change(request, draft, 'approve', {
          expectedDigest: request.contentDigest,
          ...(request.note === undefined ? {} : { note: request.note }),
        }),
      ),

    /** Without a digest the text the draft has when it is rejected; either way that text is the one remembered. */
    reject: (request: ReviewRequest & { contentDigest?: string | undefined; tag: string; reason: string }) =>
      ofOneText(request, (draft) =>
        change(request, draft, 'reject', {
          expectedDigest: request.contentDigest ?? draft.contentDigest,
          fields: { rejection: JSON.stringify({ tag: request.tag, reason: request.reason }) },
          reason: request.tag,
          note: request.reason,
          fingerprint: sha256Hex(draftFingerprint(draft.message)),
        }),
      ),

    /** A new revision: new bytes, new digest, guards run again; it waits for review, or stays parked while one fails. */
    edit: (request: ReviewRequest & { contentDigest: string; subject: string; body: string }) =>
      withDraft(request, async (draft) => {
        const message = {
          ...draft.message,
          subject: request.subject,
          body: request.body.replace(/\r\n?/g, '\n'),
        };
        // Of the author's claims, so that a sentence put back finds its source again.
        const submitted = await deps.drafts.submittedClaims(draft.draftId);
        const claims = claimsStillMade(submitted, `${message.subject}\n${message.body}`);
        const guards = [
          ...(await deps.guardMessage(message, { ...draft, claims })),
          ...lastingGuards(draft.guards),
        ];
        const bytes = messageBytes(message);
        const parked = failing(guards) || draft.judgement.verdict === 'parked';
        const outcome = await change(request, draft, parked ? 'park' : 'edit', {
          expectedDigest: request.contentDigest,
          fields: {
            bytes,
            digest: sha256Hex(bytes),
            revision: String(draft.revision + 1),
            guards: JSON.stringify(guards),
            claims: JSON.stringify(claims),
          },
        });
        // Only the text with the digest that was given can have been replaced.
        return outcome.outcome === 'done' && draft.contentDigest === request.contentDigest
          ? { ...outcome, previous: draft }
          : outcome;
      }),

    recall: (request: ReviewRequest & { contentDigest?: string | undefined; reason: string }) =>
      withDraft(request, (draft) =>
        change(request, draft, 'recall', {
          expectedDigest: request.contentDigest ?? null,
          reason: 'recalled',
          note: request.reason,
        }),
      ),

    /** Takes the draft out for good without judging it; the person may get another one. */
    withdraw: (request: ReviewRequest & { contentDigest?: string | undefined; reason: string }) =>
      withDraft(request, (draft) =>
        change(request, draft, 'withdraw', {
          expectedDigest: request.contentDigest ?? null,
          reason: 'withdrawn',
          note: request.reason,
        }),
      ),
  };
};

export type ReviewDraft = ReturnType<typeof createReviewDraft>;
