import type { QueueStatus } from '@caio/contracts';
import type { ReadinessCheck } from '@caio/service-kit';
import type {
  ActionStore,
  BatchStore,
  DraftStore,
  GateLists,
  RunStore,
  StoreLifecycle,
} from '@caio/state-store';
import { decideNextActor } from '../next-actor.ts';
import type { RulesInForce } from '../rules-in-force.ts';
import type { ReadBars } from './read-bars.ts';

export interface QueueStandingDependencies {
  readonly drafts: Pick<DraftStore, 'counts' | 'parkedByReason'>;
  readonly batches: Pick<BatchStore, 'waiting'>;
  readonly actions: Pick<ActionStore, 'unknownSince' | 'queuedByReason'>;
  readonly lists: Pick<GateLists, 'readHalt'>;
  readonly lifecycle: Pick<StoreLifecycle, 'isRecovering'>;
  readonly runs: Pick<RunStore, 'list'>;
  readonly rules: RulesInForce;
  readonly readBars: ReadBars;
  readonly storeReadiness: ReadinessCheck;
  /** A monotonic clock in milliseconds. */
  readonly monotonicNow: () => number;
}

/** Every parked draft is read for its reason, which the many who watch a queue need not cause each. */
const parkedForMs = 5_000;

export type QueueStanding = Required<
  Pick<QueueStatus, 'hidden' | 'batches' | 'lastRun' | 'stuck' | 'nextActor' | 'draftStaleHours' | 'store'>
>;

/** What waits, for whom, and what does not go on by itself. */
export const createReadQueueStanding = (deps: QueueStandingDependencies) => {
  let parked: {
    readonly count: number;
    readonly atMs: number;
    readonly hidden: Record<string, number>;
  } | null = null;

  const hiddenOf = async (count: number): Promise<Record<string, number>> => {
    const nowMs = deps.monotonicNow();
    if (count === 0) return {};
    // Another count is another answer: the reasons must add up to the number beside them.
    if (parked !== null && parked.count === count && nowMs - parked.atMs < parkedForMs) return parked.hidden;
    const hidden = await deps.drafts.parkedByReason(deps.readBars);
    parked = { count, atMs: nowMs, hidden };
    return hidden;
  };

  return async (): Promise<QueueStanding> => {
    const drafts = await deps.drafts.counts();
    const waiting = await deps.batches.waiting();
    const { count: unknown } = await deps.actions.unknownSince(1);
    const queued = await deps.actions.queuedByReason();
    const [lastRun] = await deps.runs.list(1);
    const { ready, message } = await deps.storeReadiness.check();
    return {
      hidden: await hiddenOf(drafts.parked),
      batches: waiting,
      lastRun: lastRun ?? null,
      stuck: { unknown },
      draftStaleHours: deps.rules.policy.draft.staleHours,
      store: { ready, message },
      nextActor: decideNextActor({
        halted: (await deps.lists.readHalt(deps.rules.emergencyStop)).active,
        recovering: await deps.lifecycle.isRecovering(),
        drafts,
        pendingBatches: waiting.pending,
        approvedBatches: waiting.approved,
        unknown,
        queued: queued.reduce((total, { count }) => total + count, 0),
      }),
    };
  };
};

export type ReadQueueStanding = ReturnType<typeof createReadQueueStanding>;
