// Risk: a damaged audit looks sound to a person, a script or a scheduler, or a head kept outside is not asked for.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditCheck, AuditVerdict } from '@caio/contracts';
import { exportMacOf, macOf } from '@caio/state-store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Command, CommanderError } from 'commander';
import { createApiClient } from '../../api/api-client.ts';
import { createOutreachApi } from '../../api/outreach-api.ts';
import { addAuditCommands } from './audit-commands.ts';

let folder = '';
let server: Server;
let asked: URLSearchParams[] = [];
let answers: unknown[] = [];
const written = { out: '', err: '' };
const write = { out: process.stdout.write, err: process.stderr.write };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caio-audit-'));
  server = createServer((req, res) => {
    asked.push(new URL(req.url ?? '', 'http://gateway.example').searchParams);
    res.setHeader('content-type', 'application/json');
    res.end(JSON.stringify(answers.shift()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
beforeEach(() => {
  asked = [];
  Object.assign(written, { out: '', err: '' });
  process.stdout.write = (text: string | Uint8Array) => {
    written.out += String(text);
    return true;
  };
  process.stderr.write = (text: string | Uint8Array) => {
    written.err += String(text);
    return true;
  };
});
afterEach(() => {
  process.stdout.write = write.out;
  process.stderr.write = write.err;
  process.exitCode = undefined;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Exit code of `caio audit …` when the gateway answers so. */
const audit = async (args: readonly string[], ...told: unknown[]): Promise<number> => {
  answers = told;
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const program = new Command('caio').exitOverride();
  const api = createOutreachApi(
    createApiClient({ baseUrl: `http://127.0.0.1:${port}`, token: 'a-token', correlationId: 'test' }),
  );
  addAuditCommands(program, () => api);
  try {
    await program.parseAsync(['audit', ...args], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode;
    throw error;
  }
  return Number(process.exitCode ?? 0);
};

const verify = (args: readonly string[], ...told: AuditCheck[]): Promise<number> =>
  audit(['verify', ...args], ...told);

const head = 'a'.repeat(64);
const verdict = (part: Partial<AuditVerdict> = {}): AuditVerdict => ({
  ...{
    state: 'checked',
    retired: null,
    ok: true,
    rows: 44,
    sealed: 42,
    unsealed: 2,
    unsealedSince: '2026-01-05T12:00:00.000Z',
  },
  ...{ head, storeId: 'store-1', firstBroken: null, problems: [] },
  ...part,
});
const broken = verdict({
  ...{ ok: false, sealed: 39, firstBroken: { index: 39, id: '1795165298376-2', why: 'row_missing' } },
  problems: [{ why: 'rows_removed', message: '1 row that was written is not there any more.' }],
});

describe('audit verify', () => {
  test('of a sound audit ends with PASS and exit code 0', async () => {
    expect(await verify([], verdict())).toBe(0);
    expect(written.out).toContain('42 of 44 rows hold; not sealed yet: 2 (since 2026-01-05T12:00:00.000Z).');
    expect(written.out).toContain(`Head: ${head}`);
    expect(written.out.trimEnd().endsWith('PASS')).toBe(true);
  });

  test('of a damaged one names the row and why, ends with FAIL and exit code 1', async () => {
    expect(await verify([], broken)).toBe(1);
    expect(written.out).toContain('number 40, 1795165298376-2 (row_missing): it was removed.');
    expect(written.out).toContain('1 row that was written is not there any more. (rows_removed)');
    expect(written.out.trimEnd().endsWith('FAIL')).toBe(true);
  });

  test('that is sound row by row, but for a problem of the whole, fails too', async () => {
    const message = '3 rows are not sealed since 2026-01-05T12:00:00.000Z: no sealer is at work.';
    const stale = verdict({ ok: false, problems: [{ why: 'tail_not_sealed', message }] });
    expect(await verify([], stale)).toBe(1);
    expect(written.out).toContain(message);
  });

  test('gives programs the verdict as it is', async () => {
    expect(await verify(['--json'], broken)).toBe(1);
    expect(JSON.parse(written.out)).toEqual(broken);
  });

  test('of a long audit asks on, and says how far it is on standard error', async () => {
    const checking = (sealed: number): AuditCheck => ({
      ...{ state: 'checking', rows: 300_000, sealed, cursor: `at-${sealed}` },
    });
    const told = [checking(50_000), checking(120_000), checking(250_000), verdict()];
    expect(await verify(['--json'], ...told)).toBe(0);
    expect(asked.map((search) => search.get('cursor'))).toEqual([null, 'at-50000', 'at-120000', 'at-250000']);
    expect(written.err.trimEnd().split('\n')).toEqual([
      '  120000 of 300000 rows hold so far',
      '  250000 of 300000 rows hold so far',
    ]);
    expect(JSON.parse(written.out)).toEqual(verdict());
  });
});

describe('--head', () => {
  test.each([
    [
      'the file the gatekeeper keeps',
      (value: string) => `{"rows":3,"head":"${'b'.repeat(64)}"}\n{"rows":4,"head":"${value}"}\n`,
    ],
    [
      'its log',
      (value: string) => `{"msg":"audit sealed","auditHeadDigest":"${value}","rows":4}\n{"msg":"other"}\n`,
    ],
    ['what was printed', (value: string) => `44 rows hold\nHead: ${value}\nPASS\n`],
  ])('of a file takes the newest: %s', async (name, content) => {
    const file = join(folder, name);
    writeFileSync(file, content(head));
    expect(await verify(['--head', file], verdict())).toBe(0);
    expect(asked.map((search) => search.get('head'))).toEqual([head]);
  });

  test('is taken as it is', async () => {
    await verify(['--head', head], verdict());
    expect(asked.map((search) => search.get('head'))).toEqual([head]);
  });

  test.each(['1234', 'no-such-file', `${'a'.repeat(65)}`])(
    '%s is wrong usage, and nothing is asked',
    async (named) => {
      expect(await verify(['--head', named])).toBe(2);
      expect([asked, written.err]).toEqual([[], expect.stringContaining('64 hexadecimal digits')]);
    },
  );
});

describe('an export', () => {
  const key = 'an audit seal key that only tests ever use';
  const fields = ['kind', 'draft.approve', 'ref', 'r1'];
  const mac = macOf(key, '', '1-0', fields);
  const facts = {
    ...{ export: 1, environment: 'test', storeId: 'store', exportedAt: '2026-01-05T11:00:00.000Z' },
    ...{ start: { rows: 0, head: '' }, end: { rows: 1, head: mac } },
  };
  const pages = [
    { lines: [{ row: '1-0', fields, mac }], nextCursor: 'more' },
    {
      lines: [
        { seal: '2-0', head: mac, rows: 1 },
        { ...facts, mac: exportMacOf(key, facts) },
      ],
      nextCursor: null,
    },
  ];

  test('is written page by page, verified without the system, and named where a byte was changed', async () => {
    const file = join(folder, 'audit.jsonl');
    const keyFile = join(folder, 'seal.env');
    writeFileSync(keyFile, `OTHER=1\nAUDIT_SEAL_KEY=${key}\n`);
    expect(await audit(['export', '--out', file, '--from', '2026-01-05'], ...pages)).toBe(0);
    expect(asked.map((query) => query.get('cursor') ?? query.get('from'))).toEqual([
      '2026-01-05T00:00:00.000Z',
      'more',
    ]);
    expect(await audit(['verify', '--file', file, '--key', keyFile])).toBe(0);
    expect(written.out).toMatch(/1 rows written.*every code was computed again.*PASS\n$/s);
    writeFileSync(file, readFileSync(file, 'utf8').replace('approve', 'reject!'));
    expect(await audit(['verify', '--file', file])).toBe(1);
    expect(written.out).toMatch(/Line 1, row 1-0 \(line_changed\).*FAIL\n$/s);
    expect(await audit(['verify', '--file', join(folder, 'nothing')])).toBe(2);
  });
});

test('a retirement asks for what it was told, and says what it took out', async () => {
  const done = { dryRun: true, rows: 3, retired: 9, until: '2026-01-01T00:00:00.000Z', digest: 'd', head };
  expect(await audit(['retire', '--before', '2026-01-02', '--dry-run'], done)).toBe(0);
  expect(written.out).toContain('3 rows would be retired; 9 in all');
  expect(await audit(['retire', '--before', 'yesterday'])).toBe(2);
});
