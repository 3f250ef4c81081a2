import type { Logger } from '@caio/trace-envelope';

/** What keeps an action, or all of a provider's, from being settled. `subject` is the one it is about. */
export interface Hindrance {
  readonly code: string;
  readonly subject: Readonly<Record<string, string>>;
  readonly message: string;
  readonly err?: unknown;
}

interface Standing {
  readonly hindrance: Hindrance;
  rounds: number;
  count: number;
}

/**
 * Somebody looks once a second at what may stand for days: a line when it begins, with how many it is about, and one
 * when it is over, with how many rounds it lasted.
 */
export const createReconcileLog = (logger: Logger) => {
  let standing = new Map<string, Standing>();
  let seen = new Map<string, Standing>();
  const keyOf = ({ code, subject }: Hindrance): string => JSON.stringify([code, subject]);

  return {
    note: (hindrance: Hindrance): void => {
      const key = keyOf(hindrance);
      const one = seen.get(key) ?? { hindrance, rounds: 0, count: 0 };
      one.count += 1;
      seen.set(key, one);
    },
    /** Ends one look at everything. */
    endRound: (): void => {
      for (const [key, one] of seen) {
        const before = standing.get(key);
        one.rounds = (before?.rounds ?? 0) + 1;
        const { code, subject, message, err } = one.hindrance;
        if (before === undefined)
          logger.error(
            { code, ...subject, count: one.count, ...(err === undefined ? {} : { err }) },
            message,
          );
      }
      for (const [key, { hindrance, rounds, count }] of standing) {
        if (seen.has(key)) continue;
        const { code, subject, message } = hindrance;
        logger.info({ code, ...subject, rounds, count }, `no longer so: ${message}`);
      }
      standing = seen;
      seen = new Map();
    },
  };
};
