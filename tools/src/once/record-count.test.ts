// Risk: a row that the import drops is missed by the check as well, because both count with the same parser.
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { recogniseHeader } from '@caio/outreach-core';
import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { countRecords } from './record-count.ts';

const columns = ['Email', 'Name'];
const count = (name: string, text: string): number | null => countRecords(name, Buffer.from(text), columns);

test.each<[string, string, string, number | null]>([
  ['rows below the header', 'a.csv', 'Email,Name\na@x.example,A\nb@x.example,B\n', 2],
  ['no line end on the last one', 'a.csv', 'Email,Name\r\na@x.example,A\r\nb@x.example,B', 2],
  ['a preamble, blank lines and rows of empty cells', 'a.csv', 'Export\n\nEmail;Name\na;A\n;\n\nb;B\n;\n', 2],
  ['line ends inside a value', 'a.csv', 'Email,Name\na@x.example,"A\nB\n"\nb@x.example,"C ""D"""\n', 2],
  ['a value whose quoting is broken', 'a.csv', 'Email,Name\na@x.example,"A"B\nb@x.example,C\n', 2],
  ['tabs and a mark at the beginning', 'a.csv', '\uFEFFName\tEmail\nA\ta\n', 1],
  ['another header than the run recognised', 'a.csv', 'Mail,Name\na,A\n', null],
  ['a list', 'a.json', '[{"Email":"a"},{"Email":"b"},{}]', 3],
  ['a list inside an object', 'a.json', '{"leads":[{"Email":"a"}]}', 1],
  ['an object a line', 'a.ndjson', '{"Email":"a"}\n\n{"Email":"b"}\n', 2],
])('%s', (_, name, text, expected) => {
  expect(count(name, text)).toBe(expected);
});

test('a column without a name is the one that --map names by its place', () => {
  const text = Buffer.from('Phone,,Name\n1,a@x.example,A\n');
  expect(countRecords('a.csv', text, ['column 2', 'Name'])).toBe(1);
});

test('UTF-16 is read by its mark', () => {
  const text = Buffer.from('\uFEFFEmail,Name\na,A\n', 'utf16le');
  expect(countRecords('a.csv', text, columns)).toBe(1);
});

const examples = resolve(__dirname, '../../../examples');
test.each(readdirSync(examples).filter((name) => /^(?!exclusions).*\.(csv|json)$/.test(name)))(
  'the example %s can be counted by the columns that its import uses',
  (name) => {
    const bytes = readFileSync(join(examples, name));
    const records = name.endsWith('.csv')
      ? parse(bytes, { relax_quotes: true, relax_column_count: true, bom: true })
      : [];
    const used = records.map((cells) => recogniseHeader(cells, {})).find(({ isHeader }) => isHeader)
      ?.mapping.columns;
    expect(countRecords(name, bytes, used ?? [])).toBeGreaterThan(0);
  },
);
