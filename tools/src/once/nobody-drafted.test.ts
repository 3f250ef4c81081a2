// Risk: a file gives nobody, everything ends well, and its owner never learns which column was missing.
import { type PipelineRun, pipelineRunSchema, type RowOutcome } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { nobodyDraftedText } from './nobody-drafted.ts';
import { importText, onceText } from './report.ts';

const runWith = (mapping: PipelineRun['mapping']): PipelineRun =>
  pipelineRunSchema.parse({
    ...{ runId: 'run_01M7W317HB9KBPARJG0TZ53QRE', status: 'done', fileName: 'a.csv', format: 'csv' },
    ...{ startedBy: 'ada', strict: false, overrides: {}, correlationId: 'test-nobody-0001' },
    ...{ createdAt: '2026-01-05T12:00:00.000Z', finishedAt: '2026-01-05T12:00:01.000Z' },
    ...{ rowsRead: 3, rowsDone: 3, counts: {}, mapping, ignoredColumns: [], error: null },
  });
const row = (line: number, verdict: RowOutcome['verdict'], ...reasons: string[]): RowOutcome => ({
  ...{ line, physicalLine: line, email: `p${line}@oaklane.example`, verdict, tier: null, score: 0, reasons },
});
const parked = [
  row(2, 'parked', 'industry_unknown', 'no_template'),
  row(3, 'parked', 'title_unknown', 'industry_unknown'),
  row(4, 'disqualified', 'free_mail'),
];

test('says the main reason first, and which column to add', () => {
  const lines = nobodyDraftedText(runWith([]), parked).split('\n');
  expect(lines[0]).toContain('Nobody was drafted');
  expect(lines[1]).toBe(
    '  2 rows: The industry is not known. (industry_unknown) Add a column "Industry" to the file.',
  );
  expect(lines.join()).toContain('1 row: The address is at a free mail host, not at a company. (free_mail)');
  expect(lines.join()).not.toContain('no_template');
  expect(lines.at(-1)).toBe('  Then import the file again.');
});

test('a column that is there is to be filled, not added', () => {
  const run = runWith([{ field: 'industry', column: 'Branche', how: 'map' }]);
  expect(nobodyDraftedText(run, parked)).toContain('Fill the column "Branche" in those rows.');
});

test('a text that lacks a field says which column would give it', () => {
  const clay = { ...row(2, 'parked', 'unrendered_placeholder'), missing: ['company', 'firstName'] };
  expect(
    nobodyDraftedText(runWith([{ field: 'firstName', column: 'Full Name', how: 'alias' }]), [clay]),
  ).toBe(
    [
      'Nobody was drafted: this file adds nothing to review. The main reasons:',
      '  1 row: the text needs a field that these rows do not have (unrendered_placeholder) Add a column "Company" to the file. Fill the column "Full Name" in those rows.',
      '  Then import the file again.',
    ].join('\n'),
  );
});

test('is silent where somebody was drafted, or nothing was read', () => {
  expect(nobodyDraftedText(runWith([]), [...parked, row(5, 'drafted')])).toBe('');
  expect(nobodyDraftedText(runWith([]), [])).toBe('');
});

test('closes an import, and the whole job right before its verdict, whose idle checks are one line', () => {
  const run = runWith([]);
  expect(importText(run, parked)).toMatch(/Then import the file again\.$/);
  const text = onceText({
    ...{ ok: true, run, rows: parked, batch: null, leftOut: [], receipts: [] },
    checks: [
      { name: 'every row', ok: true, detail: '3 rows read' },
      { name: 'one', ok: true, detail: 'nothing was frozen, so there was nothing to compare' },
      { name: 'two', ok: true, detail: 'nothing was frozen, so there was nothing to compare' },
    ],
  });
  expect(text).toContain('2 more checks: there was nothing to compare');
  expect(text.match(/Nobody was drafted/g)).toHaveLength(1);
  expect(text).toMatch(/Then import the file again\.\nPASS \(nothing qualified, so nothing was sent\)$/);
});
