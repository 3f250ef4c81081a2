/**
 * Whether one more of a kind is still recorded: so many in `everyMs`, counted from the first. What is left out is
 * told to `onLeftOut` when that time is over.
 */
export const boundRecords = (options: {
  max: number;
  everyMs: number;
  onLeftOut: (count: number) => void;
}): (() => boolean) => {
  let seen = 0;
  const beginAnew = (): void => {
    const leftOut = Math.max(0, seen - options.max);
    seen = 0;
    if (leftOut > 0) options.onLeftOut(leftOut);
  };
  return () => {
    if (seen === 0) setTimeout(beginAnew, options.everyMs).unref();
    seen += 1;
    return seen <= options.max;
  };
};
