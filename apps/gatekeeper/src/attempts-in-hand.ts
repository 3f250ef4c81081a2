/**
 * The attempts this process is working on right now. An attempt of this very process that is not among them has
 * run to its end: no code is left that could still write for it.
 */
export const createAttemptsInHand = () => {
  const open = new Set<string>();
  return {
    /** Runs the work of one attempt and forgets it when that ended, however it ended. */
    during: async <T>(attemptId: string, work: () => Promise<T>): Promise<T> => {
      open.add(attemptId);
      try {
        return await work();
      } finally {
        open.delete(attemptId);
      }
    },
    has: (attemptId: string): boolean => open.has(attemptId),
  };
};

export type AttemptsInHand = ReturnType<typeof createAttemptsInHand>;

/**
 * Whether no process can still write for an attempt: its owner is dead, or is this very process and done with it.
 */
export const createAttemptEnds =
  (
    self: { readonly id: string; isProvenDead(owner: string): boolean },
    attempts: Pick<AttemptsInHand, 'has'>,
  ) =>
  (owner: string, attemptId: string): boolean =>
    self.isProvenDead(owner) || (owner === self.id && !attempts.has(attemptId));
