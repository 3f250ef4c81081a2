import { draftIdSchema } from '@caio/contracts';
import { CorruptRecordError, type DraftStore } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import type { RulesInForce } from '../rules-in-force.ts';

const page = 200;
const statuses = ['pending', 'parked', 'approved'] as const;

/** Every draft nobody decided on within the policy's days expires: what a lead file said then may not be true now. */
export const createExpireDrafts = (deps: {
  drafts: DraftStore;
  rules: RulesInForce;
  pseudonym: (key: string) => string;
  logger: Logger;
}) => {
  const expire = async (id: string): Promise<boolean> => {
    try {
      const draftId = draftIdSchema.parse(id);
      const draft = await deps.drafts.read(draftId);
      if (draft === null) return false;
      const { result } = await deps.drafts.change({
        draftId,
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
      return result === 'done';
    } catch (error) {
      if (!(error instanceof CorruptRecordError)) throw error;
      // One damaged record must not keep the others waiting for ever.
      deps.logger.error({ draftId: id, err: error }, 'a draft cannot be read; it does not expire');
      return false;
    }
  };

  return async (): Promise<number> => {
    const ageMs = deps.rules.policy.draft.expiryDays * 86_400_000;
    let expired = 0;
    for (const status of statuses) {
      let left = 0;
      for (;;) {
        const ids = await deps.drafts.idsOlderThan(status, ageMs, left, page);
        if (ids.length === 0) break;
        for (const id of ids) {
          if (await expire(id)) expired += 1;
          else left += 1;
        }
      }
    }
    return expired;
  };
};
