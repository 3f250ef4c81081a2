import { exclusionSchema } from '@caio/contracts';
import { ApiError } from '../../api/api-client.ts';
import type { OutreachApi } from '../../api/outreach-api.ts';
import { columnsOf, readListFile } from './list-file.ts';

export interface ExclusionRow {
  readonly line: number;
  readonly key: string;
  readonly kind: string;
  readonly note: string;
}

const kinds = new Set<string>(exclusionSchema.shape.kind.options);
const columnNames = [
  /^(key|domain|company domain|website|e-?mail( address)?|excluded)$/i,
  /^kind$/i,
  /^note$/i,
];

/** `key,kind,note` records, with or without that header; a kind that is none is left for the caller to judge. */
export const readExclusionRows = (file: string): ExclusionRow[] => {
  const { rows, cell } = columnsOf(readListFile(file, 'key, kind, note'), columnNames);
  return rows.map((row) => ({
    line: row.line,
    key: cell(row, 0),
    kind: cell(row, 1) === '' ? 'other' : cell(row, 1).toLowerCase(),
    note: cell(row, 2),
  }));
};

/** What is wrong with a row before the gate is asked, or null. */
export const rowProblem = ({ key, kind, note }: ExclusionRow): string | null => {
  if (!kinds.has(kind)) return `"${kind}" is no kind; use one of ${[...kinds].join(', ')}`;
  if (key.length < 3 || key.length > 400) return 'this is no domain, address or profile';
  return note.length > 300 ? 'the note is longer than 300 characters' : null;
};

/** Reads a list that is taken as a whole: the first row that is wrong refuses it. */
export const readExclusionFile = (file: string): ExclusionRow[] =>
  readExclusionRows(file).map((row) => {
    const problem = rowProblem(row);
    if (problem === null) return row;
    throw new ApiError(0, {
      code: 'file_unreadable',
      message: `Line ${row.line} of ${file} cannot be taken: ${problem}.`,
      fix: 'Correct the line.',
    });
  });

/** Adds the rows and answers what that changed. */
export const importExclusions = (api: OutreachApi, rows: readonly ExclusionRow[], source: string) =>
  api.changeExclusions({
    add: rows.map(({ key, kind, note }) => ({ key, kind, note })),
    remove: [],
    source,
  });
