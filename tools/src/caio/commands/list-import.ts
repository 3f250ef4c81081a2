import type { ImportedEntry } from '@caio/contracts';
import { print, printJson } from '../output.ts';
import type { TypedCommand } from '../typed-command.ts';

export interface ListEntry {
  readonly line: number;
  readonly value: string;
}

/** What an import did, or would do, with each line. */
export interface ImportDiff {
  readonly applied: boolean;
  readonly added: readonly ListEntry[];
  readonly known: readonly ListEntry[];
  readonly unreadable: readonly (ListEntry & { readonly reason: string })[];
}

const piece = 5_000;

/**
 * Sends the entries that a first look found no fault with, some thousand at a time, and sorts all of them by what
 * the gate says. `send` answers one entry each, in order.
 */
export const sortImport = async <Row extends ListEntry>(
  rows: readonly Row[],
  options: {
    readonly apply: boolean;
    readonly problemOf: (row: Row) => string | null;
    readonly send: (rows: readonly Row[]) => Promise<readonly ImportedEntry[]>;
  },
): Promise<ImportDiff> => {
  const diff: { added: ListEntry[]; known: ListEntry[]; unreadable: (ListEntry & { reason: string })[] } = {
    ...{ added: [], known: [], unreadable: [] },
  };
  const sound: Row[] = [];
  for (const row of rows) {
    const reason = options.problemOf(row);
    if (reason === null) sound.push(row);
    else diff.unreadable.push({ line: row.line, value: row.value, reason });
  }
  for (let at = 0; at < sound.length; at += piece) {
    const sent = sound.slice(at, at + piece);
    for (const entry of await options.send(sent)) {
      const { line = 0, value = '' } = sent[entry.index] ?? {};
      if (entry.outcome === 'unreadable') diff.unreadable.push({ line, value, reason: entry.reason });
      else diff[entry.outcome].push({ line, value });
    }
  }
  diff.unreadable.sort((one, other) => one.line - other.line);
  return { applied: options.apply, ...diff };
};

const shownMax = 20;

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

/** Prints the diff; `again` is the command that applies it. The exit code is 1 when a line could not be read. */
export const reportImport = (
  diff: ImportDiff,
  options: {
    readonly json: boolean;
    readonly file: string;
    readonly again: string;
    readonly typed: TypedCommand;
  },
): void => {
  if (diff.unreadable.length > 0) process.exitCode = 1;
  if (options.json) return printJson(diff);
  const { added, known, unreadable, applied } = diff;
  const shown = ({ line, value }: ListEntry): string => `line ${line}: ${value}`;
  const nothingNew = applied ? 'Nothing was new.' : 'Nothing is new, so there is nothing to apply.';
  print(
    [
      `${options.file}: ${added.length + known.length + unreadable.length} lines`,
      ...part(applied ? `${added.length} added` : `${added.length} to add`, added.map(shown)),
      ...part(`${known.length} there already, kept as they are`, known.map(shown)),
      ...part(
        `${unreadable.length} unreadable`,
        unreadable.map((entry) => `${shown(entry)} (${entry.reason})`),
      ),
      added.length === 0
        ? nothingNew
        : applied
          ? unreadable.length === 0
            ? 'Applied.'
            : 'Applied; the unreadable lines were left out.'
          : options.typed(`Nothing was stored yet. To apply it: ${options.again}`),
    ].join('\n'),
  );
};
