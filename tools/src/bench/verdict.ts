import { ratiosOf, summarise, type Summary } from './statistics.ts';

/** What a part may take: of its own unit, or as a multiple of a reference. The median is held against it. */
export interface Limit {
  readonly of: 'figure' | 'ratio';
  readonly max: number;
}

/** `against` is the part it is compared with. */
export interface Budget {
  readonly part: string;
  readonly against: string;
  readonly limit: Limit;
}

export interface Verdict {
  readonly part: string;
  readonly figure: Summary;
  /** What it was compared with, as multiples of it in the same round. Null for a reference itself. */
  readonly comparison: { readonly against: string; readonly ratio: Summary; readonly limit: Limit } | null;
  readonly within: boolean;
}

export interface BenchReport {
  readonly bench: string;
  readonly unit: string;
  readonly rounds: number;
  readonly verdicts: readonly Verdict[];
  /** Sentences about what else was seen, for whoever reads the figures. */
  readonly remarks: readonly string[];
}

/** Holds every part's rounds against its budgets; a reference stands before the first part that is compared with it. Throws when a part was not measured. */
export const judgeFigures = (
  figures: ReadonlyMap<string, readonly number[]>,
  budgets: readonly Budget[],
): readonly Verdict[] => {
  const samplesOf = (part: string): readonly number[] => {
    const samples = figures.get(part);
    if (samples === undefined) throw new Error(`${part} was not measured`);
    return samples;
  };
  const judge = ({ part, against, limit }: Budget): Verdict => {
    const figure = summarise(samplesOf(part));
    const ratio = summarise(ratiosOf(samplesOf(part), samplesOf(against)));
    const median = limit.of === 'ratio' ? ratio.median : figure.median;
    return { part, figure, comparison: { against, ratio, limit }, within: median <= limit.max };
  };
  const shown = new Set<string>();
  return budgets.flatMap((budget) => {
    const verdict = judge(budget);
    shown.add(budget.part);
    if (shown.has(budget.against)) return [verdict];
    shown.add(budget.against);
    const reference = summarise(samplesOf(budget.against));
    return [{ part: budget.against, figure: reference, comparison: null, within: true }, verdict];
  });
};
