import { recogniseHeader, RecordSplitter } from '@caio/outreach-core';
import type { CsvRecord, HeaderMapping } from '@caio/outreach-core';
import { cellsOf } from './csv-cells.ts';
import { checkHeader, headerNotFound } from './header-problem.ts';
import { LeadFileFault } from './lead-file-problem.ts';
import { rowOf, unreadableRow } from './lead-row.ts';
import type { LeadRow, RowPlace } from './lead-row.ts';
import type { TextSource } from './text-source.ts';

/** An open table: its mapping may still grow while rows are read (JSON), so ask after reading too. */
export interface LeadTable {
  readonly mapping: () => HeaderMapping;
  readonly rows: AsyncGenerator<LeadRow>;
}

const delimiters = [',', ';', '\t'] as const;

/** How many records above the header may be preamble. */
const preambleRecordsMax = 50;

async function* recordsOf(source: TextSource, delimiter: string): AsyncGenerator<CsvRecord> {
  const splitter = new RecordSplitter({ delimiter });
  yield* splitter.push(source.head);
  if (splitter.problem === null) for await (const text of source.rest) yield* splitter.push(text);
  yield* splitter.end();
  if (splitter.problem !== null) throw new LeadFileFault(splitter.problem);
}

const headRowsOf = (source: TextSource, delimiter: string): string[][] => {
  const splitter = new RecordSplitter({ delimiter });
  const records = splitter.push(source.head);
  if (source.isWhole) records.push(...splitter.end());
  return records.slice(0, preambleRecordsMax + 1).map(({ text }) => cellsOf(text, delimiter) ?? []);
};

/** What Excel writes on a first line of its own to say what separates the cells. */
const declaredDelimiterOf = (head: string): string | undefined =>
  /^"?sep=([,;\t])"?[ \t]*(?:\r|\n|$)/i.exec(head)?.[1];

/** The delimiter that makes most sense of the beginning: most fields recognised, then most columns. */
const delimiterOf = (source: TextSource, overrides: Readonly<Record<string, string>>): string => {
  const declared = declaredDelimiterOf(source.head);
  if (declared !== undefined) return declared;
  const rated = delimiters.map((delimiter) => {
    const readings = headRowsOf(source, delimiter).map((cells) => recogniseHeader(cells, overrides));
    const fields = Math.max(0, ...readings.map(({ mapping }) => mapping.fields.size));
    const columns = Math.max(0, ...readings.map(({ mapping }) => mapping.columns.length));
    return { delimiter, fields, columns };
  });
  rated.sort((one, two) => two.fields - one.fields || two.columns - one.columns);
  return rated[0]?.delimiter ?? ',';
};

const isBlank = (cells: readonly string[]): boolean => cells.every((cell) => cell.trim() === '');

const findHeader = async (
  records: AsyncGenerator<CsvRecord>,
  delimiter: string,
  overrides: Readonly<Record<string, string>>,
): Promise<HeaderMapping> => {
  let likeliest: string[] = [];
  for (let seen = 0; seen <= preambleRecordsMax; seen += 1) {
    const next = await records.next();
    if (next.done === true) break;
    const cells = cellsOf(next.value.text, delimiter) ?? [];
    const reading = recogniseHeader(cells, overrides);
    if (reading.isHeader) {
      checkHeader(cells, overrides);
      return reading.mapping;
    }
    if (cells.filter((cell) => cell.trim() !== '').length > likeliest.length) likeliest = cells;
  }
  throw headerNotFound(likeliest, overrides);
};

const brokenRow = (record: CsvRecord, place: RowPlace, { columns }: HeaderMapping): LeadRow => {
  const cell = record.brokenQuoteAt ?? 0;
  const reason = 'text follows the closing quote; a quote inside a quoted value is written twice';
  return unreadableRow(place, { column: columns[cell] ?? `column ${cell + 1}`, value: '', reason });
};

async function* rowsOf(
  records: AsyncGenerator<CsvRecord>,
  mapping: HeaderMapping,
  delimiter: string,
): AsyncGenerator<LeadRow> {
  let line = 1;
  for await (const record of records) {
    if (record.text.trim() === '' && !record.text.includes(delimiter)) continue;
    line += 1;
    const place = { line, physicalLine: record.physicalLine };
    const cells = record.brokenQuoteAt === null ? cellsOf(record.text, delimiter) : null;
    // Spreadsheets write rows of empty cells below the last one: they have a number but nothing to say.
    if (cells !== null && isBlank(cells)) continue;
    yield cells === null ? brokenRow(record, place, mapping) : rowOf(place, cells, mapping);
  }
}

/** Opens CSV text: finds the delimiter, skips the preamble, reads the header. Throws LeadFileFault. */
export const openCsv = async (
  source: TextSource,
  overrides: Readonly<Record<string, string>>,
): Promise<LeadTable> => {
  const delimiter = delimiterOf(source, overrides);
  const records = recordsOf(source, delimiter);
  const mapping = await findHeader(records, delimiter, overrides);
  return { mapping: () => mapping, rows: rowsOf(records, mapping, delimiter) };
};
