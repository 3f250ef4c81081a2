const stopSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export type StopSignal = (typeof stopSignals)[number];

/**
 * Resolves with the first signal that asks this process to end. Later ones change nothing: a terminal and npm both
 * pass on the same Ctrl-C, and the second must not cut short what the first began.
 */
export const whenAskedToStop = (): Promise<StopSignal> =>
  new Promise((resolve) => {
    for (const signal of stopSignals) process.on(signal, () => resolve(signal));
  });
