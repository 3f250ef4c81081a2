// Risk: npm start leaves processes behind, two of them ruin each other's data, or one takes away what another needs.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '@caio/test-kit';
import { root } from './testing/gatekeeper-process.ts';
import { allGone, type LocalStack, quietPort, startLocalStack } from './testing/local-stack.ts';

let folder: string;
let data: string;
let port = 0;
let running: LocalStack | null = null;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'caio-local-'));
  // What people call their folders.
  data = join(folder, 'Daten für später');
  port = await quietPort();
  writeFileSync(
    join(folder, 'start.csv'),
    `First Name,Last Name,Title,Company,Email,Email Status,# Employees,Industry,Website,Annual Revenue
Ava,Stone,CEO,Oak Lane Agency,ava.stone@oaklane.example,Verified,120,Marketing & Advertising,https://oaklane.example,$30M
`,
  );
});

afterAll(async () => {
  const left = running?.family() ?? [];
  for (const pid of left) process.kill(pid, 'SIGKILL');
  await allGone(left);
  rmSync(folder, { recursive: true, force: true });
});

const start = (
  by: 'npm' | 'itself',
  { at = port, environment = {} }: { at?: number; environment?: Record<string, string> } = {},
): LocalStack =>
  startLocalStack(
    by,
    ['--input', join(folder, 'start.csv'), '--port', String(at), '--data', data],
    environment,
  );

const startAndWait = async (by: 'npm' | 'itself'): Promise<LocalStack> => {
  running = start(by);
  await running.up();
  return running;
};

const caio = (args: readonly string[], environment: Readonly<Record<string, string>> = {}) =>
  spawnSync(process.execPath, [join(root, 'tools/bin/caio.mjs'), ...args], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
  });

const leftInLocal = (): string[] => readdirSync(join(data, 'local')).sort();

test('a taken port is one sentence with the port in it and a non-zero exit', async () => {
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(port + 2, '127.0.0.1', resolve));
  const refused = start('itself');
  expect(await refused.code).toBe(1);
  await new Promise((resolve) => holder.close(resolve));
  expect(refused.said()).toMatch(new RegExp(`Port ${port + 2}.*scheduler.*taken`));
  expect(existsSync(data)).toBe(false);
}, 30_000);

test('settings of the shell count, and a start into a stop says so', async () => {
  const stack = startLocalStack(
    'itself',
    ['--input', join(folder, 'start.csv'), '--port', String(port), '--data', join(folder, 'stopped')],
    { DELIVERY_MODE_EMAIL: 'log-only', EMERGENCY_STOP: 'yes' },
  );
  running = stack;
  await stack.up();
  await waitFor(() => stack.said().includes('--help'), {
    timeoutMs: 10_000,
    describe: () => `the last line\n${stack.said()}`,
  });
  expect(stack.said()).toContain('goes nowhere (delivery mode log-only)');
  expect(stack.said()).toMatch(/STOPPED by the variable EMERGENCY_STOP[^]*unset that variable[^]*Next:/);
  const status = caio(['status', '--data', join(folder, 'stopped')]).stdout;
  expect(status).toContain('e-mail goes log-only');
  const family = stack.family();
  stack.child.kill('SIGINT');
  await stack.code;
  await allGone(family);
}, 90_000);

