// Risk: everybody who has an account on the machine reads the addresses and texts of a stack that runs there.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { closeToOthers, makeFilesPrivately } from './private-files.ts';

let folder = '';
let umask = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-private-'));
  umask = process.umask(0o022);
});
afterEach(() => {
  process.umask(umask);
  rmSync(folder, { recursive: true, force: true });
});

const openTo = (path: string): string => (statSync(join(folder, path)).mode & 0o077).toString(8);

test('what this process makes afterwards, and what its children make, is closed to others', () => {
  writeFileSync(join(folder, 'before'), '');
  makeFilesPrivately();
  mkdirSync(join(folder, 'data'));
  writeFileSync(join(folder, 'file'), '');
  const child = "require('node:fs').writeFileSync('child', '')";
  spawnSync(process.execPath, ['-e', child], { cwd: folder });
  expect(openTo('before')).not.toBe('0');
  expect(['data', 'file', 'child'].map(openTo)).toEqual(['0', '0', '0']);
});

test('what an earlier start left open is closed, and what is not there is not made', () => {
  mkdirSync(join(folder, 'redis'));
  chmodSync(join(folder, 'redis'), 0o755);
  writeFileSync(join(folder, 'log.jsonl'), '{}');
  closeToOthers(['absent', 'redis', 'log.jsonl'].map((name) => join(folder, name)));
  expect(['redis', 'log.jsonl'].map(openTo)).toEqual(['0', '0']);
  expect(readdirSync(join(folder, 'redis'))).toEqual([]);
  expect(readFileSync(join(folder, 'log.jsonl'), 'utf8')).toBe('{}');
  expect(existsSync(join(folder, 'absent'))).toBe(false);
});
