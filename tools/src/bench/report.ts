import Table from 'cli-table3';
import type { Summary } from './statistics.ts';
import type { BenchReport, Limit } from './verdict.ts';

const spread = ({ median, lowest, highest }: Summary, digits: number): string =>
  `${median.toFixed(digits)} (${lowest.toFixed(digits)}–${highest.toFixed(digits)})`;

const limitText = (limit: Limit, unit: string): string =>
  `≤ ${limit.max} ${limit.of === 'figure' ? unit : '×'}`;

/** For people: the median of every part, the lowest and highest round behind it, and whether it may be so. */
export const reportText = ({ bench, unit, rounds, verdicts, remarks }: BenchReport): string => {
  const table = new Table({
    head: [bench, `${unit}, median (lowest–highest)`, 'of the same round', 'budget', ''],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
  });
  table.push(
    ...verdicts.map(({ part, figure, comparison, within }) => [
      part,
      spread(figure, 1),
      comparison === null ? '' : `${spread(comparison.ratio, 2)} × ${comparison.against}`,
      comparison === null ? '' : limitText(comparison.limit, unit),
      comparison === null ? 'reference' : within ? 'PASS' : 'FAIL',
    ]),
  );
  return [table.toString(), `${rounds} rounds, taken in turns`, ...remarks].join('\n');
};
