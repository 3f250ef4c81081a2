import { recordCells } from '../csv/record-cells.ts';
import { type CsvProblem, type CsvRecord, RecordSplitter } from '../csv/record-splitter.ts';
import { excerptOf } from '../lead-import/cell-text.ts';
import { plain } from '../lead-import/header.ts';

/** One entry of a list: where it stands, what was typed, and what its other columns say ('' where there is none). */
export interface ListRow {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly word: string;
  readonly note: string;
}

/** A cell that costs its row and no other. `value` is shortened and fit to be shown. */
export interface UnreadableCell {
  readonly line: number;
  readonly column: string;
  readonly value: string;
  readonly reason: string;
}

export type ListReading =
  | { readonly ok: true; readonly rows: readonly ListRow[]; readonly unreadable: readonly UnreadableCell[] }
  | {
      readonly ok: false;
      readonly problem: {
        readonly code: CsvProblem['code'] | 'no_rows' | 'too_many_rows';
        readonly message: string;
        readonly fix: string;
      };
    };

/** The columns a list may have, by their names without case, spaces and punctuation. */
export interface ListColumns {
  /** Each names somebody or something; a row may fill several and is an entry for each. */
  readonly entry: readonly (readonly string[])[];
  /** A word of a fixed list: the kind, or the reason. */
  readonly word: readonly string[];
  readonly note: readonly string[];
  readonly words: readonly string[];
  readonly noteLengthMax: number;
  readonly rowsMax: number;
}

interface Places {
  readonly entries: readonly { readonly index: number; readonly column: string }[];
  readonly word: number;
  readonly wordColumn: string;
  readonly note: number;
  readonly noteColumn: string;
  readonly isHeader: boolean;
}

const delimiters = [',', ';', '\t'] as const;

const placesOf = (cells: readonly string[], columns: ListColumns): Places => {
  const names = cells.map(plain);
  const placeOf = (aliases: readonly string[]): number => names.findIndex((name) => aliases.includes(name));
  const entries = columns.entry.flatMap((aliases) => {
    const index = placeOf(aliases);
    return index < 0 ? [] : [{ index, column: cells[index] ?? '' }];
  });
  if (entries.length === 0) {
    const entry = [{ index: 0, column: 'column 1' }];
    return {
      ...{ entries: entry, word: 1, wordColumn: 'column 2' },
      ...{ note: 2, noteColumn: 'column 3', isHeader: false },
    };
  }
  const word = placeOf(columns.word);
  const note = placeOf(columns.note);
  return {
    ...{ entries, word, wordColumn: cells[word] ?? '', note, noteColumn: cells[note] ?? '' },
    isHeader: true,
  };
};

const isRemark = (text: string): boolean => text.startsWith('#') || /^"?sep=[,;\t]"?[ \t]*$/i.test(text);

const delimiterOf = (text: string, columns: ListColumns): string => {
  const declared = /^"?sep=([,;\t])"?[ \t]*(?:\r|\n|$)/i.exec(text)?.[1];
  if (declared !== undefined) return declared;
  const first = text.split(/\r\n?|\n/).find((line) => line.trim() !== '' && !isRemark(line)) ?? '';
  const rated = delimiters.map((delimiter) => {
    const cells = recordCells(first, delimiter);
    const { entries, isHeader } = placesOf(cells, columns);
    return { delimiter, known: isHeader ? entries.length : 0, columns: cells.length };
  });
  rated.sort((one, two) => two.known - one.known || two.columns - one.columns);
  return rated[0]?.delimiter ?? ',';
};

/**
 * Reads a list as people keep one: CSV with a header whose columns may have many names, or one entry a line. Lines
 * that start with # are remarks. A row that cannot be read is named and costs itself alone.
 */
export const readListTable = (content: string, columns: ListColumns): ListReading => {
  const text = content.replace(/^\ufeff/, '');
  const delimiter = delimiterOf(text, columns);
  const splitter = new RecordSplitter({ delimiter });
  const records: CsvRecord[] = [...splitter.push(text), ...splitter.end()];
  if (splitter.problem !== null) return { ok: false, problem: splitter.problem };
  let places: Places | null = null;
  const rows: ListRow[] = [];
  const unreadable: UnreadableCell[] = [];
  for (const record of records) {
    if (record.text.trim() === '' || isRemark(record.text)) continue;
    const cells = recordCells(record.text, delimiter);
    if (cells.every((cell) => cell === '')) continue;
    if (places === null) {
      places = placesOf(cells, columns);
      if (places.isHeader) continue;
    }
    const line = record.physicalLine;
    const refuse = (column: string, value: string, reason: string): void =>
      void unreadable.push({ line, column, value: excerptOf(value), reason });
    const filled = places.entries.flatMap(({ index, column }) => {
      const value = cells[index] ?? '';
      return value === '' ? [] : [{ column, value }];
    });
    const word = (cells[places.word] ?? '').toLowerCase();
    const note = cells[places.note] ?? '';
    if (record.brokenQuoteAt !== null)
      refuse(
        `column ${record.brokenQuoteAt + 1}`,
        record.text,
        'text follows the closing quote; a quote inside a quoted value is written twice',
      );
    else if (filled.length === 0)
      refuse(places.entries[0]?.column ?? 'column 1', '', 'the row names nobody and nothing');
    else if (word !== '' && !columns.words.includes(word))
      refuse(places.wordColumn, word, `use one of ${columns.words.join(', ')}, or leave it empty`);
    else if (note.length > columns.noteLengthMax)
      refuse(places.noteColumn, note, `it is longer than ${columns.noteLengthMax} characters`);
    else rows.push(...filled.map(({ column, value }) => ({ line, column, value, word, note })));
    if (rows.length > columns.rowsMax)
      return {
        ok: false,
        problem: {
          code: 'too_many_rows',
          message: `The file has more than ${columns.rowsMax} entries.`,
          fix: 'Split it and import the parts one after the other.',
        },
      };
  }
  if (rows.length + unreadable.length === 0)
    return {
      ok: false,
      problem: {
        code: 'no_rows',
        message: 'The file holds no entry.',
        fix: 'Name a file with one entry a line, or a CSV with a header.',
      },
    };
  return { ok: true, rows, unreadable };
};
