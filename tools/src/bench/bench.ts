import type { BenchReport } from './verdict.ts';

export interface BenchContext {
  /** Of the repository. */
  readonly root: string;
  readonly rounds: number;
  /** Tells a person how far it is. */
  readonly say: (line: string) => void;
}

export interface Bench {
  readonly name: string;
  /** One line for the list of benches. */
  readonly measures: string;
  /** How often it measures when nobody says. */
  readonly rounds: number;
  readonly run: (context: BenchContext) => Promise<BenchReport>;
}
