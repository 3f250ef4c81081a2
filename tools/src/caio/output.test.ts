// Risk: a name in somebody's lead file steers the terminal of whoever reads it, or shows another address than it is.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { rowOutcomeSchema } from '@caio/contracts';
import { leadsText } from '../once/report.ts';
import { tableText } from './output.ts';
import { visibleText } from './visible-text.ts';

const root = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'caio-marks-'));
const hostile = 'a\u001b[2J\u009b31m\u202egpj.exe\u2066\u0007\r\u007f';
const shown = 'a␛[2J<U+009B>31m<U+202E>gpj.exe<U+2066>␇␍␡';
/** Everything a person's terminal might obey; newline and tab are how tables and texts are laid out. */
const obeyed = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/u;

beforeAll(() => {
  const call = {
    timestamp: '2026-01-05T12:00:00.000Z',
    correlation_id: 'marks-test-0001',
    ...{ case_id: null, agent: 'gateway', tool_name: hostile, tool_input_summary: '' },
    ...{ tool_output_summary: '', retrieved_context_refs: [], status: 'success', duration_ms: 3 },
    ...{ error_code: null, error_message: null },
  };
  writeFileSync(join(folder, 'traces.jsonl'), `${JSON.stringify(call)}\n`);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const caio = (...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'tools/bin/caio.mjs'), ...args], { encoding: 'utf8' });
const trace = (...flags: string[]) => caio('trace', 'marks-test-0001', '--dir', folder, ...flags);

test('every control character and every bidi control becomes a mark, newline and tab stay', () => {
  expect(visibleText(hostile)).toBe(shown);
  expect(visibleText('one\ttwo\nÅse 東京 🙂 é')).toBe('one\ttwo\nÅse 東京 🙂 é');
  for (let code = 0; code < 0x2100; code += 1) {
    expect(visibleText(String.fromCodePoint(code))).not.toMatch(obeyed);
  }
  const bidi = [
    0x061c, 0x200e, 0x200f, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069,
  ];
  expect(visibleText(String.fromCodePoint(...bidi))).toBe(
    bidi.map((code) => `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`).join(''),
  );
});

test('a table that is wider than the terminal comes as lines of its own, with every cell whole', () => {
  const head = ['draft', 'e-mail'];
  const rows = [['drf_1', 'ines.varga@larkspur-agency.example']];
  const table = tableText(head, rows, undefined);
  const width = table.indexOf('\n');
  expect(tableText(head, rows, width)).toBe(table);
  expect(tableText(head, rows, width - 1)).toBe('draft  e-mail\ndrf_1  ines.varga@larkspur-agency.example');
});

test('a table for people shows the marks, in columns that still line up', () => {
  const { stdout } = trace();
  expect(stdout).toContain(shown);
  expect(stdout).not.toMatch(obeyed);
  const widths = new Set(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.length),
  );
  expect(widths.size).toBe(1);
});

test('JSON for programs holds the very text', () => {
  const answer: unknown = JSON.parse(trace('--json').stdout);
  expect(answer).toMatchObject([{ tool_name: hostile }]);
  expect(trace('--json').stdout).toContain('\u202e');
});

test('what went wrong is said in marks too', () => {
  const { stderr, status } = spawnSync(
    process.execPath,
    [join(root, 'tools/bin/caio.mjs'), 'run-pipeline', '--input', hostile],
    { encoding: 'utf8', env: { PATH: '', CAIO_URL: 'http://127.0.0.1:9', CAIO_TOKEN: 'x'.repeat(40) } },
  );
  expect(status).toBe(1);
  expect(stderr).toContain(shown);
  expect(stderr).not.toMatch(obeyed);
});

test('the report of a lead file shows the marks in addresses and in values that could not be read', () => {
  const text = leadsText([
    rowOutcomeSchema.parse({
      ...{ line: 2, physicalLine: 2, email: `x\u202e@a.example`, verdict: 'bad_row', tier: null },
      ...{ score: null, reasons: ['unreadable'] },
      problems: [{ column: 'Email\u001b', value: '\u009b', reason: 'is not an address' }],
    }),
  ]);
  expect(text).toContain('x<U+202E>@a.example');
  expect(text).toContain('Email␛ "<U+009B>"');
  expect(text).not.toMatch(obeyed);
});
