// Risk: the one command that proves the product prints something else than it promises, or says PASS when it is not.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
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
import { waitFor } from '@caio/test-kit';
import { z } from 'zod';
import { takenPort } from '../stack/free-ports.ts';
import { portsFrom } from '../stack/stack-settings.ts';
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

const caio = (...args: string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'tools/bin/caio.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });

const save = (name: string, content: string): string => {
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
    ['no such file', () => join(folder, 'nowhere.csv'), [], /no such file/],
    ['an empty file', () => save('empty.csv', ''), [], /empty/],
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

  test('wrong usage is exit code 2 and names the option', async () => {
    const ended = await caio('start', '--twice');
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain('--twice');
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
      expect([command, ended.code, ended.stdout.includes('Usage: caio')]).toEqual([command, 0, true]);
    }
  }, 30_000);
});

describe('npm start', () => {
  let port = 0;
  beforeAll(async () => {
    // Far from the usual ports, so that a stack somebody is using stays undisturbed.
    do port = 20_000 + Math.floor(Math.random() * 20_000);
    while ((await takenPort({ ...portsFrom(port) })) !== null);
  });
  const start = () =>
    spawn(
      process.execPath,
      [
        ...[
          join(root, 'tools/bin/caio.mjs'),
          'start',
          '--input',
          save(
            'start.csv',
            `${header}
${good}
`,
          ),
        ],
        ...['--port', String(port), '--data', join(folder, 'data')],
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      },
    );
  const collect = (child: ReturnType<typeof start>) => {
    const said = { text: '' };
    child.stdout.on('data', (chunk: Buffer) => (said.text += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (said.text += chunk.toString()));
    return said;
  };
  const childrenOf = (pid: number): number[] =>
    readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
      .trim()
      .split(/\s+/)
      .filter((text) => text !== '')
      .map(Number);
  const lives = (pid: number): boolean => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };

  /** The kernel may take a moment to take an ended process off its list. */
  const allGone = (pids: readonly number[]) =>
    waitFor(() => !pids.some(lives), {
      timeoutMs: 2_000,
      describe: () => `no process to stay: ${pids.filter(lives).join(', ')}`,
    });

  test('a taken port is one sentence with the port in it and a non-zero exit', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(port + 2, '127.0.0.1', resolve));
    const child = start();
    const said = collect(child);
    const code = await new Promise((resolve) => child.once('close', resolve));
    await new Promise((resolve) => holder.close(resolve));
    expect(code).toBe(1);
    expect(said.text).toMatch(new RegExp(`Port ${port + 2}.*scheduler.*taken`));
  }, 30_000);

  test('it comes up, says where and that nothing leaves, and Ctrl-C leaves no process behind', async () => {
    const child = start();
    const said = collect(child);
    await waitFor(() => said.text.includes('Press Ctrl-C'), {
      timeoutMs: 40_000,
      describe: () => `the stack to be up\n${said.text}`,
    });
    expect(said.text).toContain('NOTHING LEAVES THIS MACHINE');
    expect(said.text).toMatch(/Login token of this session: \S{20,}/);
    expect(said.text).toContain('ava.stone@oaklane.example');
    const children = childrenOf(child.pid ?? 0);
    expect(children.length).toBeGreaterThanOrEqual(5);
    child.kill('SIGINT');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(0);
    await allGone(children);
  }, 90_000);

  test('a part that dies ends the stack with a sentence that names it, and nothing stays', async () => {
    const child = start();
    const said = collect(child);
    await waitFor(() => said.text.includes('Press Ctrl-C'), {
      timeoutMs: 40_000,
      describe: () => `the stack to be up\n${said.text}`,
    });
    const children = childrenOf(child.pid ?? 0);
    const scheduler = children.find((pid) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('dist/scheduler'),
    );
    process.kill(scheduler ?? 0, 'SIGKILL');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(said.text).toMatch(/scheduler was ended by SIGKILL/);
    await allGone(children);
  }, 90_000);

  test('a Redis that dies ends the stack with a sentence that says so, and nothing stays', async () => {
    const child = start();
    const said = collect(child);
    await waitFor(() => said.text.includes('Press Ctrl-C'), {
      timeoutMs: 40_000,
      describe: () => `the stack to be up\n${said.text}`,
    });
    const children = childrenOf(child.pid ?? 0);
    const redis = children.find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('redis'));
    process.kill(redis ?? 0, 'SIGKILL');
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect(code).toBe(1);
    expect(said.text).toMatch(/Redis is gone, so everything stops/);
    await allGone(children);
  }, 90_000);
});
