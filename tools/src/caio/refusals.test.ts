// Risk: somebody types a command wrongly, or nobody answers, and they believe it was done, most of all a stop.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';

const root = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'caio-refusals-'));
const draft = 'drf_01M7W317HB9KBPARJG0TZ53QRE';
const batch = 'bat_01M7W317HB9KBPARJG0TZ53QRE';

/** Takes every call and gives no answer. */
let server: Server;
let silentUrl = '';
beforeAll(async () => {
  server = createServer(
    (socket) => void socket.on('data', () => socket.destroy()).on('error', () => undefined),
  );
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  silentUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (args: readonly string[], env: Record<string, string> = {}): Promise<Ended> =>
  new Promise((ended) => {
    const child = spawn(process.execPath, [join(root, 'tools/bin/caio.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], CAIO_DATA: folder, ...env },
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => ended({ code, stdout, stderr }));
  });
const away = { CAIO_URL: 'http://127.0.0.1:9', CAIO_TOKEN: 'a-token-of-this-test' };
const refusalSchema = z.strictObject({
  error: z.strictObject({
    code: z.string(),
    message: z.string(),
    fix: z.string().nullable(),
    correlationId: z.string().nullable(),
    details: z.unknown().optional(),
  }),
});

describe('a stop that was not made', () => {
  test.each([
    ['without a reason', ['halt']],
    ['with an empty reason', ['halt', '--reason', '  ']],
    ['with the reason in the wrong place', ['halt', 'wrong price']],
    ['with a reason without quotes', ['halt', '--reason', 'wrong', 'price']],
    ['with a mistyped option', ['halt', '--reson', 'wrong price']],
    ['with a mistyped word', ['hlat', '--reason', 'wrong price']],
    ['with another word', ['stop', '--reason', 'wrong price']],
    ['with options in front', ['--data', folder, 'hault', '--reason', 'wrong price']],
  ])('because it was typed %s says so in capitals and what to type, and exits 2', async (_, args) => {
    const ended = await run(args, away);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr).toMatch(/^caio: NOTHING WAS STOPPED: /);
    expect(ended.stderr).toContain('Type: npm run caio -- halt --reason "why everything stops"');
  });

  test.each([
    ['nothing answers', away, /NOTHING WAS STOPPED: Nothing answers at http/, 'gateway_unreachable'],
    ['the address is none', { ...away, CAIO_URL: 'foo' }, /NOTHING WAS STOPPED: CAIO_URL is "foo"/, 'unread'],
    ['nobody is logged in', {}, /NOTHING WAS STOPPED: No stack runs on/, 'not_logged_in'],
  ])('because %s says so, how to stop otherwise, and exits 1', async (_, env, said, code) => {
    const ended = await run(['halt', '--reason', 'wrong price'], env);
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toMatch(said);
    expect(ended.stderr).toContain(code);
    expect(ended.stderr).toContain('EMERGENCY_STOP=true');
  });

  test('or was, and no answer came, is to be taken for not made, with how to look', async () => {
    const ended = await run(['halt', '--reason', 'wrong price'], { ...away, CAIO_URL: silentUrl });
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('NOT CONFIRMED, so count on it that NOTHING WAS STOPPED');
    expect(ended.stderr).toContain('npm run caio -- halt status');
  });

  test('because npm took the reason says where it belongs', async () => {
    const ended = await run(['halt', 'price'], { ...away, npm_config_reason: 'true' });
    expect(ended.stderr).toMatch(/NOTHING WAS STOPPED: .*npm took --reason for itself/i);
    expect(ended.code).toBe(2);
  });

  test.each([
    ['halt', 'status'],
    ['halt', 'lift', '--reason', 'mended'],
    ['status'],
    ['start', '--nonsense'],
    ['drafts', 'list'],
  ])('is not claimed for %s %s', async (...args) => {
    const ended = await run(args, away);
    expect(ended.code).toBeGreaterThan(0);
    expect(ended.stderr).not.toContain('NOTHING WAS STOPPED');
  });
});

describe('a value that is not taken', () => {
  test.each([
    [['drafts', 'list', '--status', 'pendin'], 'withdrawn. Did you mean pending?'],
    [['batches', 'freeze', '--motion', 'cold'], 'Give one of: outbound, cadence, revival.'],
    [
      ['drafts', 'reject', draft, '--tag', 'x', '--reason', 'a'.repeat(20)],
      'Give one of: personalization_mismatch',
    ],
    [['drafts', 'reject', draft, '--tag', 'other', '--reason', 'too short'], 'at least 20 characters'],
    [['exclusions', 'add', 'a.example', '--kind', 'friend'], 'customer, competitor, own, personal, other'],
    [['suppressions', 'add', 'a@a.example', '--reason', 'no'], 'unsubscribed, complained, bounced, manual'],
    [['drafts', 'approve', draft, '--digest', 'f69beb'], 'drafts show`; this has 6.'],
    [['drafts', 'approve', draft, '--digest', 'g'.repeat(64)], 'others than 0-9 and a-f'],
    [
      ['batches', 'approve', batch, '--hash', 'f69beb'],
      '64 characters shown by `npm run caio -- batches show`',
    ],
    [['drafts', 'show', batch], 'An id here is drf_ and 26 letters and digits'],
    [['run-pipeline', '--input', 'x.csv', '--map', 'email'], 'Write it as field=Header'],
    [['run-pipeline', '--input', 'x.csv', '--map', 'mail=Email'], 'Use one of: email, emailStatus'],
    [['run-pipeline', '--input', 'x.csv', '--map', 'email=A', '--map', 'email=B'], 'name it once'],
    [['drafts', 'recall', draft, '--reason', ''], 'Say why, in at least 3 characters'],
    [['drafts', 'edit', draft], 'say what to change'],
  ])('%j is exit 2 in plain words, and asks nobody', async (args, said) => {
    const ended = await run(args, away);
    expect([ended.code, ended.stdout]).toEqual([2, '']);
    expect(ended.stderr.toLowerCase()).toContain(said.toLowerCase());
    expect(ended.stderr).toContain('--help');
    expect(ended.stderr).not.toMatch(/\^\[|regex|pattern|schema|expected one of/i);
  });

  test('but what was copied with spaces or in capitals is', async () => {
    const digest = ` ${'AB'.repeat(32)} `;
    const ended = await run(['drafts', 'approve', draft, '--digest', digest], away);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining('gateway_unreachable')]);
  });
});

describe('with --json', () => {
  test.each([
    ['a refusal', ['status', '--json'], away, 1, 'gateway_unreachable'],
    ['a wrong value', ['drafts', 'list', '--status', 'x', '--json'], away, 2, 'wrong_usage'],
    ['a missing option', ['drafts', 'approve', draft, '--json'], away, 2, 'wrong_usage'],
    ['an unknown command', ['draft', '--json'], away, 2, 'wrong_usage'],
    ['a group without a command', ['halt', 'x', '--json'], away, 2, 'wrong_usage'],
    [
      'a file that is not there',
      ['run-pipeline', '--input', 'none.csv', '--json'],
      away,
      1,
      'file_unreadable',
    ],
    ['no address', ['audit', 'verify', '--json'], { ...away, CAIO_URL: 'foo' }, 1, 'address_unreadable'],
    ['no token', ['audit', 'verify', '--json'], { CAIO_URL: away.CAIO_URL }, 1, 'not_logged_in'],
  ])('%s is one object on standard output and nothing else', async (_, args, env, exit, code) => {
    const ended = await run(args, env);
    expect([ended.code, ended.stderr]).toEqual([exit, '']);
    expect(ended.stdout.trimEnd().split('\n')).toHaveLength(1);
    expect(refusalSchema.parse(JSON.parse(ended.stdout)).error.code).toBe(code);
  });
});

test('a token that no header can carry is said to be that, and is not shown', async () => {
  const ended = await run(['status'], { ...away, CAIO_TOKEN: 'secret token\n' });
  expect(ended.stderr).toContain('token_unreadable');
  expect(ended.stderr).not.toContain('secret');
});
