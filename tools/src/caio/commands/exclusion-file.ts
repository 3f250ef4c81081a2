import { readExclusionList } from '@caio/outreach-core';
import { ApiError } from '../../api/api-client.ts';
import type { OutreachApi } from '../../api/outreach-api.ts';
import { readListText, refuseList } from './list-file.ts';

export interface ExclusionRow {
  readonly line: number;
  readonly key: string;
  readonly kind: string;
  readonly note: string;
}

/** Reads a list that is taken as a whole: the first row that is wrong refuses it. */
export const readExclusionFile = (file: string): ExclusionRow[] => {
  const reading = readExclusionList(readListText(file));
  if (!reading.ok) return refuseList(file, reading.problem);
  const [wrong] = reading.unreadable;
  if (wrong !== undefined)
    throw new ApiError(0, {
      code: 'file_unreadable',
      message: `Line ${wrong.line} of ${file} cannot be taken: ${wrong.column}: ${wrong.reason}.`,
      fix: 'Correct the line.',
    });
  return reading.rows.map(({ line, value, word, note }) => ({
    ...{ line, key: value, note },
    kind: word === '' ? 'other' : word,
  }));
};

/** Adds the rows and answers what that changed. */
export const importExclusions = (api: OutreachApi, rows: readonly ExclusionRow[], source: string) =>
  api.changeExclusions({
    add: rows.map(({ key, kind, note }) => ({ key, kind, note })),
    remove: [],
    source,
  });
