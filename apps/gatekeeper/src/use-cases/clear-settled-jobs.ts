import type { ActionStore, JobQueue } from '@caio/state-store';

const readAtOnce = 1_000;

/**
 * Takes failed dispatch jobs away whose action has come to its end since, by another job or by asking the provider.
 * What is left is for somebody to look into. Answers how many went.
 */
export const createClearSettledJobs =
  (deps: {
    dispatch: Pick<JobQueue<'dispatch'>, 'failed' | 'remove'>;
    actions: Pick<ActionStore, 'openIds'>;
  }) =>
  async (): Promise<number> => {
    const failed = await deps.dispatch.failed(readAtOnce);
    if (failed.length === 0) return 0;
    const open = new Set(await deps.actions.openIds());
    const settled = failed.filter(({ payload }) => !open.has(payload.actionId));
    for (const { id } of settled) await deps.dispatch.remove(id);
    return settled.length;
  };
