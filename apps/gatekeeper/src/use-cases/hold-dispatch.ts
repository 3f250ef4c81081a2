import type { GateLists, JobWorker, StoreLifecycle } from '@caio/state-store';
import type { RulesInForce } from '../rules-in-force.ts';

/** Whether the last check puts off every action there is: everything is stopped, or the store is being compared. */
export const createReadHold =
  (deps: {
    lists: Pick<GateLists, 'readHalt'>;
    lifecycle: Pick<StoreLifecycle, 'isRecovering'>;
    rules: Pick<RulesInForce, 'emergencyStop'>;
  }) =>
  async (): Promise<boolean> =>
    (await deps.lists.readHalt(deps.rules.emergencyStop)).active || (await deps.lifecycle.isRecovering());

export type ReadHold = ReturnType<typeof createReadHold>;

/**
 * Lets the worker rest while every action would be put off, and take jobs again once none is. It saves work and
 * decides nothing: what is sent is decided by the last check alone, also in the moment before the worker rests.
 */
export const createHoldDispatch =
  (deps: { readHold: ReadHold; worker: Pick<JobWorker, 'pause' | 'resume'> }) => async (): Promise<void> => {
    await ((await deps.readHold()) ? deps.worker.pause() : deps.worker.resume());
  };
