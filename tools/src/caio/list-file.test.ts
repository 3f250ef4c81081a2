// Risk: a list is read as somebody else's, in part, or stored although it is not the one that was shown.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { readExclusionFile } from './commands/exclusion-file.ts';
import { readListText } from './commands/list-file.ts';
import { differenceDigest } from './commands/list-import.ts';
import { whatIfLines } from './commands/what-if-text.ts';
import { consentDate } from './option-values.ts';

const folder = mkdtempSync(join(tmpdir(), 'caio-lists-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const save = (content: string | Buffer): string => {
  const file = join(folder, 'list.csv');
  writeFileSync(file, content);
  return file;
};

test('a list is taken as a whole, with its columns wherever they stand, or refused with the line that is wrong', () => {
  expect(readExclusionFile(save('Kind,Domain\nCustomer,a.example\n,b.example\n'))).toEqual([
    { line: 2, key: 'a.example', kind: 'customer', note: '' },
    { line: 3, key: 'b.example', kind: 'other', note: '' },
  ]);
  expect(() => readExclusionFile(save('a.example,customer\nb.example,friend\n'))).toThrow(
    /Line 2 of .*list\.csv cannot be taken: column 2: use one of customer/,
  );
});

test.each(['# nobody yet\n', 'key,kind,note\n'])(
  'a list of nobody (%j) is refused, not imported',
  (content) => {
    expect(() => readExclusionFile(save(content))).toThrow(/cannot be read: The file holds no entry/);
  },
);

test.each<[string, string | Buffer, RegExp]>([
  ['no UTF-8', Buffer.from([0x61, 0xff, 0xfe, 0x0a]), /not UTF-8/],
  ['a spreadsheet', Buffer.from('PK\u0003\u0004'), /Excel/],
  ['a quote that never ends', 'domain\n"a.example\n', /never closed/],
])('a file with %s is refused, not read in part', (_, content, said) => {
  expect(() => readExclusionFile(save(content))).toThrow(said);
});

test('what a spreadsheet writes as UTF-16 is read; a file that is not there is said to be that', () => {
  const text = Buffer.from('\ufeffdomain\na.example\n', 'utf16le');
  expect(readExclusionFile(save(text))).toMatchObject([{ key: 'a.example' }]);
  expect(() => readListText(join(folder, 'missing.csv'))).toThrow('there is no such file');
});

test('a difference is named by at least twelve characters of its digest', () => {
  expect(differenceDigest(' AB12CD34EF56 ')).toBe('ab12cd34ef56');
  for (const text of ['', 'ab12cd34ef5', 'yes', 'g'.repeat(12)])
    expect(() => differenceDigest(text)).toThrow();
});

test('the moment of a consent is a day or a time, and nothing else', () => {
  expect(consentDate('2026-05-04')).toBe('2026-05-04T00:00:00.000Z');
  expect(consentDate('2026-05-04T15:30:00Z')).toBe('2026-05-04T15:30:00.000Z');
  for (const text of ['yesterday', '04.05.2026', '2026-13-40']) expect(() => consentDate(text)).toThrow();
});

test('what would be blocked is counted, and what is not listed is said to be more', () => {
  const none = { pendingDrafts: 0, approvedDrafts: 0, pendingBatchMessages: 0, approvedBatchMessages: 0 };
  const counts = { ...none, executingBatchMessages: 0, handedOver: 3, batches: 1, total: 3 };
  const lines = whatIfLines({ counts, items: [], nextCursor: '0' });
  expect(lines).toEqual([
    'It would block 3 messages, some in 1 batch:',
    '  3 at a provider and not mailed: taken back',
    expect.stringContaining('3 more'),
  ]);
  expect(whatIfLines({ counts: { ...counts, total: 0 }, items: [], nextCursor: null })).toHaveLength(1);
});
