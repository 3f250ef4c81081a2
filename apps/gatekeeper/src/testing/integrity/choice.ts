import { createRandom } from '@caio/test-kit';

/** Decisions that are the same on every run with the same seed. */
export const createChoice = (seed: number) => {
  const random = createRandom(seed);
  return {
    /** A whole number from 0 to `max`. */
    upTo: (max: number): number => Math.floor(random() * (Math.max(0, max) + 1)),
    of: <T>(list: readonly T[]): T => {
      const item = list[Math.floor(random() * list.length)];
      if (item === undefined) throw new Error('nothing to choose from');
      return item;
    },
  };
};

export type Choice = ReturnType<typeof createChoice>;
