/**
 * The memory that bodies without an announced digest may take together, in bytes: each is held whole until its
 * service has it. `reserve` gives back how to release, or null when there is no room.
 */
export const createBodyBudget = (bytesMax: number) => {
  let reserved = 0;
  return {
    reserve: (bytes: number): (() => void) | null => {
      if (reserved + bytes > bytesMax) return null;
      reserved += bytes;
      let isHeld = true;
      return () => {
        if (isHeld) reserved -= bytes;
        isHeld = false;
      };
    },
  };
};

export type BodyBudget = ReturnType<typeof createBodyBudget>;
