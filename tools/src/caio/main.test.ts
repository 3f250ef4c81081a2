// Risk: a program that reads an answer through a pipe gets the first part of it and takes it for the whole.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

const root = resolve(__dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'caio-pipe-'));
const calls = 3_000;
const program = join(root, 'tools/bin/caio.mjs');
const args = [program, 'trace', 'pipe-test-0001', '--dir', folder, '--json'];

beforeAll(() => {
  const line = JSON.stringify({
    timestamp: '2026-01-05T12:00:00.000Z',
    correlation_id: 'pipe-test-0001',
    case_id: null,
    agent: 'gateway',
    tool_name: 'GET /api/drafts',
    tool_input_summary: '',
    tool_output_summary: '',
    retrieved_context_refs: [],
    status: 'success',
    duration_ms: 3,
    error_code: null,
    error_message: null,
  });
  writeFileSync(join(folder, 'traces.jsonl'), `${line}\n`.repeat(calls));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a long answer arrives whole through a pipe whose reader is slow', async () => {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const chunks: Buffer[] = [];
  for await (const chunk of child.stdout) {
    chunks.push(chunk as Buffer);
    child.stdout.pause();
    setImmediate(() => child.stdout.resume());
  }
  const answer: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  expect(answer).toHaveLength(calls);
});

test('a reader that stops early ends the command without a stack trace', () => {
  const output = execFileSync('sh', ['-c', `"$0" "$@" 2>&1 | head -c 10`, process.execPath, ...args]);
  expect(output.toString()).toBe('[{"timesta');
});
