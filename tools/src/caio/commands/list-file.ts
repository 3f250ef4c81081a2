import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { ApiError } from '../../api/api-client.ts';

/** One record of a list and the line of the file it stands on. */
export interface ListRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

const recordsSchema = z.array(
  z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }),
);

const unreadable = (file: string, reason: string, fix: string): ApiError =>
  new ApiError(0, { code: 'file_unreadable', message: `${file} cannot be read: ${reason}.`, fix });

const readText = (file: string): string => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
    const reason =
      code === 'ENOENT'
        ? 'there is no such file'
        : code === 'EISDIR'
          ? 'it is a folder'
          : `error ${String(code)}`;
    throw unreadable(file, reason, 'Check the path.');
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    throw unreadable(file, 'it is not UTF-8 text', 'Save it as CSV in UTF-8.');
  }
};

/** Reads a CSV file, or a text file with one entry a line; lines starting with # are remarks. */
export const readListFile = (file: string, columns: string): ListRecord[] => {
  const text = readText(file);
  try {
    const records: unknown = parse(text, {
      ...{ bom: true, comment: '#', comment_no_infix: true, info: true, relax_column_count: true },
      ...{ skip_empty_lines: true, trim: true },
    });
    return recordsSchema.parse(records).map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown reason';
    throw unreadable(file, reason.replace(/\.$/, ''), `Save it as CSV with the columns ${columns}.`);
  }
};

/** Throws when a list that somebody named holds nobody: what they meant to store is somewhere else. */
export const refuseEmptyList = (file: string, rows: readonly unknown[], columns: string): void => {
  if (rows.length === 0)
    throw unreadable(
      file,
      'it holds no entry',
      `Name a file with one entry a line, or the columns ${columns}.`,
    );
};

/** The columns of a list by its first record: where it names them they count, else they come in the usual order. */
export const columnsOf = (
  records: readonly ListRecord[],
  names: readonly RegExp[],
): { readonly rows: readonly ListRecord[]; readonly cell: (row: ListRecord, column: number) => string } => {
  const head = records[0]?.cells ?? [];
  const places = names.map((name) => head.findIndex((cell) => name.test(cell)));
  const named = (places[0] ?? -1) >= 0;
  return {
    rows: named ? records.slice(1) : records,
    cell: (row, column) => row.cells[named ? (places[column] ?? -1) : column] ?? '',
  };
};
