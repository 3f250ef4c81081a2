import type { ColumnMapping } from '@caio/contracts';
import { columnMappingOf, ignoredColumnsOf } from '@caio/outreach-core';
import { openCsv } from './csv-rows.ts';
import type { LeadTable } from './csv-rows.ts';
import { checkOverrideFields } from './header-problem.ts';
import { openJson } from './json-rows.ts';
import { LeadFileFault } from './lead-file-problem.ts';
import type { LeadFileProblem } from './lead-file-problem.ts';
import type { LeadRow } from './lead-row.ts';
import { openTextSource } from './text-source.ts';
import type { TextSource } from './text-source.ts';

/** `map` holds the overrides of `--map field=Header`. Aborting the signal makes reading throw its reason. */
export interface LeadFileOptions {
  readonly fileName: string;
  readonly map?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/**
 * A lead file whose header was understood. `rows` is read once; leaving it early closes the upload. With
 * JSON, columns that first appear in a late object can still join `mapping` and `ignoredColumns`, so store
 * them after the last row.
 */
export interface LeadFile {
  readonly format: 'csv' | 'json';
  readonly mapping: ColumnMapping;
  readonly ignoredColumns: string[];
  readonly rows: AsyncIterable<LeadRow>;
}

export type OpenedLeadFile = { ok: true; file: LeadFile } | { ok: false; problem: LeadFileProblem };

const formatOf = ({ head }: TextSource, fileName: string): 'csv' | 'json' => {
  const start = head.trimStart();
  if (start === '')
    throw new LeadFileFault({
      code: 'file_empty',
      message: 'The file is empty.',
      fix: 'Upload a file with a header row and at least one lead.',
    });
  if (/^<(?:!doctype|html|\?xml)/i.test(start))
    throw new LeadFileFault({
      code: 'file_web_page',
      message:
        'This is a web page or XML, not CSV or JSON; a download that asks for a login saves such a page.',
      fix: 'Sign in to the tool the list comes from and export it again.',
    });
  return start.startsWith('{') ||
    /^\[\s*(?:[{\]]|$)/.test(start) ||
    /\.(?:json|ndjson|jsonl)$/i.test(fileName)
    ? 'json'
    : 'csv';
};

const nothingRead: LeadFileProblem = {
  code: 'no_rows',
  message: 'The file holds no leads: a header or an empty list is all there is.',
  fix: 'Export the list again with at least one lead in it.',
};

const nothingRecognised: LeadFileProblem = {
  code: 'no_rows_recognised',
  message: 'None of the rows could be read as a lead; each is listed with its reason.',
  fix: 'Check the mapping shown, and name the right columns with --map field="<header>".',
};

async function* guarded(first: LeadRow, table: LeadTable, source: TextSource): AsyncGenerator<LeadRow> {
  let leads = first.kind === 'lead' ? 1 : 0;
  try {
    yield first;
    for await (const row of table.rows) {
      if (row.kind === 'lead') leads += 1;
      yield row;
    }
    if (leads === 0) yield { kind: 'file_problem', problem: nothingRecognised, leadsAbove: 0 };
  } catch (error) {
    if (!(error instanceof LeadFileFault)) throw error;
    yield { kind: 'file_problem', problem: error.problem, leadsAbove: leads };
  } finally {
    await source.close();
  }
}

const openTable = async (source: TextSource, options: LeadFileOptions): Promise<OpenedLeadFile> => {
  const overrides = options.map ?? {};
  checkOverrideFields(overrides);
  const format = formatOf(source, options.fileName);
  const table =
    format === 'csv' ? await openCsv(source, overrides) : await openJson(source, options.fileName, overrides);
  const first = await table.rows.next();
  if (first.done === true) throw new LeadFileFault(nothingRead);
  const file: LeadFile = {
    format,
    get mapping() {
      return columnMappingOf(table.mapping());
    },
    get ignoredColumns() {
      return ignoredColumnsOf(table.mapping());
    },
    rows: guarded(first.value, table, source),
  };
  return { ok: true, file };
};

/**
 * Opens a lead file: CSV (comma, semicolon or tab; preamble skipped; UTF-8 or marked UTF-16) or JSON (a list,
 * one object per line, or `{"leads":[…]}`). It is streamed: memory does not grow with the file. What makes
 * the whole file unreadable is answered here or ends the rows; failures of the upload itself throw.
 */
export const openLeadFile = async (
  chunks: AsyncIterable<Uint8Array>,
  options: LeadFileOptions,
): Promise<OpenedLeadFile> => {
  let source: TextSource | null = null;
  try {
    source = await openTextSource(chunks, options.signal);
    return await openTable(source, options);
  } catch (error) {
    await source?.close();
    if (error instanceof LeadFileFault) return { ok: false, problem: error.problem };
    throw error;
  }
};