test('a stack says where it is, has its folder to itself, and ends with a signal that npm alone was sent', async () => {
  const stack = await startAndWait('npm');
  expect(stack.said()).toContain('NOTHING LEAVES THIS MACHINE');
  expect(stack.said()).toMatch(/Login token of this session: \S{20,}/);
  expect(stack.said()).toMatch(/in the browser: http:\/\/127\.0\.0\.1:\d+\/sales/);
  expect(stack.said()).toContain('ava.stone@oaklane.example');
  expect(readdirSync(data).sort()).toEqual(expect.arrayContaining(['local', 'logs', 'redis', 'traces']));
  expect(existsSync(join(data, '.hive-mind'))).toBe(false);
  expect(existsSync(join(data, 'redis', 'appendonlydir'))).toBe(true);
  // Addresses and texts are in Redis, in the simulator's log and in the logs: nobody else on the machine reads them.
  const kept = readdirSync(data, { recursive: true, encoding: 'utf8' });
  expect(kept.filter((path) => (statSync(join(data, path)).mode & 0o077) !== 0)).toEqual([]);

  // Each service tells this machine how its process does.
  for (const at of [port, port + 1, port + 2, port + 3])
    expect(await (await fetch(`http://127.0.0.1:${at}/metrics`)).text()).toContain('process_cpu_seconds');

  expect(caio(['drafts', 'list', '--data', data]).stdout).toContain('ava.stone@oaklane.example');
  expect(caio(['--data', data, 'drafts', 'list', '--json']).stdout).toContain('ava.stone@oaklane.example');
  expect(caio(['drafts', 'list'], { CAIO_DATA: data }).stdout).toContain('ava.stone@oaklane.example');
  const elsewhere = caio(['drafts', 'list', '--data', join(folder, 'elsewhere')]);
  expect([elsewhere.status, elsewhere.stdout]).toEqual([1, '']);
  expect(elsewhere.stderr).toContain(`No stack runs on ${join(folder, 'elsewhere')}`);

  const second = start('itself', { at: await quietPort() });
  expect(await second.code).toBe(1);
  expect(second.said().trim().split('\n')).toHaveLength(1);
  expect(second.said()).toContain(`process ${stack.find('tools/bin/caio.mjs')}, at http://127.0.0.1:${port}`);
  expect(second.said()).toContain('--data DIR');
  expect(caio(['drafts', 'list', '--data', data]).status).toBe(0);

  const family = stack.family();
  expect(family.length).toBeGreaterThanOrEqual(7);
  stack.child.kill('SIGINT');
  await stack.code;
  await allGone(family);
  expect(leftInLocal()).toEqual(['secrets.json']);
}, 90_000);

describe('whatever ends it, no process stays and the next start goes on', () => {
  test.each([
    ['npm is killed', 'npm', (stack: LocalStack) => stack.child.kill('SIGKILL'), ['secrets.json']],
    [
      'Ctrl-C comes twice, from the terminal and from npm',
      'npm',
      (stack: LocalStack): boolean => process.kill(-(stack.child.pid ?? 0), 'SIGINT'),
      ['secrets.json'],
    ],
    [
      'the starter itself is killed',
      'itself',
      (stack: LocalStack) => stack.child.kill('SIGKILL'),
      ['secrets.json', 'session.json', 'stack.lock'],
    ],
  ] as const)(
    '%s',
    async (_name, by, end, left) => {
      const stack = await startAndWait(by);
      const family = stack.family();
      end(stack);
      await stack.code;
      await allGone(family);
      expect(leftInLocal()).toEqual(left);
    },
    60_000,
  );

  test('a part that dies ends the rest with a sentence that names it; the logs of the start before are kept', async () => {
    const stack = await startAndWait('itself');
    const [before = ''] = readdirSync(join(data, 'logs')).filter((name) => name.startsWith('until-'));
    expect(statSync(join(data, 'logs', before, 'gatekeeper.log')).size).toBeGreaterThan(0);
    const family = stack.family();
    process.kill(stack.find('dist/scheduler'), 'SIGKILL');
    expect(await stack.code).toBe(1);
    expect(stack.said()).toMatch(/scheduler was ended by SIGKILL/);
    await allGone(family);
  }, 60_000);

  test('so does a Redis that dies', async () => {
    const stack = await startAndWait('itself');
    const family = stack.family();
    process.kill(stack.find('redis-server'), 'SIGKILL');
    expect(await stack.code).toBe(1);
    expect(stack.said()).toMatch(/Redis is gone, so everything stops/);
    await allGone(family);
  }, 60_000);
});

describe('a folder or a setting that cannot be used is one sentence before anything starts', () => {
  test.each([
    ['no folder', () => join(folder, 'start.csv'), {}, /data folder .*start\.csv cannot be written/],
    [
      'damaged keys',
      () => {
        const damaged = join(folder, 'damaged');
        mkdirSync(join(damaged, 'local'), { recursive: true });
        writeFileSync(join(damaged, 'local', 'secrets.json'), '{"pseudonymKey":"kurz"}');
        return damaged;
      },
      {},
      /damaged\/local\/secrets\.json .*nothing was replaced/,
    ],
    [
      'a Redis nobody answers at',
      () => data,
      { REDIS_URL: 'redis://someone:hidden-word@127.0.0.1:1' },
      /^(?![^]*hidden-word)[^]*redis:\/\/127\.0\.0\.1:1, which does not answer/,
    ],
  ])('%s', async (_name, dataDir, environment, words) => {
    const input = join(folder, 'start.csv');
    const refused = startLocalStack(
      'itself',
      ['--input', input, '--port', String(port), '--data', dataDir()],
      environment,
    );
    expect(await refused.code).toBe(1);
    expect(refused.said()).toMatch(words);
    expect(refused.said()).not.toMatch(/\n {4}at /);
    expect(statSync(input).isFile()).toBe(true);
  });
});
