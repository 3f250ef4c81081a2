// Risk: npm ci works here and fails for the newcomer, whose platform or manifest the lock file does not know.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findLockProblems } from './lock-file.mjs';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'caio-lock-'));
  mkdirSync(join(root, 'libs/auth'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const manifest = { dependencies: { swift: '^1.0.0' } };

function problemsOf(packages: Record<string, unknown>, workspace: unknown = manifest): string[] {
  writeFileSync(join(root, 'package.json'), JSON.stringify({ name: 'root' }));
  writeFileSync(join(root, 'libs/auth/package.json'), JSON.stringify(workspace));
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...packages } }));
  return findLockProblems(root);
}

const sound = {
  'libs/auth': manifest,
  'node_modules/@caio/auth': { link: true, resolved: 'libs/auth' },
  'node_modules/swift': {
    version: '1.0.1',
    optionalDependencies: { 'swift-linux': '1.0.1', 'swift-mac': '1.0.1' },
  },
  'node_modules/swift-linux': { version: '1.0.1' },
  'node_modules/swift/node_modules/swift-mac': { version: '1.0.1' },
};

test('a lock file that knows every manifest and platform is sound', () => {
  expect(problemsOf(sound)).toEqual([]);
});

test('a platform that was not to be had where the file was written is named', () => {
  const { 'node_modules/swift/node_modules/swift-mac': _lost, ...rest } = sound;
  expect(problemsOf(rest)).toEqual([expect.stringContaining('swift-mac is missing from the lock file')]);
});

test('a dependency added by hand is named', () => {
  const changed = { dependencies: { ...manifest.dependencies, other: '1.0.0' } };
  expect(problemsOf(sound, changed)).toEqual([
    'libs/auth: dependencies differ from the lock file; type npm install',
  ]);
});

test('an address of a registry is named', () => {
  const packages = {
    ...sound,
    'node_modules/swift-linux': { resolved: 'https://registry.example/swift-linux.tgz' },
  };
  expect(problemsOf(packages)).toEqual([expect.stringContaining('names a registry')]);
});
