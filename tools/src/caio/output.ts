import Table from 'cli-table3';
import { visibleText } from './visible-text.ts';

/** How a command answers: a table for people, one JSON value for programs. */
export interface Output {
  readonly json: boolean;
}

const plain = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [] },
};

/** For people: what could steer their terminal is shown instead of obeyed. */
export const print = (text: string): void => {
  process.stdout.write(`${visibleText(text)}\n`);
};

/** The same on standard error, for progress and for what went wrong. */
export const printNote = (text: string): void => {
  process.stderr.write(`${visibleText(text)}\n`);
};

/** For programs: one JSON value, its texts as they are. */
export const printJson = (value: unknown): void => {
  process.stdout.write(`${JSON.stringify(value)}\n`);
};

/**
 * Rows under a head; no cell is ever cut. `columns` is the width of the terminal, undefined where there is none: a table
 * that is wider would break every row, so its lines come without a frame.
 */
export const tableText = (
  head: readonly string[],
  rows: readonly (readonly (string | number)[])[],
  columns: number | undefined = process.stdout.columns,
): string => {
  // Before the layout, because a mark is wider than the character it stands for.
  const cells = rows.map((row) => row.map((cell) => visibleText(String(cell))));
  const table = new Table({ head: [...head], ...plain });
  table.push(...cells);
  const text = table.toString();
  const width = text.indexOf('\n');
  return columns === undefined || width <= columns
    ? text
    : [head, ...cells].map((row) => row.join('  ')).join('\n');
};

/** Prints rows under a head, or the value as JSON, or a sentence when there is nothing. */
export const printRows = (
  output: Output,
  value: unknown,
  table: { head: readonly string[]; rows: readonly (readonly (string | number)[])[]; empty: string },
): void => {
  if (output.json) return printJson(value);
  print(table.rows.length === 0 ? table.empty : tableText(table.head, table.rows));
};

export const printFact = (output: Output, value: unknown, sentence: string): void =>
  output.json ? printJson(value) : print(sentence);

/** An instant in the reader's own time zone. */
export const localTime = (instant: string | null): string =>
  instant === null
    ? '–'
    : new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
