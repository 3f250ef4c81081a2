// Risk: the one command that proves the product prints something else than it promises, or says PASS when it is not.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  actionIdSchema,
  batchIdSchema,
  digestSchema,
  instantSchema,
  rowVerdictSchema,
} from '@caio/contracts';
import { z } from 'zod';
import { root } from './testing/gatekeeper-process.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-job-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const reportSchema = z.object({
  ok: z.boolean(),
  leads: z.array(
    z.object({
      line: z.number().int().min(1),
      physicalLine: z.number().int().min(1),
      email: z.string().nullable(),
      verdict: rowVerdictSchema,
      tier: z.string().nullable(),
      score: z.number().nullable(),
      reasons: z.array(z.string().min(1)).min(1),
    }),
  ),
  batch: z
    .object({
      id: batchIdSchema,
      previewHash: digestSchema,
      expiresAt: instantSchema,
      policyVersion: z.string().min(1),
      leftOut: z.array(z.object({ email: z.string(), reason: z.string() })),
    })
    .nullable(),
  receipts: z.array(
    z.object({
      actionId: actionIdSchema,
      email: z.string(),
      channel: z.literal('email'),
      outcome: z.string(),
      contentDigest: digestSchema,
      providerMessageId: z.string().nullable(),
    }),
  ),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const caioWith = (environment: Record<string, string>, ...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'tools/bin/caio.mjs'), ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

const caio = (...args: string[]): Promise<Ended> => caioWith({}, ...args);

const save = (name: string, content: string | Buffer): string => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};

const header =
  'First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,Website,Annual Revenue';
const good =
  'Ava,Stone,CEO,Oak Lane Agency,ava.stone@oaklane.example,Verified,120,Marketing & Advertising,https://oaklane.example,$30M';

describe('start --once --json', () => {
  test('prints one object of the promised shape, nothing else on standard output, and every drafted lead is placed', async () => {
    const ended = await caio('start', '--once', '--json');
    expect(ended.code).toBe(0);
    expect(ended.stdout.trim().split('\n')).toHaveLength(1);
    const report = reportSchema.parse(JSON.parse(ended.stdout));
    expect(report.ok).toBe(true);
    expect(report.checks.every(({ ok }) => ok)).toBe(true);
    expect(report.leads.length).toBeGreaterThanOrEqual(200);
    const placed = new Set([
      ...report.receipts.map(({ email }) => email),
      ...(report.batch?.leftOut ?? []).map(({ email }) => email),
    ]);
    const drafted = report.leads.filter(({ verdict }) => verdict === 'drafted');
    expect(drafted.filter(({ email }) => !placed.has((email ?? '').toLowerCase()))).toEqual([]);
    expect(new Set(report.leads.map(({ verdict }) => verdict)).size).toBe(6);
    expect(
      report.receipts.every(
        ({ outcome, providerMessageId }) => outcome === 'handed_over' && providerMessageId !== null,
      ),
    ).toBe(true);
  }, 90_000);

  test('a second company runs from data alone: other people, other sender, other rules', async () => {
    const file = save(
      'trades.csv',
      `${header}\nMia,Fenn,Owner,Greenblade Lawn Care,mia@greenblade-lawn.example,Verified,40,Landscaping,https://greenblade-lawn.example,$4M\n${good}\n`,
    );
    const [kestrel, harbor] = [
      await caio(
        'start',
        '--once',
        '--json',
        '--input',
        file,
        '--pack',
        join(root, 'config/copy-pack/kestrel-field'),
      ),
      await caio('start', '--once', '--json', '--input', file),
    ].map(({ stdout }) => reportSchema.parse(JSON.parse(stdout)));
    expect(kestrel?.leads.map(({ verdict }) => verdict)).toEqual(['drafted', 'disqualified']);
    expect(harbor?.leads.map(({ tier }) => tier)).toEqual(['tier_3', 'tier_1']);
    expect(kestrel?.leads[0]?.tier).not.toBe('tier_3');
    expect([kestrel?.ok, harbor?.ok]).toEqual([true, true]);
  }, 90_000);

  test('nobody qualified is no batch, nothing sent, and no lie about it', async () => {
    const file = save(
      'nobody.csv',
      `${header}\nCy,Reed,Intern,Oak Lane Agency,cy@oaklane.example,Verified,120,Marketing & Advertising,https://oaklane.example,$30M\n`,
    );
    const ended = await caio('start', '--once', '--json', '--input', file);
    const report = reportSchema.parse(JSON.parse(ended.stdout));
    expect(report).toMatchObject({ ok: true, batch: null, receipts: [] });
    const forPeople = await caio('start', '--once', '--input', file);
    expect([forPeople.code, forPeople.stdout.trimEnd().split('\n').at(-1)]).toEqual([
      0,
      'PASS (nothing qualified, so nothing was sent)',
    ]);
    expect(forPeople.stdout).toContain('nothing to compare');
  }, 90_000);
});

describe('bad input is one clear message and exit code 1', () => {
  test.each([
    ['no such file', () => join(folder, 'nowhere.csv'), [], /nowhere\.csv .*no such file/],
    ['a folder', () => folder, [], /caio-job-\w+ .*it is a folder/],
    [
      'a picture',
      () => save('picture.png', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1])),
      [],
      /^(?![^]*0 rows)[^]*This is a picture, not CSV or JSON/,
    ],
    [
      'columns nobody knows',
      () => save('columns.csv', 'Vorname,Nachname\nAva,Stone\n'),
      [],
      /Vorname \| Nachname[^]*--map email=/,
    ],
    [
      'a file without one recognised row',
      () => save('noise.csv', `${header}\nx,y,z,a,not an address,v,1,2,3,4\n`),
      [],
      /None of the rows/,
    ],
    [
      'one bad row with --strict',
      () => save('strict.csv', `${header}\n${good}\nx,y,z,a,not an address,v,1,2,3,4\n`),
      ['--strict'],
      /--strict/,
    ],
  ])(
    '%s',
    async (_name, file, flags, words) => {
      const ended = await caio('start', '--once', '--input', file(), ...flags);
      expect(ended.code).toBe(1);
      expect(ended.stdout + ended.stderr).toMatch(words);
      expect(ended.stdout + ended.stderr).not.toMatch(/\n {4}at /);
    },
    60_000,
  );

  test.each([
    [['--twice'], '--twice'],
    [['--json'], '--json is the report of --once'],
    [['--records', 'x'], '--records belongs to --once'],
    [['--once', '--data', 'x'], '--data has no meaning with it'],
  ])('wrong usage %j is exit code 2 and says why', async (args, words) => {
    const ended = await caio('start', ...args);
    expect(ended.code).toBe(2);
    expect(ended.stdout + ended.stderr).toContain(words);
  });

  test('options of start that npm kept for itself are exit code 2 and say where they belong', async () => {
    const ended = await caioWith({ npm_config_once: 'true', npm_config_port: 'true' }, 'start', '9080');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('npm took --once, --port for itself');
    expect(ended.stderr).toContain('npm start -- ');
  });

  test('--help is exit code 0 everywhere', async () => {
    for (const command of [
      [],
      ['start'],
      ['run-pipeline'],
      ['drafts'],
      ['batches', 'freeze'],
      ['halt'],
      ['suppressions', 'add'],
      ['audit', 'verify'],
    ]) {
      const ended = await caio(...command, '--help');
      expect([command, ended.code, /^Usage: .*caio/.test(ended.stdout)]).toEqual([command, 0, true]);
    }
  }, 30_000);
});
