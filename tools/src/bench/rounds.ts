/** Something to measure. One run of it may give figures of several parts, by name. */
export interface Subject {
  readonly name: string;
  readonly sample: () => Promise<Readonly<Record<string, number>>>;
}

/**
 * Who runs when: everybody once a round, and in every other round backwards, so that a machine that gets steadily
 * slower or faster favours nobody.
 */
export const interleave = <T>(subjects: readonly T[], rounds: number): readonly T[] =>
  Array.from({ length: rounds }, (_, round) => (round % 2 === 0 ? subjects : subjects.toReversed())).flat();

/** Runs every subject once a round, one at a time; returns each part's figures, a round each, in order. */
export const measureRounds = async (options: {
  subjects: readonly Subject[];
  rounds: number;
  onSample: (name: string, done: number, total: number) => void;
}): Promise<ReadonlyMap<string, readonly number[]>> => {
  const figures = new Map<string, number[]>();
  const order = interleave(options.subjects, options.rounds);
  for (const [index, subject] of order.entries()) {
    for (const [part, figure] of Object.entries(await subject.sample())) {
      figures.set(part, [...(figures.get(part) ?? []), figure]);
    }
    options.onSample(subject.name, index + 1, order.length);
  }
  return figures;
};
