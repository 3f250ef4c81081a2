import { existsSync, readFileSync } from 'node:fs';
import { ApiError } from '../../api/api-client.ts';
import type { OutreachApi } from '../../api/outreach-api.ts';

export interface ExclusionRow {
  readonly key: string;
  readonly kind: string;
  readonly note: string;
}

const kinds = new Set(['customer', 'competitor', 'own', 'personal', 'other']);

/** Cells of one CSV line; quotes as in RFC 4180. Line breaks inside quotes are not used in these lists. */
const cellsOf = (line: string): string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, bare]) =>
    (quoted?.replaceAll('""', '"') ?? bare ?? '').trim(),
  );

/** Reads `key,kind,note` lines, with or without that header; lines starting with # are remarks. */
export const readExclusionFile = (file: string): ExclusionRow[] => {
  if (!existsSync(file))
    throw new ApiError(0, {
      code: 'file_unreadable',
      message: `There is no exclusion file at ${file}.`,
      fix: 'Check the path.',
    });
  const lines = readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  return lines.flatMap((line, index): ExclusionRow[] => {
    if (line.trim() === '' || line.startsWith('#')) return [];
    const [key = '', kind = '', note = ''] = cellsOf(line);
    if (index === 0 && key.toLowerCase() === 'key') return [];
    if (kind !== '' && !kinds.has(kind)) {
      throw new ApiError(0, {
        code: 'bad_request',
        message: `Line ${index + 1} of ${file} names the kind "${kind}".`,
        fix: `Use one of ${[...kinds].join(', ')}.`,
      });
    }
    return [{ key, kind: kind === '' ? 'other' : kind, note }];
  });
};

/** Adds the rows and answers what that changed. */
export const importExclusions = (api: OutreachApi, rows: readonly ExclusionRow[], source: string) =>
  api.changeExclusions({ add: rows, remove: [], source });
