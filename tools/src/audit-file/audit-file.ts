import { createHash } from 'node:crypto';
import { type ExportedFrame, type ExportedLine, exportedLineSchema } from '@caio/contracts';
import { exportMacOf, isLater, macOf } from '@caio/state-store';

/**
 * An exported audit: one JSON value a line, each ending in `"sum"`, the SHA-256 over the line before it and itself. So a
 * changed byte is named at its line by anybody; with the seal key the rows' own codes are computed again as well.
 */
const sumOf = (before: string, body: string): string =>
  createHash('sha256').update(`${before}\n${body}`, 'utf8').digest('hex');

/** The next line of a file whose last sum is `before` (empty at the start), without its end of line. */
export const auditFileLine = (before: string, line: ExportedLine): { text: string; sum: string } => {
  const body = JSON.stringify(line);
  const sum = sumOf(before, body);
  return { text: `${body.slice(0, -1)},"sum":"${sum}"}`, sum };
};

export interface AuditFileVerdict {
  readonly ok: boolean;
  readonly rows: number;
  /** Whether the rows' codes were computed again, or only what needs no key. */
  readonly withKey: boolean;
  readonly frame: ExportedFrame | null;
  /** The first line that does not hold: its number from 1, the row it is or belongs to, and why. */
  readonly broken: { readonly line: number; readonly row: string; readonly why: string } | null;
}

const lineForm = /^(\{.*),"sum":"([0-9a-f]{64})"\}$/s;

/** Verifies a file line by line; `key` null checks all that needs no key. */
export const createAuditFileVerification = (key: string | null) => {
  let number = 0;
  let sum = '';
  let rows = 0;
  let rowsOfSeal = 0;
  let lastRow = '';
  let mac: string | null = null;
  let firstStart: { rows: number; head: string } | null = null;
  const pendingRows: { line: number; id: string; fields: readonly string[]; mac: string }[] = [];
  const published: { line: number; rows: number; head: string }[] = [];
  const headAt = new Map<number, string>();
  let frame: ExportedFrame | null = null;
  let broken: AuditFileVerdict['broken'] = null;
  const fail = (why: string, row = lastRow, line = number): void => {
    broken ??= { line, row, why };
  };

  const parse = (text: string): ExportedLine | null => {
    const [, head = '', written = ''] = lineForm.exec(text) ?? [];
    const body = `${head}}`;
    const idInText = /"row":"(\d+-\d+)"/.exec(text)?.[1];
    if (head === '' || sumOf(sum, body) !== written) {
      fail('line_changed', idInText ?? lastRow);
      return null;
    }
    sum = written;
    try {
      return exportedLineSchema.parse(JSON.parse(body));
    } catch {
      fail('line_unreadable', idInText ?? lastRow);
      return null;
    }
  };

  const take = (line: ExportedLine): void => {
    if (frame !== null) return fail('line_after_the_end');
    if ('row' in line) {
      if (lastRow !== '' && !isLater(line.row, lastRow)) return fail('row_order', line.row);
      lastRow = line.row;
      if (line.fields === null) return fail('row_missing', line.row);
      if (line.mac === '') return fail('row_added', line.row);
      mac = line.mac;
      rows += 1;
      rowsOfSeal += 1;
      pendingRows.push({ line: number, id: line.row, fields: line.fields, mac: line.mac });
      return;
    }
    if ('seal' in line) {
      if (line.rows !== rowsOfSeal) return fail('seal_rows');
      if (line.head !== mac) return fail('head_changed');
      rowsOfSeal = 0;
      headAt.set(rows, line.head);
      return;
    }
    if ('published' in line) {
      published.push({ line: number, rows: line.published.rows, head: line.published.head });
      return;
    }
    frame = line;
    firstStart = line.start;
  };

  /** With the key, from where the frame says the export starts. */
  const checkCodes = (sealKey: string, from: string): void => {
    let before = from;
    for (const { line, id, fields, mac: written } of pendingRows) {
      before = macOf(sealKey, before, id, fields);
      if (before !== written) return fail('row_changed', id, line);
    }
  };

  return {
    line: (text: string): void => {
      number += 1;
      if (broken !== null) return;
      const parsed = parse(text);
      if (parsed !== null) take(parsed);
    },
    end: (): AuditFileVerdict => {
      const last = frame;
      if (broken === null && last === null) fail('end_missing');
      if (broken === null && last !== null) {
        const { mac: written, ...facts } = last;
        if (key !== null && exportMacOf(key, facts) !== written) fail('frame_changed');
        if (last.end.rows - last.start.rows !== rows) fail('rows_removed');
        if (rows > 0 && last.end.head !== mac) fail('head_changed');
        if (key !== null) checkCodes(key, firstStart?.head ?? '');
        for (const one of published) {
          const head = headAt.get(one.rows - last.start.rows);
          if (head !== undefined && head !== one.head) fail('published_head_missing', lastRow, one.line);
        }
      }
      return { ok: broken === null, rows, withKey: key !== null, frame: last, broken };
    },
  };
};
