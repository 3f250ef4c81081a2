/** A figure over all rounds: the middle one, and how far apart the rounds lie. Units are those of the samples. */
export interface Summary {
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

/** Throws on no samples at all: nothing measured must never look like a measurement of nothing. */
export const summarise = (samples: readonly number[]): Summary => {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) throw new Error('there are no samples to summarise');
  return { median: middle.reduce((sum, each) => sum + each, 0) / middle.length, lowest, highest };
};

/**
 * Each round's figure as a multiple of the reference's in the same round, so that a machine that got slower
 * between two rounds changes neither. Throws when the rounds do not match or a reference is not above zero.
 */
export const ratiosOf = (samples: readonly number[], reference: readonly number[]): readonly number[] => {
  if (samples.length !== reference.length) {
    throw new Error(`${samples.length} rounds cannot be compared with ${reference.length}`);
  }
  return samples.map((sample, round) => {
    const base = reference[round] ?? 0;
    if (!(base > 0)) throw new Error('a reference of nothing gives no ratio');
    return sample / base;
  });
};
