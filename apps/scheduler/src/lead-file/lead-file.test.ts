// Risk: a broken file is read as a good one, or what is read depends on how the upload was cut into chunks.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openLeadFile } from './lead-file.ts';
import { readWhole } from '../testing/whole-lead-file.ts';

describe('files that cannot be read', () => {
  const zip = Uint8Array.from([0x50, 0x4b, 0x03, 0x04, 20, 0, 6, 0]);
  test.each<[string, string | Uint8Array, string]>([
    ['nothing at all', '', 'file_empty'],
    ['white space', '\ufeff \r\n\n', 'file_empty'],
    ['a header and no rows', 'Email,Company\n\n', 'no_rows'],
    ['an empty list', '[]', 'no_rows'],
    ['an Excel workbook', zip, 'file_spreadsheet'],
    ['an old Excel workbook', Uint8Array.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1]), 'file_spreadsheet'],
    ['a gzip file', Uint8Array.from([0x1f, 0x8b, 8, 0]), 'file_binary'],
    ['NUL bytes', 'Email,Company\na@x.example,\u0000\n', 'file_binary'],
    ['UTF-16 without a mark', Buffer.from('Email,Company\n', 'utf16le'), 'file_binary'],
    ['a web page', '<!DOCTYPE html><html>', 'file_web_page'],
    ['data without a header', 'Ada,ada@acme.example\n', 'header_not_found'],
    ['columns nobody knows', 'Phone,Notes\n1,2\n', 'header_not_found'],
    ['a header too far down', `${'preamble\n'.repeat(51)}Email\na@x.example\n`, 'header_not_found'],
    ['too many columns', `Email,${'x,'.repeat(1000)}\n`, 'too_many_columns'],
    ['only bad rows', 'Email\nnobody\n', 'no_rows_recognised'],
    ['an object without a list', '{\n"email": "a@x.example"\n}', 'json_no_list'],
    ['broken JSON', '[{"email": "a@x.example"', 'json_invalid'],
  ])('%s', async (_, content, code) => {
    const found = await readWhole(content);
    expect(found.problem).toBe(code);
    expect(found.message.length).toBeGreaterThan(40);
  });

  test.each([
    ['PNG', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
    ['JPEG', [0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10]],
    ['GIF', [...Buffer.from('GIF89a')]],
  ])('a picture (%s) is called one', async (_, bytes) => {
    const found = await readWhole(Uint8Array.from(bytes));
    expect(found).toMatchObject({ problem: 'file_binary' });
    expect(found.message).toContain('This is a picture');
  });

  test('the likeliest header is shown, so that the right --map can be written', async () => {
    expect((await readWhole('Our list\nPhone,Notes\n1,2\n')).message).toContain('Phone | Notes');
  });

  test('an aborted upload throws its reason', async () => {
    const abort = new AbortController();
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('Email\n');
      for (let row = 0; ; row += 1) {
        if (row === 3_000) abort.abort(new Error('stopped by hand'));
        yield Buffer.from(`a${row}@${'long-'.repeat(8)}name.example\n`);
      }
    }
    const reading = async (): Promise<void> => {
      const opened = await openLeadFile(endless(), { fileName: 'leads.csv', signal: abort.signal });
      if (!opened.ok) return;
      for await (const row of opened.file.rows) if (row.kind !== 'lead') return;
    };
    await expect(reading()).rejects.toThrow('stopped by hand');
  });

  test('leaving the rows early closes the upload', async () => {
    let isClosed = false;
    async function* upload(): AsyncGenerator<Uint8Array> {
      try {
        yield Buffer.from('Email\n');
        for (let row = 0; ; row += 1) yield Buffer.from(`a${row}@x.example\n`);
      } finally {
        isClosed = true;
      }
    }
    const opened = await openLeadFile(upload(), { fileName: 'leads.csv' });
    if (opened.ok) for await (const row of opened.file.rows) if (row.kind === 'lead') break;
    expect(isClosed).toBe(true);
  });
});

