import { type LiftedSuppression, type PersonKey, type Policy, type Suppression } from '@caio/contracts';
import { identityKeysOf, suppressionKeysOfKey } from '@caio/outreach-core';
import { type DraftStore, type GateLists, type ListChanges, type StoredSuppression } from '@caio/state-store';
import { personOf } from './suppress-person.ts';

export interface LiftRequest {
  readonly person: string;
  readonly consentEvidence: string;
  /** ISO instant at which the person agreed. */
  readonly obtainedAt: string;
  readonly reason: string;
  readonly actor: string;
  readonly correlationId: string;
}

export type LiftOutcome =
  | { readonly outcome: 'lifted'; readonly lifted: number } // 200
  | { readonly outcome: 'unreadable'; readonly reason: string } // 400
  | { readonly outcome: 'not_suppressed' } // 404
  | { readonly outcome: 'final'; readonly reason: Suppression['reason'] } // 409
  | { readonly outcome: 'consent_not_fresh'; readonly message: string; readonly fix: string } // 409
  | { readonly outcome: 'changed_meanwhile' } // 409
  | { readonly outcome: 'opt_out_waits' }; // 409

/**
 * No consent lifts these: a complaint says that the person was asked too often already, and of somebody who was erased
 * nothing is left that a consent could be compared with.
 */
const finalReasons: readonly Suppression['reason'][] = ['complained', 'erased'];

const dayMs = 86_400_000;

/** Ends a suppression by a consent that is younger than it and not too old. Nothing else ends one. */
export const createLiftSuppression = (deps: {
  lists: Pick<GateLists, 'suppressionsOf'>;
  changes: Pick<ListChanges, 'entriesOf' | 'lift'>;
  drafts: Pick<DraftStore, 'namesOfPerson'>;
  policy: Policy['consent'];
  pseudonym: (key: string) => string;
  now: () => number;
}) => {
  const staleness = (
    obtainedAt: string,
    entries: readonly StoredSuppression[],
  ): { message: string; fix: string } | null => {
    const obtainedMs = Date.parse(obtainedAt);
    const nowMs = deps.now();
    const latest = Math.max(...entries.map(({ at }) => Date.parse(at)));
    if (obtainedMs > nowMs)
      return {
        message: 'The consent is dated in the future.',
        fix: 'Give the moment at which the person agreed.',
      };
    if (obtainedMs <= latest)
      return {
        message: `The consent is not younger than the suppression of ${new Date(latest).toISOString()}, which withdrew it.`,
        fix: 'Ask the person again; of a consent of the same day give the time too: 2026-05-04T15:30:00.000Z.',
      };
    return nowMs - obtainedMs > deps.policy.freshDays * dayMs
      ? {
          message: `The consent is older than the ${deps.policy.freshDays} days the policy lets pass.`,
          fix: 'Ask the person again.',
        }
      : null;
  };

  return async (request: LiftRequest): Promise<LiftOutcome> => {
    const person = personOf(request.person);
    if ('reason' in person) return { outcome: 'unreadable', reason: person.reason };
    const asked = identityKeysOf(person);
    const known = await Promise.all(asked.map((key) => deps.drafts.namesOfPerson(key)));
    const names: PersonKey[] = [...new Set([...asked, ...known.flat()])];
    const pseudonyms = [...new Set(names.flatMap(suppressionKeysOfKey))].map(deps.pseudonym);
    const entries = await deps.changes.entriesOf('suppressions', pseudonyms);
    const fields = [...entries.keys()];
    const stored = (await deps.lists.suppressionsOf(fields)).filter((entry) => entry !== null);
    if (stored.length === 0) return { outcome: 'not_suppressed' };
    const final = stored.find(({ reason }) => finalReasons.includes(reason));
    if (final !== undefined) return { outcome: 'final', reason: final.reason };
    const stale = staleness(request.obtainedAt, stored);
    if (stale !== null) return { outcome: 'consent_not_fresh', ...stale };
    const lifted = {
      at: new Date(deps.now()).toISOString(),
      by: request.actor,
      reason: request.reason,
      consentObtainedAt: request.obtainedAt,
      consentEvidence: request.consentEvidence,
    };
    const outcome = await deps.changes.lift({
      entries,
      kept: new Map(
        stored.map(({ reason, source, at, by }, index): [string, LiftedSuppression] => [
          fields[index] ?? '',
          { reason, source, at, by, lifted },
        ]),
      ),
      personKeys: [...new Set(names.flatMap(suppressionKeysOfKey))],
      actor: request.actor,
      correlationId: request.correlationId,
    });
    return outcome === 'lifted' ? { outcome, lifted: entries.size } : { outcome };
  };
};

export type LiftSuppression = ReturnType<typeof createLiftSuppression>;
