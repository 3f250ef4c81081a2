import type { Logger } from '@caio/trace-envelope';

/** One piece of work that is done again and again; a run that fails is logged and the next one comes in time. */
export interface Chore {
  readonly name: string;
  readonly everyMs: number;
  readonly run: () => Promise<unknown>;
}

/** Runs chores, each never twice at once. `stop` waits for those in hand. */
export const createHousekeeping = (options: { chores: readonly Chore[]; logger: Logger }) => {
  const timers = new Map<string, NodeJS.Timeout>();
  const running = new Set<Promise<unknown>>();
  const failing = new Set<string>();
  let stopped = false;

  const once = async (chore: Chore): Promise<void> => {
    try {
      await chore.run();
      if (failing.delete(chore.name)) options.logger.info({ chore: chore.name }, 'housekeeping works again');
    } catch (error) {
      // One line per outage; the next runs show whether it goes on.
      if (!failing.has(chore.name))
        options.logger.error({ chore: chore.name, err: error }, 'housekeeping failed');
      failing.add(chore.name);
    }
  };

  const schedule = (chore: Chore, delayMs: number): void => {
    if (stopped) return;
    timers.set(
      chore.name,
      setTimeout(() => {
        const work = once(chore).finally(() => {
          running.delete(work);
          schedule(chore, chore.everyMs);
        });
        running.add(work);
      }, delayMs),
    );
  };

  return {
    start: (): void => options.chores.forEach((chore) => schedule(chore, 0)),
    stop: async (): Promise<void> => {
      stopped = true;
      timers.forEach((timer) => clearTimeout(timer));
      await Promise.allSettled(running);
    },
  };
};