describe('any file', () => {
  const cell = fc.oneof(
    fc.constantFrom(
      '',
      'Acme',
      'a@x.example',
      'say "hi"',
      'two\nlines',
      'a,b;c\td',
      ' padded ',
      '\r\n',
      'Größe 🚀',
    ),
    fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) => text.replace(/\u0000/g, '')),
  );
  const quoted = (text: string): string => `"${text.replace(/"/g, '""')}"`;
  const csv = fc
    .tuple(
      fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 }),
      fc.constantFrom(',', ';', '\t'),
      fc.constantFrom('\n', '\r\n', '\r'),
    )
    .map(([rows, mark, end]) => {
      const lines = rows.map((cells) => cells.map(quoted).join(mark));
      return { rows, text: [['Email', 'Company', 'Title'].join(mark), ...lines].join(end) };
    });

  test('gives the same rows however it is cut into chunks', async () => {
    const content = fc.oneof(
      csv.map(({ text }) => text),
      fc
        .array(fc.dictionary(fc.constantFrom('email', 'company', 'title'), cell), { maxLength: 8 })
        .map((list) => JSON.stringify(list, null, 1)),
      fc
        .string({
          unit: fc.constantFrom('"', '""', ',', ';', '\t', '\n', '\r', '\r\n', ' ', 'a@x.example', 'é'),
          maxLength: 40,
        })
        .map((text) => `Email,Company\n${text}`),
      fc
        .string({
          unit: fc.constantFrom('{', '}', '[', ']', '"email"', ':', ',', '\n', '"é"'),
          maxLength: 30,
        })
        .map((text) => `[{"email":"a@x.example"}${text}`),
    );
    const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(content, sizes, async (text, cut) => {
        const whole = await readWhole(text);
        const cutUp = await readWhole(text, { sizes: cut });
        expect({ ...cutUp, file: cutUp.file?.mapping }).toEqual({ ...whole, file: whole.file?.mapping });
      }),
      { numRuns: 300 },
    );
  });

  test('correctly quoted cells come back as they were written, at the right physical line', async () => {
    await fc.assert(
      fc.asyncProperty(csv, async ({ rows, text }) => {
        const found = await readWhole(text);
        let physicalLine = 2;
        let line = 1;
        const expected: string[] = [];
        for (const cells of rows) {
          line += 1;
          if (cells.some((value) => value.trim() !== '')) expected.push(`${line}/${physicalLine}`);
          physicalLine += 1 + cells.join('\u0001').split(/\r\n|\r|\n/).length - 1;
        }
        const places = found.rows.map((row) =>
          row.kind === 'file_problem' ? '' : `${row.line}/${row.physicalLine}`,
        );
        expect(places).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });

  test('10,000 rows are read one by one, in order, while the upload holds them back', async () => {
    const total = 10_000;
    let sent = 0;
    let held = 0;
    let received = 0;
    async function* upload(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('First Name,Last Name,Title,Company,Email,# Employees,Industry,Keywords\r\n');
      for (; sent < total; sent += 1) {
        held = Math.max(held, sent - received);
        const keywords = `"${'many words, '.repeat(40)}"`;
        yield Buffer.from(
          `Ada,Byrne,CEO,Acme ${sent},a${sent}@x${sent}.example,51-200,Consulting,${keywords}\r\n`,
        );
      }
    }
    const opened = await openLeadFile(upload(), { fileName: 'leads.csv' });
    if (!opened.ok) throw new Error(opened.problem.message);
    for await (const row of opened.file.rows) {
      const isInOrder = row.kind === 'lead' && row.line === received + 2;
      if (!isInOrder || row.lead.email !== `a${received}@x${received}.example`) expect(row).toBe(received);
      received += 1;
    }
    expect(received).toBe(total);
    // The head is judged before the first row comes; after that the upload never runs ahead by more.
    expect(held).toBeLessThan(300);
  });
});
