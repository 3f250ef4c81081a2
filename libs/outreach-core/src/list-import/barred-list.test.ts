// Risk: a row of a customer list is lost without a word, or a file that a spreadsheet wrote means nobody.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readExclusionList, readSuppressionList } from '../index.ts';

const read = (text: string, reading = readExclusionList(text)) =>
  reading.ok
    ? {
        rows: reading.rows.map(({ line, column, value, word, note }) =>
          [line, column, value, word, note].join('|'),
        ),
        unreadable: reading.unreadable.map(({ line, column, value }) => [line, column, value].join('|')),
      }
    : reading.problem.code;

describe('what people keep their lists in', () => {
  test.each<[string, string, readonly string[]]>([
    [
      'one entry a line, with remarks and a mark of the encoding',
      '\ufeff# ours\nacme.example\r\n\r\nada@beta.example',
      ['2|column 1|acme.example||', '4|column 1|ada@beta.example||'],
    ],
    [
      'our own columns',
      'key,kind,note\nacme.example,Customer,"Signed, in May"',
      ['2|key|acme.example|customer|Signed, in May'],
    ],
    [
      'columns in another order, with semicolons',
      'Kind;Company Domain\ncustomer; acme.example ',
      ['2|Company Domain|acme.example|customer|'],
    ],
    [
      'an export of a CRM, whose rows name a company and a person',
      'Contact Name\tE-mail\tWebsite\nAda Holm\tada@acme.example\tacme.example\nBen\tben@free.example\t',
      ['2|Website|acme.example||', '2|E-mail|ada@acme.example||', '3|E-mail|ben@free.example||'],
    ],
    [
      'what Excel writes above the header',
      'sep=;\r\nDomain;Note\r\nacme.example;"a ""quoted"" word\nand a second line"\r\nbeta.example;x',
      ['3|Domain|acme.example||a "quoted" word\nand a second line', '5|Domain|beta.example||x'],
    ],
  ])('%s', (_, text, rows) => {
    expect(read(text)).toEqual({ rows, unreadable: [] });
  });

  test('a row that cannot be read is named with its line, column and value, and costs no other', () => {
    const text = 'domain,kind,note\n,customer,\nacme.example,friend,\n"beta" x,customer,\ngood.example,,';
    expect(read(text)).toEqual({
      rows: ['5|domain|good.example||'],
      unreadable: ['2|domain|', '3|kind|friend', '4|column 1|"beta" x,customer,'],
    });
    expect(read(`key,kind,note\na.example,,${'x'.repeat(301)}`)).toMatchObject({ rows: [] });
  });

  test('a file that hides its rows is refused as a whole: by its quote, its size or its emptiness', () => {
    expect(read('domain\n"acme.example\nbeta.example')).toBe('unterminated_quote');
    expect(read('\n# nothing\n')).toBe('no_rows');
    expect(read('domain,kind\n')).toBe('no_rows');
    expect(read('a.example\n'.repeat(10_001))).toBe('too_many_rows');
  });

  test('nobody is erased by a list', () => {
    expect(
      read('', readSuppressionList('email,reason\nada@a.example,Bounced\nben@a.example,erased')),
    ).toEqual({
      rows: ['2|email|ada@a.example|bounced|'],
      unreadable: ['3|reason|erased'],
    });
  });
});

test('whatever a cell holds, quoting it gives it back, on any line ending and behind any delimiter', () => {
  const cell = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).map((text) => `x${text.trim()}y`);
  fc.assert(
    fc.property(
      fc.array(cell, { minLength: 1, maxLength: 8 }),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n'),
      (notes, delimiter, end) => {
        const lines = notes.map(
          (note, index) => `d${index}.example${delimiter}"${note.replaceAll('"', '""')}"`,
        );
        const reading = readExclusionList([`domain${delimiter}note`, ...lines].join(end));
        expect(reading.ok && reading.rows.map(({ note }) => note)).toEqual(notes);
      },
    ),
  );
});
