/** Numbers from 0 up to 1 for ids, of 32 random bits each; `fill` is asked for many of them at a time. */
export const createRandomNumbers = (fill: (numbers: Uint32Array) => void): (() => number) => {
  const pool = new Uint32Array(1_024);
  let next = pool.length;
  return () => {
    if (next === pool.length) {
      fill(pool);
      next = 0;
    }
    const number = pool[next] ?? 0;
    // Used once: what is left in the pool must not tell an id that was given.
    pool[next] = 0;
    next += 1;
    return number / 2 ** 32;
  };
};
