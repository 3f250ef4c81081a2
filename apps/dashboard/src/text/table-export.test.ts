// Risk: an exported receipt runs as a formula in somebody's spreadsheet, or breaks the table apart.
import { expect, test } from '@jest/globals';
import { csvCell, csvFile } from './table-export.ts';

test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1+1', '＝1+1', '\u0000=1'])(
  '%j does not begin as a formula',
  (value) => {
    expect(csvCell(value).replace(/^"/, '').startsWith("'")).toBe(true);
  },
);

test('numbers stay numbers, nothing stays empty', () => {
  expect([csvCell(-3), csvCell(0), csvCell(null)]).toEqual(['-3', '0', '']);
});

test.each([
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['a;b', '"a;b"'],
  ['plain', 'plain'],
])('%j is written as %s', (value, cell) => {
  expect(csvCell(value)).toBe(cell);
});

test('a file says that it is UTF-8 and ends every row', () => {
  expect(csvFile(['Name', 'Count'], [['Zoë', 2]])).toBe('\ufeffName,Count\r\nZoë,2\r\n');
});
