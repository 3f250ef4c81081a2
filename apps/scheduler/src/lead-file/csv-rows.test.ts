// Risk: a lead of a CSV file is lost, shifted into another's columns, or blamed on the wrong line.
import { describe, expect, test } from '@jest/globals';
import { companies, outline, readWhole } from '../testing/whole-lead-file.ts';

describe('CSV', () => {
  test.each([',', ';', '\t'])(
    'delimiter %j, every line ending, quoted line breaks and quotes',
    async (mark) => {
      for (const end of ['\n', '\r\n', '\r']) {
        const lines = [
          ['Email', 'Company'],
          ['a@x.example', `"Acme, ""the""; first ${end}Ltd"`],
          ['b@x.example', 'Plain 5" pipes'],
          [''],
          ['c@x.example', ' "Spaced" '],
        ];
        const found = await readWhole(lines.map((cells) => cells.join(mark)).join(end));
        expect(outline(found)).toEqual(['2/2 a@x.example', '3/4 b@x.example', '4/6 c@x.example']);
        expect(companies(found)).toEqual(['Acme, "the"; first Ltd', 'Plain 5" pipes', 'Spaced']);
      }
    },
  );

  test('a mapping is shown with what it ignored', async () => {
    const { file } = await readWhole(
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
    const found = await readWhole(
      'Notes:\n"When exporting your connection data, some\naddresses, are ""missing""."\n\nFirst Name,URL,Email Address\nAda,https://www.linkedin.com/in/ada,\n',
    );
    expect(outline(found)).toEqual(['2/6 null']);
    expect(found.rows[0]).toMatchObject({ lead: { linkedinUrl: 'https://www.linkedin.com/in/ada' } });
  });

  test('the delimiter is judged by what it makes of the header, not by commas in the text above it', async () => {
    const found = await readWhole(
      'A, list, of, people, we, met\nEmail;Company\na@x.example;Acme, Inc, Ltd\n',
    );
    expect(companies(found)).toEqual(['Acme, Inc, Ltd']);
    expect(companies(await readWhole('sep=;\nEmail;Company\na@x.example;Acme\n'))).toEqual(['Acme']);
  });

  test('empty lines are no records; rows of empty cells have a number but no outcome', async () => {
    const found = await readWhole('Email,Company\n\n  \na@x.example,A\n,\nb@x.example,B\n\n,\n,\n');
    expect(outline(found)).toEqual(['2/4 a@x.example', '4/6 b@x.example']);
  });

  test('a broken row costs itself: wrong width, broken quote, invalid address', async () => {
    const found = await readWhole(
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
      const found = await readWhole(text);
      expect(found.problem).toBe('unterminated_quote');
      expect(found.message).toContain(message);
      expect(outline(found)[0]).toBe('2/2 a@x.example');
    },
  );

  test('the line of a quote is its own, not that of the row it stands in', async () => {
    const start = 'Email,Company,Title\n"a\n@x.example",';
    const broken = await readWhole(`${start}"B"C,CEO\nd@x.example,D,COO\n`);
    expect(outline(broken)).toEqual(['!2/2 Company', '3/4 d@x.example']);
    const open = await readWhole(`${start}"B\nd@x.example,D,COO\n`);
    expect(open.message).toContain('opens on line 3, in column 2, is never closed');
  });

  test('a row without end is refused before it fills the memory', async () => {
    const found = await readWhole(`Email,Company\na@x.example,A\nb@x.example,${'x'.repeat(400_000)}\n`);
    expect(found.problem).toBe('record_too_large');
    expect(found.message).toContain('starts on line 3');
    expect(outline(found)).toEqual(['2/2 a@x.example']);
  });

  test('formula-looking cells stay text', async () => {
    const found = await readWhole(
      'Email,Company\na@x.example,"=HYPERLINK(""https://x.example"")"\nb@x.example,+1 Media\n',
    );
    expect(companies(found)).toEqual(['=HYPERLINK("https://x.example")', '+1 Media']);
  });

  test('overrides pick columns and say what is wrong with them', async () => {
    const text = 'Contact,Firm\na@x.example,Acme\n';
    expect(companies(await readWhole(text, { map: { email: 'Contact', company: 'firm' } }))).toEqual([
      'Acme',
    ]);
    expect(await readWhole(text, { map: { mail: 'Contact' } })).toMatchObject({
      problem: 'map_field_unknown',
    });
    const unknown = await readWhole(text, { map: { email: 'Mail' } });
    expect(unknown).toMatchObject({ problem: 'map_header_unknown' });
    expect(unknown.message).toContain('Contact, Firm');
    expect(await readWhole('Email,Firm\na@x.example,A\n', { map: { company: 'Company' } })).toMatchObject({
      problem: 'map_header_unknown',
    });
  });
});
