import { queueStatusSchema } from '@caio/contracts';
import { requirePermission } from '@caio/service-kit';
import type {
  ActionStore,
  DraftStore,
  GateLists,
  JobQueue,
  RunStore,
  StoreLifecycle,
} from '@caio/state-store';
import { Router } from 'express';
import type { ReadPredecessorQueue } from '../../predecessor/queue-view.ts';
import type { RulesInForce } from '../../rules-in-force.ts';
import type { ReadProviders } from '../../use-cases/read-providers.ts';
import type { ReadQueueStanding } from '../../use-cases/read-queue-standing.ts';

const shownMax = 20;
const runsShown = 5;

const longestUnknown = async (actions: ActionStore) => {
  const { count, longest } = await actions.unknownSince(shownMax);
  const receipts = await actions.receipts(longest.map(({ actionId }) => actionId));
  return {
    count,
    longest: receipts.map(({ actionId, batchId, reason }, index) => ({
      ...{ actionId, batchId, reason },
      since: longest[index]?.since,
    })),
  };
};

/** GET /api/queue-status: every number with its source, so that an empty screen can say why it is empty. */
export const showQueueStatusRoute = (deps: {
  drafts: DraftStore;
  actions: ActionStore;
  lists: GateLists;
  lifecycle: StoreLifecycle;
  /** The scheduler's records, read and never written here. */
  runs: Pick<RunStore, 'list'>;
  rules: RulesInForce;
  dispatch: Pick<JobQueue<'dispatch'>, 'counts'>;
  intake: Pick<JobQueue<'drafts'>, 'counts'>;
  readQueueStanding: ReadQueueStanding;
  readPredecessorQueue: ReadPredecessorQueue;
  readProviders: ReadProviders;
}): Router =>
  Router().get('/api/queue-status', requirePermission('read'), async (_req, res) => {
    const { rules } = deps;
    const standing = await deps.readQueueStanding();
    const recovering = await deps.lifecycle.isRecovering();
    const oldest = await deps.drafts.list('pending', null, 1);
    res.json(
      queueStatusSchema.parse({
        ...standing,
        ...(await deps.readPredecessorQueue({ ...standing, recovering })),
        drafts: await deps.drafts.counts(),
        oldestPendingAt: oldest.drafts[0]?.createdAt ?? null,
        halt: await deps.lists.readHalt(rules.emergencyStop),
        recovering,
        deliveryModes: rules.deliveryModes,
        environment: rules.environment,
        policyVersion: rules.policyVersion,
        copyPackVersion: rules.copyPackVersion,
        queued: await deps.actions.queuedByReason(),
        latestRuns: await deps.runs.list(runsShown),
        unknown: await longestUnknown(deps.actions),
        providers: await deps.readProviders(),
        jobs: { drafts: await deps.intake.counts(), dispatch: await deps.dispatch.counts() },
      }),
    );
  });
