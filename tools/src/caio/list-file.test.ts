// Risk: a line of a list is read as somebody else, skipped without a word, or reported with another line's number.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readExclusionFile, readExclusionRows, rowProblem } from './commands/exclusion-file.ts';
import { refuseEmptyList } from './commands/list-file.ts';
import { sortImport } from './commands/list-import.ts';
import { readSuppressionRows, suppressionProblem } from './commands/suppression-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'caio-lists-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const save = (content: string | Buffer): string => {
  const file = join(folder, 'list.csv');
  writeFileSync(file, content);
  return file;
};

test('one person a line, remarks and empty lines left out, each with its line', () => {
  expect(readSuppressionRows(save('# from the phone\nada@a.example\n\n ben@b.example \r\n'))).toEqual([
    { line: 2, value: 'ada@a.example', reason: 'manual' },
    { line: 4, value: 'ben@b.example', reason: 'manual' },
  ]);
});

test('columns count by their names wherever they stand, with or without a mark of byte order', () => {
  const rows = readSuppressionRows(save('\ufeffName,Reason,E-mail Address\nAda,Complained,ada@a.example\n'));
  expect(rows).toEqual([{ line: 2, value: 'ada@a.example', reason: 'complained' }]);
  expect(readExclusionRows(save('Kind,Domain\ncustomer,a.example\n'))).toMatchObject([
    { line: 2, key: 'a.example', kind: 'customer', note: '' },
  ]);
  expect(readExclusionRows(save('a.example,customer,"since ""ever"""\n'))).toMatchObject([
    { line: 1, key: 'a.example', kind: 'customer', note: 'since "ever"' },
  ]);
});

test('a row that cannot be taken is named before anybody is asked', () => {
  const problems = readSuppressionRows(
    save('person,reason\nada@a.example,because\n,manual\nben@b.example,\n'),
  );
  expect(problems.map(suppressionProblem)).toEqual([
    expect.stringContaining('"because" is no reason; use one of unsubscribed'),
    expect.stringContaining('no address'),
    null,
  ]);
  const rows = readExclusionRows(
    save(`key,kind,note\nab,,\na.example,friend,\nb.example,,${'x'.repeat(301)}\n`),
  );
  expect(rows.map(rowProblem)).toEqual([
    expect.stringContaining('no domain'),
    expect.stringContaining('"friend" is no kind'),
    expect.stringContaining('longer than 300'),
  ]);
});

test.each(['', '# nobody yet\n', 'key,kind,note\n'])(
  'a list of nobody (%j) is refused, not imported',
  (content) => {
    const rows = readExclusionRows(save(content));
    expect(() => refuseEmptyList('list.csv', rows, 'key, kind, note')).toThrow(
      'list.csv cannot be read: it holds no entry',
    );
  },
);

test('a list that is taken as a whole is refused with the line that is wrong', () => {
  expect(() => readExclusionFile(save('a.example,customer\nb.example,friend\n'))).toThrow('Line 2');
});

test.each<[string, string | Buffer, string]>([
  ['no UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x0a]), 'not UTF-8'],
  ['a quote that never ends', 'person\n"ada@a.example\n', 'cannot be read'],
])('a file with %s is refused, not read in part', (_, content, said) => {
  expect(() => readSuppressionRows(save(content))).toThrow(said);
});

test('a long list goes in pieces, and every line ends in exactly one part of the report', async () => {
  const rows = Array.from({ length: 12_001 }, (_, at) => ({ line: at + 2, value: `p${at}@a.example` }));
  const sizes: number[] = [];
  const diff = await sortImport(rows, {
    apply: true,
    problemOf: ({ line }) => (line % 1_000 === 0 ? 'odd' : null),
    send: (part) => {
      sizes.push(part.length);
      return Promise.resolve(
        part.map(({ line }, index) =>
          line % 3 === 0
            ? { index, outcome: 'known' as const }
            : line % 7 === 0
              ? { index, outcome: 'unreadable' as const, reason: 'no' }
              : { index, outcome: 'added' as const },
        ),
      );
    },
  });
  expect(Math.max(...sizes)).toBeLessThanOrEqual(5_000);
  const lines = [...diff.added, ...diff.known, ...diff.unreadable].map(({ line }) => line);
  expect(new Set(lines).size).toBe(12_001);
  expect(diff.known.every(({ line }) => line % 3 === 0)).toBe(true);
  expect(diff.unreadable.map(({ line }) => line)).toEqual(
    [...diff.unreadable].map(({ line }) => line).sort((a, b) => a - b),
  );
});
