// Risk: a setting brought along from the former system is believed to hold, and does nothing.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { formerVariables, formerVariablesLine } from './former-variables.ts';

const root = resolve(__dirname, '../../..');

test('names what is set and has no effect, says what replaces it, and shows no value', () => {
  const line = formerVariablesLine({
    REDIS_REQUIRED: 'false',
    SESSION_SECRET_KEY: 'a-secret-value',
    STATE_BACKEND: '',
    REDIS_URL: 'redis://127.0.0.1',
  });
  expect(line).toContain('REDIS_REQUIRED (instead: Nothing to set: Redis at REDIS_URL');
  expect(line).toContain('SESSION_SECRET_KEY');
  expect(line).not.toContain('a-secret-value');
  expect(line).not.toContain('STATE_BACKEND');
  expect(line).not.toContain('\n');
});

test('says nothing when none is set', () => {
  expect(formerVariablesLine({ REDIS_URL: 'redis://127.0.0.1', REDIS_REQUIRED: ' ' })).toBeNull();
});

test('a variable that a service reads is never called one without effect', () => {
  const read = ['gateway', 'gatekeeper', 'scheduler', 'webhooks']
    .map((app) => readFileSync(join(root, 'apps', app, 'src/config.ts'), 'utf8'))
    .concat(readFileSync(join(root, 'libs/service-kit/src/config.ts'), 'utf8'))
    .join('\n');
  const alive = Object.keys(formerVariables).filter((name) => new RegExp(`\\b${name}:`).test(read));
  expect(alive).toEqual([]);
});

test.each([
  'RATE_LIMIT_REDIS_NAMESPACE',
  'CONTEXT_REDIS_PREFIX',
  'REDIS_MAX_CONNECTIONS',
  'REDIS_REQUIRED',
  'STATE_DUAL_READ_ENABLED',
])('%s is known', (name) => {
  expect(formerVariables[name]).toMatch(/\S/);
});
