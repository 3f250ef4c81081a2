import type { FaultPoints } from '@caio/service-kit';
import type { Logger } from '@caio/trace-envelope';
import type { ActionStore, JobQueue } from '@caio/state-store';
import type { ReadHold } from './hold-dispatch.ts';

const takeAtOnce = 500;
/** More than every worker takes between two sweeps. */
const waitingEnough = 5_000;

/**
 * Puts queued actions whose time has come on the dispatch queue. Running it again is harmless: an action taken
 * a moment ago is hidden for `graceMs`, and a second job for the same action finds it no longer queued. While
 * `waitingMax` jobs wait (5,000 by default) none is added: a queue that nobody works on, paused or without a
 * worker, would get another job for every action after each grace until the store is full. While everything is
 * held none is added either: each would come back a moment later.
 */
export const createEnqueueDueActions = (deps: {
  actions: ActionStore;
  dispatch: JobQueue<'dispatch'>;
  faults: FaultPoints;
  graceMs: number;
  isHeld: ReadHold;
  logger: Logger;
  waitingMax?: number;
}) => {
  const waitingMax = deps.waitingMax ?? waitingEnough;
  return async (): Promise<number> => {
    let enqueued = 0;
    if (await deps.isHeld()) return enqueued;
    for (;;) {
      const { waiting = 0 } = await deps.dispatch.counts();
      if (waiting >= waitingMax) return enqueued;
      const jobs = await deps.actions.takeDue(takeAtOnce, deps.graceMs, (actionId) => {
        deps.logger.error({ actionId }, 'a queued action cannot be read; it is not sent');
      });
      if (jobs.length === 0) return enqueued;
      deps.faults.reach('before-enqueue');
      await deps.dispatch.addMany(
        jobs.map((payload) => ({ id: `${payload.actionId}-${payload.attempt}`, payload })),
      );
      deps.faults.reach('after-enqueue');
      enqueued += jobs.length;
    }
  };
};
