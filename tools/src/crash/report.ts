import { isClean, type Verdict } from './comparison.ts';
import { markedSteps, pointsOf } from './points.ts';
import type { Outcome } from './run-scenario.ts';

interface Tally {
  readonly seeds: number;
  /** Every named place or event at which something really went wrong in this run. */
  readonly points: readonly string[];
  readonly duplicated: number;
  readonly lost: number;
  readonly unapproved: number;
  readonly contradictions: number;
  readonly failed: readonly string[];
}

export const tallyOf = (outcomes: readonly Outcome[]): Tally => {
  const points = new Set(outcomes.flatMap(({ struck }) => struck));
  const count = (of: (verdict: Verdict) => readonly string[]): number =>
    outcomes.reduce((sum, { verdict }) => sum + of(verdict).length, 0);
  return {
    seeds: outcomes.length,
    points: [...points].sort(),
    duplicated: count(({ duplicated }) => duplicated),
    lost: count(({ lost }) => lost),
    unapproved: count(({ unapproved }) => unapproved),
    contradictions: count(({ contradictions }) => contradictions),
    failed: outcomes.filter(({ verdict }) => !isClean(verdict)).map(({ scenario }) => scenario.name),
  };
};

/** The line that everything is about. */
export const lastLine = ({ seeds, points, duplicated, lost, unapproved }: Tally): string =>
  `${seeds} seeds, ${points.length} points, ${duplicated} duplicated, ${lost} lost, ${unapproved} unapproved`;

const shownMax = 6;

/** What is wrong with one scenario, and the command that shows it again. */
export const failureText = ({ scenario, verdict, struck }: Outcome): string =>
  [
    `FAIL ${scenario.name}: ${struck.join(', ')}`,
    ...(['duplicated', 'lost', 'unapproved', 'contradictions'] as const).flatMap((kind) => [
      ...verdict[kind].slice(0, shownMax).map((line) => `  ${kind}: ${line}`),
      ...(verdict[kind].length > shownMax ? [`  ${kind}: and ${verdict[kind].length - shownMax} more`] : []),
    ]),
    `  replay: npm run crash -- ${scenario.name}`,
  ].join('\n');

export const pointsText = (): string =>
  [
    ...pointsOf(markedSteps),
    ...['store-restart', 'store-older', 'clock-skew', 'clock-jump', 'lose-request', 'lose-reply'],
    ...['halt', 'opt-out', 'pending-opt-out', 'exclusion', 'claim-again', 'provider <call> <fault>'],
  ].join('\n');
