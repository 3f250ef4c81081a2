import type { Chore } from '@caio/service-kit';
import type { ActionStore, BatchStore, DraftStore, JobQueue } from '@caio/state-store';
import type { Logger } from '@caio/trace-envelope';
import { type AttemptsInHand, createAttemptEnds } from './attempts-in-hand.ts';
import type { ProcessIdentity } from './process-identity.ts';
import type { RulesInForce } from './rules-in-force.ts';
import { createClearSettledJobs } from './use-cases/clear-settled-jobs.ts';
import { createExpireBatches } from './use-cases/expire-batches.ts';
import { createExpireDrafts } from './use-cases/expire-drafts.ts';
import { createReconcileUnknown, type ReconcileDependencies } from './use-cases/reconcile-unknown.ts';

/** What the gatekeeper does again and again, and how often. */
export const createChores = (deps: {
  actions: ActionStore;
  batches: BatchStore;
  drafts: DraftStore;
  dispatch: JobQueue<'dispatch'>;
  rules: RulesInForce;
  adapterOf: ReconcileDependencies['adapterOf'];
  pseudonym: (key: string) => string;
  self: ProcessIdentity;
  attempts: AttemptsInHand;
  logger: Logger;
  now: () => number;
  recoverStore: () => Promise<unknown>;
  enqueueDue: () => Promise<unknown>;
  holdDispatch: () => Promise<unknown>;
  pauseProviders: () => Promise<unknown>;
  sealAudit: () => Promise<unknown>;
  retireAudit: () => Promise<unknown>;
  keepCustomersFresh: () => Promise<unknown>;
  /** Those of messages that a provider holds. */
  ofHeldMessages: readonly Chore[];
  /** Those of the ramp. */
  ofRamp: readonly Chore[];
}): Chore[] => {
  const { actions, self, attempts } = deps;
  return [
    { name: 'recover-store', everyMs: 500, run: deps.recoverStore },
    // Somebody who lifts a stop should see within two seconds that it goes on.
    { name: 'hold-dispatch', everyMs: 1_000, run: deps.holdDispatch },
    { name: 'pause-providers', everyMs: 1_000, run: deps.pauseProviders },
    { name: 'enqueue-due-actions', everyMs: 250, run: deps.enqueueDue },
    { name: 'lose-expired-leases', everyMs: 500, run: () => actions.loseExpired(500) },
    {
      name: 'reconcile-unknown',
      everyMs: 1_000,
      run: createReconcileUnknown({
        ...deps,
        isAttemptOver: createAttemptEnds(self, attempts),
      }),
    },
    { name: 'clear-settled-jobs', everyMs: 5_000, run: createClearSettledJobs(deps) },
    { name: 'expire-drafts', everyMs: 60_000, run: createExpireDrafts(deps) },
    { name: 'expire-batches', everyMs: 30_000, run: createExpireBatches(deps) },
    ...deps.ofHeldMessages,
    ...deps.ofRamp,
    { name: 'sync-customers', everyMs: 30_000, run: deps.keepCustomersFresh },
    { name: 'seal-audit', everyMs: 1_000, run: deps.sealAudit },
    { name: 'retire-audit', everyMs: 3_600_000, run: deps.retireAudit },
  ];
};
