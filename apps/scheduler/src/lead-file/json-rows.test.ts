// Risk: a lead of a JSON file is lost, read by another's keys, or blamed on the wrong line.
import { describe, expect, test } from '@jest/globals';
import { outline, readWhole } from '../testing/whole-lead-file.ts';

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
      const found = await readWhole(text, { fileName: 'leads.json' });
      expect(outline(found)).toEqual([`1/${lines[0]} a@x.example`, `2/${lines[1]} null`]);
      expect(found.rows).toMatchObject([
        { lead: { company: 'Acme' } },
        { lead: { linkedinUrl: 'https://www.linkedin.com/in/b', employees: { min: 250, max: 250 } } },
      ]);
      expect(found.file?.format).toBe('json');
    }
  });

  test('what is no object is a bad row; a broken line of NDJSON costs itself', async () => {
    expect(outline(await readWhole('[{"email":"a@x.example"}, null, "x", {"email":"b@x.example"}]'))).toEqual(
      ['1/1 a@x.example', '!2/1 (row)', '!3/1 (row)', '4/1 b@x.example'],
    );
    const lines = '{"email":"a@x.example"}\n{"email":\n{"email":"b@x.example"}\n';
    expect(outline(await readWhole(lines, { fileName: 'a.jsonl' }))).toEqual([
      '1/1 a@x.example',
      '!2/2 (row)',
      '3/3 b@x.example',
    ]);
  });

  test('broken JSON ends the rows, names the line, and keeps what came before', async () => {
    const found = await readWhole('[{"email":"a@x.example"},\n{"email":"b@x.example"},\n{"email":}]');
    expect(outline(found)).toEqual(['1/1 a@x.example', '2/2 b@x.example']);
    expect(found).toMatchObject({ problem: 'json_invalid' });
    expect(found.message).toContain('line 3');
    expect((await readWhole('[{"email":"a@x.example"}] trailing')).message).toContain('text follows the end');
    expect((await readWhole(`[{"email":"a@x.example"},${'['.repeat(5_000)}`)).message).toContain(
      'nested too deeply',
    );
  });

  test('a column that first shows in a late object still feeds a field nothing feeds', async () => {
    const early = Array.from({ length: 150 }, (_, at) => ({ work_email: `a${at}@x.example` }));
    const late = { work_email: 'z@x.example', email: 'private@freemail.example', title: 'CEO' };
    const found = await readWhole(JSON.stringify([...early, late]), { fileName: 'leads.json' });
    expect(found.rows.at(-1)).toMatchObject({ lead: { email: 'z@x.example', title: 'CEO' } });
    expect(found.file?.mapping.map(({ column }) => column)).toEqual(['work_email', 'title']);
    expect(found.file?.ignoredColumns).toEqual(['email']);
  });

  test('an element without end is refused before it fills the memory', async () => {
    const found = await readWhole(`[{"email":"a@x.example"},\n{"email":"${'x'.repeat(400_000)}"}]`);
    expect(found).toMatchObject({ problem: 'record_too_large' });
    expect(outline(found)).toEqual(['1/1 a@x.example']);
  });
});
