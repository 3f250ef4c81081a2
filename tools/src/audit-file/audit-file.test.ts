// Risk: an exported audit that somebody changed, cut or put together anew is taken for the record of what was decided.
import type { ExportedLine } from '@caio/contracts';
import { exportMacOf, macOf } from '@caio/state-store';
import { describe, expect, test } from '@jest/globals';
import { auditFileLine, createAuditFileVerification } from './audit-file.ts';

const key = 'an audit seal key that only tests ever use';
const fieldsOf = (ref: string): string[] => ['at', '1', 'kind', 'draft.approve', 'ref', ref, 'who', 'ab12'];

/** Six rows in two seals, a published head and the frame. */
const exported = (count = 6, sealKey = key): ExportedLine[] => {
  const lines: ExportedLine[] = [];
  let mac = '';
  for (let number = 1; number <= count; number += 1) {
    const id = `${1_000 + number}-0`;
    const fields = fieldsOf(`r${number}`);
    mac = macOf(sealKey, mac, id, fields);
    lines.push({ row: id, fields, mac });
    if (number % 3 === 0) lines.push({ seal: `${2_000 + number}-0`, head: mac, rows: 3 });
  }
  lines.push({ published: { at: '2026-01-05T10:00:00.000Z', rows: count, head: mac } });
  const facts = {
    ...{ export: 1 as const, environment: 'test', storeId: 'store', exportedAt: '2026-01-05T11:00:00.000Z' },
    ...{ start: { rows: 0, head: '' }, end: { rows: count, head: mac } },
  };
  return [...lines, { ...facts, mac: exportMacOf(sealKey, facts) }];
};
const fileOf = (lines: readonly ExportedLine[]): string[] => {
  let sum = '';
  return lines.map((line) => {
    const next = auditFileLine(sum, line);
    sum = next.sum;
    return next.text;
  });
};
const verify = (lines: readonly string[], sealKey: string | null = key) => {
  const verification = createAuditFileVerification(sealKey);
  lines.forEach(verification.line);
  return verification.end();
};

describe('an export', () => {
  test('that nobody touched holds, with the key and without it', () => {
    const file = fileOf(exported());
    expect(verify(file)).toMatchObject({ ok: true, rows: 6, withKey: true, broken: null });
    expect(verify(file, null)).toMatchObject({ ok: true, rows: 6, withKey: false, broken: null });
  });

  test('of which any one byte was changed is named at its line, also by who has no key', () => {
    const file = fileOf(exported());
    let flips = 0;
    for (const [at, text] of file.entries()) {
      for (let place = 0; place < text.length; place += 1) {
        const other = String.fromCharCode(text.charCodeAt(place) ^ 1);
        const changed = text.slice(0, place) + other + text.slice(place + 1);
        const verdict = verify([...file.slice(0, at), changed, ...file.slice(at + 1)], null);
        expect(verdict.ok ? `byte ${place} of line ${at + 1} was not noticed` : verdict.broken?.line).toBe(
          at + 1,
        );
        flips += 1;
      }
    }
    expect(flips).toBeGreaterThan(1_500);
  });

  test.each([
    ['removed', (lines: ExportedLine[]) => lines.filter((_, at) => at !== 1), 'seal_rows'],
    ['removed with its seal', (lines: ExportedLine[]) => lines.slice(4), 'rows_removed'],
    [
      'put in',
      (lines: ExportedLine[]) => [
        ...lines.slice(0, 1),
        { row: '1001-5', fields: ['kind', 'x'], mac: 'f'.repeat(64) },
        ...lines.slice(1),
      ],
      'seal_rows',
    ],
    [
      'exchanged',
      (lines: ExportedLine[]) => [lines[1], lines[0], ...lines.slice(2)].flatMap((line) => line ?? []),
      'row_order',
    ],
    ['cut off at the end', (lines: ExportedLine[]) => lines.slice(0, -1), 'end_missing'],
  ])('with rows %s, all sums made anew, is refused without the key', (_, change, why) => {
    expect(verify(fileOf(change(exported())), null)).toMatchObject({ ok: false, broken: { why } });
  });

  test('with a row rewritten and all sums made anew is named at that row by who has the key', () => {
    const lines = exported().map((line): ExportedLine =>
      'row' in line && line.row === '1002-0' ? { ...line, fields: fieldsOf('another') } : line,
    );
    expect(verify(fileOf(lines))).toMatchObject({
      ok: false,
      broken: { line: 2, row: '1002-0', why: 'row_changed' },
    });
  });

  test('made anew with another key, or said to be shorter than it was, is refused by who has the key', () => {
    expect(verify(fileOf(exported(6, 'some other key of a sufficient length')))).toMatchObject({ ok: false });
    const short = exported(3).map((line): ExportedLine =>
      'export' in line ? { ...line, mac: 'f'.repeat(64) } : line,
    );
    expect(verify(fileOf(short))).toMatchObject({ ok: false, broken: { why: 'frame_changed' } });
  });
});
