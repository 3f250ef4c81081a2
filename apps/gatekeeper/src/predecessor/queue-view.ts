import { ledgerOf, type QueueStatus, type RampStage } from '@caio/contracts';
import { readSendingClock } from '@caio/dispatch-core';
import type { ActionStore, BatchStore, DraftStore } from '@caio/state-store';
import type { RulesInForce } from '../rules-in-force.ts';
import type { QueueStanding } from '../use-cases/read-queue-standing.ts';
import { warmupOf } from './operator-view.ts';

const eventsShown = 5;
const batchesLookedAt = 50;

export type PredecessorQueue = Required<
  Pick<
    QueueStatus,
    'shadow_mode_emails' | 'gatekeeper_queue' | 'daily_limits' | 'recent_queue_events' | 'pipeline_healthy'
  >
>;

/** What the former dashboard read from GET /api/queue-status: its own files then, the store now. */
export const createReadPredecessorQueue =
  (deps: {
    drafts: Pick<DraftStore, 'counts' | 'listDecided'>;
    batches: Pick<BatchStore, 'list' | 'times'>;
    actions: Pick<ActionStore, 'sentOn' | 'queuedByReason'>;
    rules: RulesInForce;
    readRampStage: () => Promise<RampStage>;
    now: () => number;
  }) =>
  async (standing: QueueStanding & { readonly recovering: boolean }): Promise<PredecessorQueue> => {
    const { policy, deliveryModes } = deps.rules;
    const { pending, approved, rejected, ...others } = await deps.drafts.counts();
    const { dayKey } = readSendingClock(policy, deps.now());
    const sent = await deps.actions.sentOn(
      { ledger: ledgerOf(deliveryModes.email), channel: 'email' },
      dayKey,
    );
    const waiting = await deps.actions.queuedByReason();
    const limit = warmupOf(policy, await deps.readRampStage()).email_daily_limit;
    const batches = await deps.batches.list(batchesLookedAt);
    const times = await deps.batches.times(batches.map(({ batchId }) => batchId));
    const { drafts } = await deps.drafts.listDecided(null, eventsShown);
    return {
      shadow_mode_emails: {
        total: Object.values(others).reduce((total, count) => total + count, pending + approved + rejected),
        ...{ pending, approved, rejected },
      },
      gatekeeper_queue: { total: standing.batches.pending + standing.batches.approved },
      daily_limits: {
        date: dayKey,
        queued_today: waiting.reduce((total, { count }) => total + count, sent),
        sent_today: sent,
        limit,
        remaining: Math.max(0, limit - sent),
        last_queued_at:
          times
            .flatMap(({ claimedAt }) => claimedAt ?? [])
            .sort()
            .at(-1) ?? null,
      },
      recent_queue_events: drafts.flatMap(({ draftId, decisions }) => {
        const last = decisions.at(-1);
        return last === undefined
          ? []
          : [{ event: `draft.${last.command}`, email_id: draftId, at: last.at, by: last.by }];
      }),
      pipeline_healthy:
        standing.lastRun?.status !== 'failed' && !standing.recovering && standing.stuck.unknown === 0,
    };
  };

export type ReadPredecessorQueue = ReturnType<typeof createReadPredecessorQueue>;
