// Risk: the drill that shows a stop in front of an auditor cannot be run, or leaves something of it behind.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { root } from './testing/gatekeeper-process.ts';

const verdictSchema = z.object({
  ok: z.boolean(),
  messages: z.number(),
  checks: z.array(z.object({ name: z.string(), ok: z.boolean(), detail: z.string() })),
});

const caio = (...args: string[]) =>
  new Promise<{ code: number | null; stdout: string; stderr: string }>((ended) => {
    const child = spawn(process.execPath, [join(root, 'tools/bin/caio.mjs'), ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('close', (code) => ended({ code, stdout, stderr }));
  });
const foldersOfDrills = (): string[] =>
  readdirSync(tmpdir()).filter((name) => name.startsWith('caio-drill-'));

test('a drill stops a stack of its own in the middle of sending, and every check of it holds', async () => {
  const before = foldersOfDrills();
  const { code, stdout, stderr } = await caio('halt', '--drill', '--messages', '80', '--json');
  const { checks, ...verdict } = verdictSchema.parse(JSON.parse(stdout));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect([code, verdict, checks.length]).toEqual([0, { ok: true, messages: 80 }, 6]);
  expect(stderr).toContain('Nothing of yours is stopped.');
  expect(foldersOfDrills()).toEqual(before);
}, 90_000);

test('a drill with a reason is refused, because whoever gives one means to stop', async () => {
  const { code, stderr } = await caio('halt', '--drill', '--reason', 'a wrong price');
  expect([code, stderr]).toEqual([2, expect.stringContaining('to stop everything leave --drill out')]);
});
