import type { DraftStore } from '@caio/state-store';
import type { RulesInForce } from '../rules-in-force.ts';

const page = 200;
const statuses = ['pending', 'parked', 'approved'] as const;

/** Drafts nobody decided on within the policy's days expire: what a lead file said then may not be true now. */
export const createExpireDrafts = (deps: {
  drafts: DraftStore;
  rules: RulesInForce;
  pseudonym: (key: string) => string;
  now: () => number;
}) => {
  return async (): Promise<number> => {
    const limit = deps.now() - deps.rules.policy.draft.expiryDays * 86_400_000;
    let expired = 0;
    for (const status of statuses) {
      const { drafts } = await deps.drafts.list(status, null, page);
      for (const draft of drafts.filter(({ createdAt }) => Date.parse(createdAt) < limit)) {
        const { result } = await deps.drafts.change({
          draftId: draft.draftId,
          motion: draft.message.motion,
          command: 'expire',
          expectedDigest: null,
          fields: {},
          rejectedFingerprint: null,
          rejectionMemorySeconds: 1,
          pseudonym: deps.pseudonym(draft.message.recipientKey),
          actor: 'gatekeeper',
          reason: 'draft_expired',
          correlationId: draft.correlationId,
        });
        expired += result === 'done' ? 1 : 0;
      }
    }
    return expired;
  };
};
