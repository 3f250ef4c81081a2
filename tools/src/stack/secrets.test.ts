// Risk: keys that cannot be used are silently replaced, and everything stored under them is lost.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type DataFolder, dataFolderAt } from './data-folder.ts';
import { createStackSecrets, keepStackSecrets } from './secrets.ts';

let path: string;
let folder: DataFolder;
beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), 'caio-secrets-'));
  folder = dataFolderAt(path);
});
afterEach(() => rmSync(path, { recursive: true, force: true }));

const refusal = (): string => {
  try {
    keepStackSecrets(folder);
  } catch (error) {
    if (error instanceof Error) return error.message;
  }
  throw new Error('these keys were taken');
};

test('they are made once, for their owner alone, and kept', () => {
  const made = keepStackSecrets(folder);
  mkdirSync(folder.redis);
  expect(keepStackSecrets(folder)).toEqual(made);
  expect(statSync(folder.secretsFile).mode & 0o777).toBe(0o600);
});

const valid = createStackSecrets();
test.each([
  ['no JSON', '{"pseudonymKey": "half a', 'secrets.json is not valid JSON'],
  ['no object', '[]', 'secrets.json is not an object'],
  [
    'a short key',
    { ...valid, pseudonymKey: 'hidden-word' },
    /pseudonymKey in .* is shorter than 32 characters/,
  ],
  ['a missing key', { ...valid, auditSealKey: undefined }, /auditSealKey in .* is missing/],
  [
    'a key that is none',
    { ...valid, privateKeys: { ...valid.privateKeys, gateway: 'hidden-word' } },
    /privateKeys\.gateway in .* (is not base64url|does not decode)/,
  ],
])('%s: names the file and the fault, shows no value and replaces nothing', (_name, content, words) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  mkdirSync(join(path, 'local'));
  writeFileSync(folder.secretsFile, text);
  const message = refusal();
  expect(message).toMatch(words);
  expect(message).toContain(folder.secretsFile);
  expect(message).not.toContain('hidden-word');
  expect(readFileSync(folder.secretsFile, 'utf8')).toBe(text);
});

test('keys that are gone while their data is not are not made anew', () => {
  mkdirSync(folder.redis, { recursive: true });
  expect(refusal()).toContain(`${folder.secretsFile} is missing`);
  expect(existsSync(folder.secretsFile)).toBe(false);
});
