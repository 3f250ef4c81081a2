import { createReadStream } from 'node:fs';
import { open, readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import type { Command } from 'commander';
import {
  auditFileLine,
  type AuditFileVerdict,
  createAuditFileVerification,
} from '../../audit-file/audit-file.ts';
import { printFact } from '../output.ts';
import type { Shell } from '../shell.ts';

const reasons: Readonly<Record<string, string>> = {
  line_changed: 'a byte of this line, or of its sum, is not what was written',
  line_unreadable: 'it is no line of an export',
  line_after_the_end: 'there is more after the line that ends the export',
  row_order: 'rows are not in their order',
  row_missing: 'the row was not there when it was exported',
  row_added: 'no seal names this row',
  row_changed: 'the row says something else than was sealed, or was sealed with another key',
  seal_rows: 'a seal is over more or fewer rows than are there',
  head_changed: 'a seal or the end does not fit the rows before it',
  rows_removed: 'there are more or fewer rows than the export says',
  frame_changed: 'the last line was not made with this key',
  end_missing: 'the line that ends an export is missing',
  published_head_missing: 'a head that was published is not in this chain',
};

const keyIn = (text: string): string => (/^\s*AUDIT_SEAL_KEY=(.*)$/m.exec(text)?.[1] ?? text).trim();

const inWords = ({ rows, withKey, frame, broken, ok }: AuditFileVerdict): string =>
  [
    `${rows} rows read; ${withKey ? 'every code was computed again with the key' : 'without the seal key only the sums and the order were checked'}.`,
    ...(frame === null
      ? []
      : [
          `Rows ${frame.start.rows + 1} to ${frame.end.rows} of the store ${frame.storeId}, exported at ${frame.exportedAt}.`,
          `Head: ${frame.end.head === '' ? '(empty)' : frame.end.head}`,
        ]),
    ...(broken === null
      ? []
      : [
          `Line ${broken.line}${broken.row === '' ? '' : `, row ${broken.row}`} (${broken.why}): ${reasons[broken.why] ?? broken.why}.`,
        ]),
    ok ? 'PASS' : 'FAIL',
  ].join('\n');

/** Verifies an exported audit without asking anybody. */
export const verifyFile = async (
  program: Command,
  options: { readonly file: string; readonly key?: string; readonly json?: boolean },
): Promise<void> => {
  const unreadable = (name: string): never => program.error(`error: ${name} cannot be read`, { exitCode: 2 });
  const key =
    options.key === undefined
      ? null
      : keyIn(await readFile(options.key, 'utf8').catch(() => unreadable(options.key ?? '')));
  const verification = createAuditFileVerification(key);
  try {
    const input = createReadStream(options.file, 'utf8');
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY }))
      verification.line(line);
  } catch {
    unreadable(options.file);
  }
  const verdict = verification.end();
  printFact({ json: options.json ?? false }, verdict, inWords(verdict));
  if (!verdict.ok) process.exitCode = 1;
};

/** Writes an export to a file, page by page; without its last line it is not whole, and verification says so. */
export const writeExport = async (
  connect: Shell['connect'],
  options: { readonly out: string; readonly from?: string; readonly to?: string; readonly wait: number },
): Promise<{ file: string; rows: number; head: string }> => {
  const handle = await open(options.out, 'w', 0o600);
  let sum = '';
  let rows = 0;
  let head = '';
  try {
    await connect({ patienceMs: options.wait * 1_000 }).exportAudit(options, async (lines) => {
      const texts = lines.map((line) => {
        const next = auditFileLine(sum, line);
        sum = next.sum;
        if ('row' in line) rows += 1;
        if ('export' in line) head = line.end.head;
        return `${next.text}\n`;
      });
      await handle.appendFile(texts.join(''));
    });
    await handle.datasync();
  } finally {
    await handle.close();
  }
  return { file: options.out, rows, head };
};
