import { pendingOperatorBatchSchema } from '@caio/contracts';
import { requirePermission } from '@caio/service-kit';
import type { ActionStore, BatchStore } from '@caio/state-store';
import { Router } from 'express';
import { operatorBatchOf } from '../../predecessor/operator-view.ts';
import type { RulesInForce } from '../../rules-in-force.ts';

const batchesLookedAt = 200;

/** GET /api/operator/pending-batch: the newest batch that waits for an approval, with the hash it has to carry. */
export const showPendingBatchRoute = (deps: {
  batches: Pick<BatchStore, 'list' | 'times' | 'actionIds'>;
  actions: Pick<ActionStore, 'readMany'>;
  rules: RulesInForce;
}): Router =>
  Router().get('/api/operator/pending-batch', requirePermission('read'), async (_req, res) => {
    const pending = (await deps.batches.list(batchesLookedAt)).find(({ status }) => status === 'pending');
    res.json(
      pendingOperatorBatchSchema.parse(
        pending === undefined
          ? { status: 'no_pending_batch', message: 'No batch waits for an approval.' }
          : await operatorBatchOf({ ...deps, policy: deps.rules.policy }, pending),
      ),
    );
  });
