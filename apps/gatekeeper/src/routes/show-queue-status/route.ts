import { queueStatusSchema } from '@caio/contracts';
import { requirePermission } from '@caio/service-kit';
import type { DraftStore, GateLists, JobQueue, StoreLifecycle } from '@caio/state-store';
import { Router } from 'express';
import type { RulesInForce } from '../../rules-in-force.ts';

/** GET /api/queue-status: every number with its source, so that an empty screen can say why it is empty. */
export const showQueueStatusRoute = (deps: {
  drafts: DraftStore;
  lists: GateLists;
  lifecycle: StoreLifecycle;
  rules: RulesInForce;
  dispatch: Pick<JobQueue<'dispatch'>, 'counts'>;
  intake: Pick<JobQueue<'drafts'>, 'counts'>;
}): Router =>
  Router().get('/api/queue-status', requirePermission('read'), async (_req, res) => {
    const { rules } = deps;
    const oldest = await deps.drafts.list('pending', null, 1);
    res.json(
      queueStatusSchema.parse({
        drafts: await deps.drafts.counts(),
        oldestPendingAt: oldest.drafts[0]?.createdAt ?? null,
        halt: await deps.lists.readHalt(rules.emergencyStop),
        recovering: await deps.lifecycle.isRecovering(),
        deliveryModes: rules.deliveryModes,
        environment: rules.environment,
        policyVersion: rules.policyVersion,
        copyPackVersion: rules.copyPackVersion,
        jobs: { drafts: await deps.intake.counts(), dispatch: await deps.dispatch.counts() },
      }),
    );
  });
