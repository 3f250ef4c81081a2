// Risk: a deployment is started with a secret that is empty, shared by mistake or readable by others, or a second run destroys the keys of a filled store.
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseServicePrivateKey, parseServicePublicKeys } from '@caio/auth';
import { serviceNameSchema } from '@caio/contracts';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { repositoryRoot } from '../../process/repository-root.mjs';
import { fillEnvironment } from './environment-init.ts';
import { runProgram } from './program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'caio-env-'));
  for (const file of ['.env.example', '.env.staging.example'])
    writeFileSync(join(folder, file), exampleOf(file));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const exampleOf = (file: string): string => readFileSync(join(repositoryRoot, file), 'utf8');
const assignmentsOf = (text: string): [string, string][] =>
  text
    .split('\n')
    .filter((line) => /^[A-Z]/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
const caio = (...args: string[]) => runProgram({ root: folder, environment: {} }, ['env', 'init', ...args]);

test('everything docker compose needs is filled in, each secret of its own, and the token as well', () => {
  const { text, empty } = fillEnvironment(exampleOf('.env.example'), 'compose');
  expect(empty).toEqual([]);
  const values = Object.fromEntries(assignmentsOf(text));
  expect(Object.entries(values).filter(([, value]) => value === '')).toEqual([]);
  expect(new Set(Object.values(values)).size).toBe(Object.keys(values).length);
  expect(values).toMatchObject({
    DASHBOARD_AUTH_TOKEN: expect.stringMatching(/^[\w-]{44}$/),
    REDIS_PASSWORD: expect.stringMatching(/^[\w-]{44}$/),
    INNGEST_SIGNING_KEY: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
});

test('two runs share no secret', () => {
  const [first, second] = [1, 2].map(() =>
    assignmentsOf(fillEnvironment(exampleOf('.env.example'), 'compose').text).map(([, value]) => value),
  );
  expect(first?.filter((value) => second?.includes(value))).toEqual([]);
});

test('each block for Railway has the private key its public key belongs to, and what the services share is the same', () => {
  const { text, empty } = fillEnvironment(exampleOf('.env.staging.example'), 'staging');
  const assignments = assignmentsOf(text);
  const all = (name: string) => assignments.filter(([other]) => other === name).map(([, value]) => value);
  const [published = ''] = new Set(all('SERVICE_PUBLIC_KEYS'));
  expect(new Set(all('SERVICE_PUBLIC_KEYS')).size).toBe(1);
  expect(parseServicePublicKeys(published)).toMatchObject({ ok: true });
  const xOf = (key: string): unknown => JSON.parse(Buffer.from(key, 'base64url').toString()).x;
  expect(all('SERVICE_PRIVATE_KEY').map((key) => parseServicePrivateKey(key).ok)).toEqual([
    true,
    true,
    true,
    true,
  ]);
  expect(all('SERVICE_PRIVATE_KEY').map(xOf)).toEqual(
    serviceNameSchema.options.map((service) => JSON.parse(published)[service].x),
  );
  expect(new Set(all('UNSUBSCRIBE_SECRET')).size).toBe(1);
  const customers = ['URL', 'KEY', 'LOCATION'].map((name) => `CUSTOMER_SOURCE_${name} of the gatekeeper`);
  expect(empty).toEqual(['COPY_PACK_DIR of the gatekeeper', ...customers, 'COPY_PACK_DIR of the scheduler']);
});

test.each([
  [[], '.env'],
  [['--compose'], '.env'],
  [['--staging'], '.env.staging'],
])('caio env init %j writes %s for this user alone and never a second time', async (args, file) => {
  expect(await caio(...args)).toBe(0);
  const path = join(folder, file);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  const before = readFileSync(path, 'utf8');
  expect(await caio(...args)).toBe(1);
  expect(readFileSync(path, 'utf8')).toBe(before);
});

test('two kinds at once are refused', async () => {
  expect(await caio('--compose', '--staging')).toBe(2);
});
