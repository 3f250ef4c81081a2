import { ratiosOf, summarise, type Summary } from './statistics.ts';

/** What a part may take: of its own unit, or as a multiple of the reference. The median is held against it. */
export interface Limit {
  readonly of: 'figure' | 'ratio';
  readonly max: number;
}

export interface Verdict {
  readonly part: string;
  readonly figure: Summary;
  /** As multiples of the reference in the same round. */
  readonly ratio: Summary;
  /** Null for the reference itself. */
  readonly limit: Limit | null;
  readonly within: boolean;
}

export interface BenchReport {
  readonly bench: string;
  readonly unit: string;
  readonly reference: string;
  readonly rounds: number;
  readonly verdicts: readonly Verdict[];
}

/** Holds every part's rounds against its limit and the reference. Throws when a part was not measured. */
export const judgeFigures = (
  figures: ReadonlyMap<string, readonly number[]>,
  options: { reference: string; limits: Readonly<Record<string, Limit>> },
): readonly Verdict[] => {
  const samplesOf = (part: string): readonly number[] => {
    const samples = figures.get(part);
    if (samples === undefined) throw new Error(`${part} was not measured`);
    return samples;
  };
  const reference = samplesOf(options.reference);
  const judge = (part: string, limit: Limit | null): Verdict => {
    const figure = summarise(samplesOf(part));
    const ratio = summarise(ratiosOf(samplesOf(part), reference));
    const median = limit?.of === 'ratio' ? ratio.median : figure.median;
    return { part, figure, ratio, limit, within: limit === null || median <= limit.max };
  };
  return [
    judge(options.reference, null),
    ...Object.entries(options.limits).map(([part, limit]) => judge(part, limit)),
  ];
};
