import Table from 'cli-table3';
import type { Summary } from './statistics.ts';
import type { BenchReport, Limit } from './verdict.ts';

const spread = ({ median, lowest, highest }: Summary, digits: number): string =>
  `${median.toFixed(digits)} (${lowest.toFixed(digits)}–${highest.toFixed(digits)})`;

const limitText = (limit: Limit | null, unit: string): string =>
  limit === null ? '' : limit.of === 'figure' ? `≤ ${limit.max} ${unit}` : `≤ ${limit.max} ×`;

/** For people: the median of every part, the lowest and highest round behind it, and whether it may be so. */
export const reportText = ({ bench, unit, reference, rounds, verdicts }: BenchReport): string => {
  const table = new Table({
    head: [bench, `${unit}, median (lowest–highest)`, `× ${reference}`, 'budget', ''],
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
    style: { head: [], border: [] },
  });
  table.push(
    ...verdicts.map(({ part, figure, ratio, limit, within }) => [
      part,
      spread(figure, 1),
      limit === null ? '' : spread(ratio, 2),
      limitText(limit, unit),
      limit === null ? 'reference' : within ? 'PASS' : 'FAIL',
    ]),
  );
  return `${table.toString()}\n${rounds} rounds, taken in turns`;
};
