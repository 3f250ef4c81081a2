import { basename } from 'node:path';
import { type BarredList, type ListDiff, listDiffSchema, type ListDiffEntry } from '@caio/contracts';
import { InvalidArgumentError } from 'commander';
import { ApiError } from '../../api/api-client.ts';
import type { OutreachApi } from '../../api/outreach-api.ts';
import { print, printJson } from '../output.ts';
import type { TypedCommand } from '../typed-command.ts';
import { readListText } from './list-file.ts';
import { whatIfLines } from './what-if-text.ts';

const shownMax = 20;
/** As much of a digest as nobody meets twice by chance, for a person to type. */
const prefixMin = 12;

/** Reads the beginning of the digest of a difference. */
export const differenceDigest = (text: string): string => {
  const digest = text.trim().toLowerCase();
  if (new RegExp(`^[0-9a-f]{${prefixMin},64}$`).test(digest)) return digest;
  throw new InvalidArgumentError(
    `Give the digest of the difference as it was shown, or its first ${prefixMin} characters; show it by leaving --apply out.`,
  );
};

const entryText = ({ key, word, note, line, column }: ListDiffEntry): string =>
  `${line === null ? '' : `line ${line}, ${column ?? ''}: `}${key} (${word}${note === '' ? '' : `, ${note}`})`;

const part = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0
    ? []
    : [
        `${title}:`,
        ...lines.slice(0, shownMax).map((line) => `  ${line}`),
        ...(lines.length > shownMax
          ? [`  … and ${lines.length - shownMax} more; all of them with --json`]
          : []),
      ];

const diffText = (diff: ListDiff): string =>
  [
    `${diff.file.name}: ${diff.added.length + diff.known.length} read, ${diff.unreadable.length} unreadable`,
    ...part(`${diff.added.length} to add`, diff.added.map(entryText)),
    ...part(
      `${diff.removed.length} to remove, because the file does not name them`,
      diff.removed.map(entryText),
    ),
    ...part(`${diff.known.length} there already, kept as they are`, diff.known.map(entryText)),
    ...part(
      `${diff.unreadable.length} unreadable`,
      diff.unreadable.map(
        ({ line, column, value, reason }) => `line ${line}, ${column}: "${value}" (${reason})`,
      ),
    ),
    ...(diff.keptFromCrm > 0 ? [`${diff.keptFromCrm} customers of the CRM stay on the list.`] : []),
    ...whatIfLines(diff.wouldBlock),
  ].join('\n');

const changedDiffOf = (error: unknown): ListDiff | null => {
  if (!(error instanceof ApiError) || error.code !== 'list_changed') return null;
  const diff = listDiffSchema.safeParse(error.details['diff']);
  return diff.success ? diff.data : null;
};

/**
 * Shows the difference between a file and a list, or stores exactly the one that was shown. The exit code is 1 when a
 * row cannot be read, or when the difference is another one by now.
 */
export const runListImport = async (
  api: OutreachApi,
  request: {
    readonly list: BarredList;
    readonly file: string;
    readonly choice: 'add' | 'replace';
    readonly why: string;
    /** The digest that was shown, or its beginning; null shows. */
    readonly apply: string | null;
    readonly json: boolean;
    /** What to type to apply a difference, without its digest. */
    readonly again: string;
    readonly typed: TypedCommand;
  },
): Promise<void> => {
  const file = {
    fileName: basename(request.file).slice(0, 120),
    content: readListText(request.file),
    why: request.why,
    ...(request.list === 'exclusions' ? { choice: request.choice } : {}),
  };
  const diff = await api.previewListImport(request.list, file);
  const isNothing = diff.added.length + diff.removed.length === 0;
  const toApply = (shown: ListDiff): string =>
    request.typed(
      `Nothing was stored. To store exactly this: ${request.again} --apply ${shown.diffDigest.slice(0, prefixMin)}`,
    );
  const show = (shown: ListDiff, ending: string): void =>
    request.json ? printJson(shown) : print(`${diffText(shown)}\n${ending}`);
  if (request.apply === null) {
    if (diff.unreadable.length > 0) process.exitCode = 1;
    return show(diff, isNothing ? 'Nothing is new, so there is nothing to store.' : toApply(diff));
  }
  const changed = (now: ListDiff): void => {
    process.exitCode = 1;
    show(now, `The file or the list is another one than was shown to you.\n${toApply(now)}`);
  };
  if (!diff.diffDigest.startsWith(request.apply)) return changed(diff);
  try {
    const applied = await api.applyListImport(request.list, { ...file, diffDigest: diff.diffDigest });
    if (applied.unreadable > 0) process.exitCode = 1;
    if (request.json) return printJson(applied);
    print(
      `Stored: ${applied.added} added, ${applied.removed} removed, ${applied.known} were there already${applied.unreadable === 0 ? '' : `; left out as unreadable: ${applied.unreadable}`}.`,
    );
  } catch (error) {
    const now = changedDiffOf(error);
    if (now === null) throw error;
    changed(now);
  }
};
