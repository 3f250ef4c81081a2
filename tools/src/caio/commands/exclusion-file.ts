import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { ApiError } from '../../api/api-client.ts';
import type { OutreachApi } from '../../api/outreach-api.ts';

export interface ExclusionRow {
  readonly key: string;
  readonly kind: string;
  readonly note: string;
}

const kinds = new Set(['customer', 'competitor', 'own', 'personal', 'other']);

const unreadable = (message: string, fix: string): ApiError =>
  new ApiError(0, { code: 'bad_request', message, fix });

const recordsOf = (file: string): string[][] => {
  try {
    const records: unknown = parse(readFileSync(file), {
      bom: true,
      comment: '#',
      comment_no_infix: true,
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
    });
    return z.array(z.array(z.string())).parse(records);
  } catch (error) {
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unknown reason';
    throw unreadable(
      `${file} cannot be read as CSV: ${reason}.`,
      'Save it as CSV with the columns key, kind, note.',
    );
  }
};

/** Reads `key,kind,note` records, with or without that header; lines starting with # are remarks. */
export const readExclusionFile = (file: string): ExclusionRow[] => {
  if (!existsSync(file)) {
    throw new ApiError(0, {
      code: 'file_unreadable',
      message: `There is no exclusion file at ${file}.`,
      fix: 'Check the path.',
    });
  }
  return recordsOf(file).flatMap(([key = '', kind = '', note = ''], index): ExclusionRow[] => {
    if (index === 0 && key.toLowerCase() === 'key') return [];
    if (kind !== '' && !kinds.has(kind)) {
      throw unreadable(
        `Record ${index + 1} of ${file} names the kind "${kind}".`,
        `Use one of ${[...kinds].join(', ')}.`,
      );
    }
    return [{ key, kind: kind === '' ? 'other' : kind, note }];
  });
};

/** Adds the rows and answers what that changed. */
export const importExclusions = (api: OutreachApi, rows: readonly ExclusionRow[], source: string) =>
  api.changeExclusions({ add: rows, remove: [], source });
