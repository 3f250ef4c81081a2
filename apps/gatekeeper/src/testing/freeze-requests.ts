import type { Draft, DraftSubmission, Lead, LeftOut } from '@caio/contracts';
import type { FreezeRequest } from '../use-cases/freeze-batch.ts';
import type { GateBench, GateBenches } from './gate-bench.ts';

export const freezeRequest = (part: Partial<FreezeRequest> = {}): FreezeRequest => ({
  ...{ actor: 'operator', correlationId: 'correlation-1', motion: 'outbound', draftIds: null, limit: null },
  ...part,
});

/** What an operator asks of a freeze, and drafts that only an older store can hold. */
export const createFreezeRequests = (benches: GateBenches, benchNow: () => GateBench) => {
  const freeze = async (part: Partial<FreezeRequest> = {}) => {
    const outcome = await benchNow().freezeBatch.freeze(freezeRequest(part));
    if (outcome.outcome !== 'frozen') throw new Error(`the freeze came to ${JSON.stringify(outcome)}`);
    return outcome;
  };
  const leftOut = async (part: Partial<FreezeRequest> = {}): Promise<LeftOut[]> =>
    (await benchNow().freezeBatch.preview(freezeRequest(part))).leftOut;
  /** A draft that no rule of the intake would let through, as a store may hold it from before. */
  const approvedAnyway = async (submission: DraftSubmission): Promise<Draft> => {
    const draft = await benchNow().draftOf((await benchNow().submit(submission)).draftId);
    await benchNow().redis.zrem(benchNow().keys.draftsByStatus(draft.status), draft.draftId);
    await benchNow().redis.zadd(benchNow().keys.draftsByStatus('approved'), 1, draft.draftId);
    await benchNow().redis.hset(benchNow().keys.draft(draft.draftId), 'status', 'approved');
    return draft;
  };
  const revivalOf = async (lead: Lead): Promise<Draft> =>
    approvedAnyway(await benches.submissionOf(lead, { motion: 'revival' }));
  return { freeze, leftOut, approvedAnyway, revivalOf };
};

export type FreezeRequests = ReturnType<typeof createFreezeRequests>;
