const firstMs = 1_000;
const waitMsMax = 30_000;

/**
 * How long to wait before attempt `failures + 1`: doubling from one second to half a minute, each shortened by up
 * to a third so that many desks do not come back in the same instant. `chance` is in [0, 1).
 */
export const backoffMs = (failures: number, chance: number): number => {
  const full = Math.min(waitMsMax, firstMs * 2 ** Math.max(0, failures - 1));
  return Math.round(full * (1 - chance / 3));
};
