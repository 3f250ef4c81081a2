// Risk: a lead is lost, shifted into another's columns, or blamed on the wrong line; a broken file is read as a good one.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openLeadFile } from './lead-file.ts';
import type { LeadFile } from './lead-file.ts';
import type { LeadRow } from './lead-row.ts';

async function* inPieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (let turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

interface Read {
  readonly problem: string | null;
  readonly message: string;
  readonly file: LeadFile | null;
  readonly rows: LeadRow[];
}

interface ReadOptions {
  readonly fileName?: string;
  readonly map?: Record<string, string>;
  readonly sizes?: readonly number[];
}

const read = async (content: string | Uint8Array, options: ReadOptions = {}): Promise<Read> => {
  const { fileName = 'leads.csv', map = {}, sizes = [1e9] } = options;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const opened = await openLeadFile(inPieces(bytes, sizes), { fileName, map });
  if (!opened.ok) {
    const { code, message, fix } = opened.problem;
    return { problem: code, message: `${message} ${fix}`, file: null, rows: [] };
  }
  const rows: LeadRow[] = [];
  for await (const row of opened.file.rows) rows.push(row);
  const last = rows.at(-1);
  if (last?.kind !== 'file_problem') return { problem: null, message: '', file: opened.file, rows };
  const { code, message, fix } = last.problem;
  return { problem: code, message: `${message} ${fix}`, file: opened.file, rows: rows.slice(0, -1) };
};

/** `line/physicalLine address`, with a `!` in front of a bad row and its column behind it. */
const outline = ({ rows }: Read): string[] =>
  rows.map((row) => {
    if (row.kind === 'file_problem') return row.problem.code;
    const place = `${row.line}/${row.physicalLine}`;
    return row.kind === 'lead' ? `${place} ${row.lead.email}` : `!${place} ${row.problems[0]?.column}`;
  });

const companies = ({ rows }: Read): unknown[] =>
  rows.map((row) => (row.kind === 'lead' ? row.lead.company : row.kind));

describe('CSV', () => {
  test.each([',', ';', '\t'])(
    'delimiter %j, every line ending, quoted line breaks and quotes',
    async (mark) => {
      for (const end of ['\n', '\r\n', '\r']) {
        const lines = [
          ['Email', 'Company'],
          ['a@x.example', '"Acme, ""the""; first\t'.replace('\t', ' ') + `${end}Ltd"`],
          ['b@x.example', 'Plain 5" pipes'],
          [''],
          ['c@x.example', ' "Spaced" '],
        ];
        const found = await read(lines.map((cells) => cells.join(mark)).join(end));
        expect(outline(found)).toEqual(['2/2 a@x.example', '3/4 b@x.example', '4/6 c@x.example']);
        expect(companies(found)).toEqual(['Acme, "the"; first Ltd', 'Plain 5" pipes', 'Spaced']);
      }
    },
  );

  test('a mapping is shown with what it ignored', async () => {
    const { file } = await read(
      'Email,Company Name for Emails,Company,Seniority\na@x.example,acme,Acme Inc,C suite\n',
    );
    expect(file?.format).toBe('csv');
    expect(file?.mapping).toEqual([
      { field: 'email', column: 'Email', how: 'alias' },
      { field: 'company', column: 'Company', how: 'alias' },
    ]);
    expect(file?.ignoredColumns).toEqual(['Company Name for Emails', 'Seniority']);
  });

  test('a preamble as LinkedIn writes it is skipped, the header is line 1', async () => {
    const found = await read(
      'Notes:\n"When exporting your connection data, some\naddresses, are ""missing""."\n\nFirst Name,URL,Email Address\nAda,https://www.linkedin.com/in/ada,\n',
    );
    expect(outline(found)).toEqual(['2/6 null']);
    expect(found.rows[0]).toMatchObject({ lead: { linkedinUrl: 'https://www.linkedin.com/in/ada' } });
  });

  test('the delimiter is judged by what it makes of the header, not by commas in the text above it', async () => {
    const found = await read('A, list, of, people, we, met\nEmail;Company\na@x.example;Acme, Inc, Ltd\n');
    expect(companies(found)).toEqual(['Acme, Inc, Ltd']);
    expect(companies(await read('sep=;\nEmail;Company\na@x.example;Acme\n'))).toEqual(['Acme']);
  });

  test('empty lines are no records; rows of empty cells have a number but no outcome', async () => {
    const found = await read('Email,Company\n\n  \na@x.example,A\n,\nb@x.example,B\n\n,\n,\n');
    expect(outline(found)).toEqual(['2/4 a@x.example', '4/6 b@x.example']);
  });

  test('a broken row costs itself: wrong width, broken quote, invalid address', async () => {
    const found = await read(
      'Email,Company\na@x.example\nb@x.example,B,more\nc@x.example,"C"orp\nnobody,D\ne@x.example,E\n',
    );
    expect(outline(found)).toEqual([
      '!2/2 Company',
      '!3/3 column 3',
      '!4/4 Company',
      '!5/5 Email',
      '6/6 e@x.example',
    ]);
    expect(found.rows[0]).toMatchObject({ kind: 'bad_row', email: 'a@x.example' });
    expect(found.problem).toBeNull();
  });

  test.each([
    [
      'Email,Company\na@x.example,A\nb@x.example,"B\nc@x.example,C\n',
      'opens on line 3, in column 2, is never closed',
    ],
    [
      'Email,Company\na@x.example,A\nb@x.example,"B\nc@x.example,"C"\n',
      'opens on line 3, in column 2, meets other text behind a quote on line 4',
    ],
    [
      `Email,Company\na@x.example,A\n"b\n@x",\n"c",\nd,"${'x\n'.repeat(200_000)}`,
      'opens on line 6, in column 2, is not closed within',
    ],
  ])(
    'a quote that hides where rows are ends the file and names the line it opened on',
    async (text, message) => {
      const found = await read(text);
      expect(found.problem).toBe('unterminated_quote');
      expect(found.message).toContain(message);
      expect(outline(found)[0]).toBe('2/2 a@x.example');
    },
  );

  test('a row without end is refused before it fills the memory', async () => {
    const found = await read(`Email,Company\na@x.example,A\nb@x.example,${'x'.repeat(400_000)}\n`);
    expect(found.problem).toBe('record_too_large');
    expect(found.message).toContain('starts on line 3');
    expect(outline(found)).toEqual(['2/2 a@x.example']);
  });

  test('formula-looking cells stay text', async () => {
    const found = await read(
      'Email,Company\na@x.example,"=HYPERLINK(""https://x.example"")"\nb@x.example,+1 Media\n',
    );
    expect(companies(found)).toEqual(['=HYPERLINK("https://x.example")', '+1 Media']);
  });

  test('overrides pick columns and say what is wrong with them', async () => {
    const text = 'Contact,Firm\na@x.example,Acme\n';
    expect(companies(await read(text, { map: { email: 'Contact', company: 'firm' } }))).toEqual(['Acme']);
    expect(await read(text, { map: { mail: 'Contact' } })).toMatchObject({ problem: 'map_field_unknown' });
    const unknown = await read(text, { map: { email: 'Mail' } });
    expect(unknown).toMatchObject({ problem: 'map_header_unknown' });
    expect(unknown.message).toContain('Contact, Firm');
    expect(await read('Email,Firm\na@x.example,A\n', { map: { company: 'Company' } })).toMatchObject({
      problem: 'map_header_unknown',
    });
  });
});

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
    const found = await read(content);
    expect(found.problem).toBe(code);
    expect(found.message.length).toBeGreaterThan(40);
  });

  test('the likeliest header is shown, so that the right --map can be written', async () => {
    expect((await read('Our list\nPhone,Notes\n1,2\n')).message).toContain('Phone | Notes');
  });

  test('a byte that is not UTF-8 is named by its offset; rows before it were read', async () => {
    const bytes = Buffer.from(
      `Email,Company\na@x.example,${'y'.repeat(70_000)}\nb@x.example,Café\n`,
      'latin1',
    );
    for (const sizes of [[1e9], [1], [3, 70_000]]) {
      const found = await read(bytes, { sizes });
      expect(found.problem).toBe('encoding_invalid');
      expect(found.message).toContain(`byte ${bytes.indexOf(0xe9)} (0xE9)`);
    }
    expect((await read(Buffer.from([...Buffer.from('Email\n'), 0xc3]))).message).toContain('byte 6 (0xC3)');
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

describe('encodings', () => {
  const text = 'Email,Company\r\na@bücher.example,Škoda 例え 🚀\r\n';
  const big = Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  test.each<[string, Uint8Array]>([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16LE with a mark', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16BE with a mark', big],
  ])('%s', async (_, bytes) => {
    for (const sizes of [[1e9], [1], [3]]) {
      const found = await read(bytes, { sizes });
      expect(outline(found)).toEqual(['2/2 a@xn--bcher-kva.example']);
      expect(companies(found)).toEqual(['Škoda 例え 🚀']);
    }
  });
});

describe('JSON', () => {
  test('a list, an object with a list, and one object per line are the same leads', async () => {
    const one = '{"email": "a@x.example", "company": {"name": "Acme"}, "tags": ["x"]}';
    const two = '{"linkedin_url": "https://www.linkedin.com/in/b", "employees": 250}';
    const list = `[\n${one},\n\n${two}\n]`;
    for (const [text, lines] of [
      [list, [2, 4]],
      [`{"page": 1, "meta": {"data": [9]},\n "leads": ${list}, "next": null}`, [3, 5]],
      [`${one}\n\n${two}\n`, [1, 3]],
      [`{"data":[${one},${two}]}`, [1, 1]],
    ] as const) {
      const found = await read(text, { fileName: 'leads.json' });
      expect(outline(found)).toEqual([`1/${lines[0]} a@x.example`, `2/${lines[1]} null`]);
      expect(found.rows).toMatchObject([
        { lead: { company: 'Acme' } },
        { lead: { linkedinUrl: 'https://www.linkedin.com/in/b', employees: { min: 250, max: 250 } } },
      ]);
      expect(found.file?.format).toBe('json');
    }
  });

  test('what is no object is a bad row; a broken line of NDJSON costs itself', async () => {
    expect(outline(await read('[{"email":"a@x.example"}, null, "x", {"email":"b@x.example"}]'))).toEqual([
      '1/1 a@x.example',
      '!2/1 (row)',
      '!3/1 (row)',
      '4/1 b@x.example',
    ]);
    const lines = '{"email":"a@x.example"}\n{"email":\n{"email":"b@x.example"}\n';
    expect(outline(await read(lines, { fileName: 'a.jsonl' }))).toEqual([
      '1/1 a@x.example',
      '!2/2 (row)',
      '3/3 b@x.example',
    ]);
  });

  test('broken JSON ends the rows, names the line, and keeps what came before', async () => {
    const found = await read('[{"email":"a@x.example"},\n{"email":"b@x.example"},\n{"email":}]');
    expect(outline(found)).toEqual(['1/1 a@x.example', '2/2 b@x.example']);
    expect(found).toMatchObject({ problem: 'json_invalid' });
    expect(found.message).toContain('line 3');
    expect((await read('[{"email":"a@x.example"}] trailing')).message).toContain('text follows the end');
    expect((await read(`[{"email":"a@x.example"},${'['.repeat(5_000)}`)).message).toContain(
      'nested too deeply',
    );
  });

  test('a column that first shows in a late object still feeds a field nothing feeds', async () => {
    const early = Array.from({ length: 150 }, (_, at) => ({ work_email: `a${at}@x.example` }));
    const late = { work_email: 'z@x.example', email: 'private@freemail.example', title: 'CEO' };
    const found = await read(JSON.stringify([...early, late]), { fileName: 'leads.json' });
    expect(found.rows.at(-1)).toMatchObject({ lead: { email: 'z@x.example', title: 'CEO' } });
    expect(found.file?.mapping.map(({ column }) => column)).toEqual(['work_email', 'title']);
    expect(found.file?.ignoredColumns).toEqual(['email']);
  });

  test('an element without end is refused before it fills the memory', async () => {
    const found = await read(`[{"email":"a@x.example"},\n{"email":"${'x'.repeat(400_000)}"}]`);
    expect(found).toMatchObject({ problem: 'record_too_large' });
    expect(outline(found)).toEqual(['1/1 a@x.example']);
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
        const whole = await read(text);
        const cutUp = await read(text, { sizes: cut });
        expect({ ...cutUp, file: cutUp.file?.mapping }).toEqual({ ...whole, file: whole.file?.mapping });
      }),
      { numRuns: 300 },
    );
  });

  test('correctly quoted cells come back as they were written, at the right physical line', async () => {
    await fc.assert(
      fc.asyncProperty(csv, async ({ rows, text }) => {
        const found = await read(text);
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
