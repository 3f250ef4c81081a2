import Table from 'cli-table3';

/** How a command answers: a table for people, one JSON value for programs. */
export interface Output {
  readonly json: boolean;
}

const plain = {
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  style: { head: [], border: [] },
};

export const print = (text: string): void => {
  process.stdout.write(`${text}\n`);
};

/** Prints rows under a head, or the value as JSON, or a sentence when there is nothing. */
export const printRows = (
  output: Output,
  value: unknown,
  table: { head: readonly string[]; rows: readonly (readonly (string | number)[])[]; empty: string },
): void => {
  if (output.json) return print(JSON.stringify(value));
  if (table.rows.length === 0) return print(table.empty);
  const text = new Table({ head: [...table.head], ...plain });
  text.push(...table.rows.map((row) => [...row]));
  print(text.toString());
};

export const printFact = (output: Output, value: unknown, sentence: string): void =>
  print(output.json ? JSON.stringify(value) : sentence);

/** An instant in the reader's own time zone. */
export const localTime = (instant: string | null): string =>
  instant === null
    ? '–'
    : new Date(instant).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
