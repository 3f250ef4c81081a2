import { openLeadFile } from '../lead-file/lead-file.ts';
import type { LeadFile } from '../lead-file/lead-file.ts';
import type { LeadRow } from '../lead-file/lead-row.ts';

/** Bytes in chunks of the given sizes, over and over. */
async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

/** All that came of a file. `problem` is the code of what made it, or its rest, unreadable. */
export interface Read {
  readonly problem: string | null;
  readonly message: string;
  readonly file: LeadFile | null;
  readonly rows: LeadRow[];
}

interface ReadOptions {
  readonly fileName?: string;
  readonly map?: Record<string, string>;
  readonly sizes?: readonly number[];
}

/** Reads a file to its end, handed over in chunks of the given sizes. */
export const readWhole = async (content: string | Uint8Array, options: ReadOptions = {}): Promise<Read> => {
  const { fileName = 'leads.csv', map = {}, sizes = [1e9] } = options;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const opened = await openLeadFile(inPieces(bytes, sizes), { fileName, map });
  if (!opened.ok) {
    const { code, message, fix } = opened.problem;
    return { problem: code, message: `${message} ${fix}`, file: null, rows: [] };
  }
  const rows: LeadRow[] = [];
  for await (const row of opened.file.rows) rows.push(row);
  const last = rows.at(-1);
  if (last?.kind !== 'file_problem') return { problem: null, message: '', file: opened.file, rows };
  const { code, message, fix } = last.problem;
  return { problem: code, message: `${message} ${fix}`, file: opened.file, rows: rows.slice(0, -1) };
};

/** `line/physicalLine address`, with a `!` in front of a bad row and its column behind it. */
export const outline = ({ rows }: Read): string[] =>
  rows.map((row) => {
    if (row.kind === 'file_problem') return row.problem.code;
    const place = `${row.line}/${row.physicalLine}`;
    return row.kind === 'lead' ? `${place} ${row.lead.email}` : `!${place} ${row.problems[0]?.column}`;
  });

/** The company of each lead; `bad_row` for a bad one. */
export const companies = ({ rows }: Read): unknown[] =>
  rows.map((row) => (row.kind === 'lead' ? row.lead.company : row.kind));
