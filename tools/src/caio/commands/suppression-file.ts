import { suppressionReasonSchema } from '@caio/contracts';
import { columnsOf, readListFile } from './list-file.ts';

export interface SuppressionRow {
  readonly line: number;
  readonly value: string;
  readonly reason: string;
}

const columnNames = [/^(person|e-?mail( address)?|address|linkedin( url)?|profile)$/i, /^reason$/i];

/** One person a record, with or without a header; the reason is `manual` where none is given. */
export const readSuppressionRows = (file: string): SuppressionRow[] => {
  const { rows, cell } = columnsOf(readListFile(file, 'person, reason'), columnNames);
  return rows.map((row) => ({
    line: row.line,
    value: cell(row, 0),
    reason: cell(row, 1) === '' ? 'manual' : cell(row, 1).toLowerCase(),
  }));
};

/** What is wrong with a row before the gate is asked, or null. */
export const suppressionProblem = ({ value, reason }: SuppressionRow): string | null => {
  if (!suppressionReasonSchema.safeParse(reason).success)
    return `"${reason}" is no reason; use one of ${suppressionReasonSchema.options.join(', ')}`;
  return value === '' || value.length > 400 ? 'this is no address and no profile' : null;
};
