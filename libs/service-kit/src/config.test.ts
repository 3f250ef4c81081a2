// Risk: a service starts with a setting nobody meant, or the message about a wrong one prints a secret.
import { formatServicePublicKeys, generateServiceKeyPair } from '@caio/auth';
import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import {
  booleanField,
  choiceField,
  integerField,
  requiredIntegerField,
  secretField,
  textField,
  urlField,
} from './config-fields.ts';
import { ConfigError, loadConfig, secretsOf } from './config.ts';
import type { Environment } from './config.ts';

const pair = generateServiceKeyPair();
const valid: Environment = {
  REDIS_URL: 'redis://:p%40ssword@127.0.0.1:6379/0',
  SERVICE_PRIVATE_KEY: pair.privateKey,
  SERVICE_PUBLIC_KEYS: formatServicePublicKeys({ gateway: pair.publicKey }),
};
const none = z.object({});

const problemsOf = (schema: z.ZodObject, env: Environment): readonly string[] => {
  try {
    loadConfig(schema, { ...valid, ...env }, 'gatekeeper');
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
};

describe('what every service reads', () => {
  test('the defaults are those of a local machine', () => {
    const config = loadConfig(none, valid, 'gatekeeper');
    expect(config).toMatchObject({
      ENVIRONMENT: 'local',
      PORT: 8081,
      HOST: '127.0.0.1',
      LOG_LEVEL: 'info',
      TRACE_ENVELOPE_FILE: '.hive-mind/traces/tool_trace_envelopes.jsonl',
      TRACE_ENVELOPE_ENABLED: true,
      TRACE_RETENTION_DAYS: 30,
      TRACE_CLEANUP_ENABLED: true,
      DRAIN_MS: 10_000,
    });
    expect(config.FAULT_PLAN).toBeUndefined();
    expect(config.SERVICE_PRIVATE_KEY.asymmetricKeyType).toBe('ed25519');
  });

  test('elsewhere it listens on every address, unless told', () => {
    expect(loadConfig(none, { ...valid, ENVIRONMENT: 'staging' }, 'gateway')).toMatchObject({
      HOST: '::',
      PORT: 8080,
    });
    expect(loadConfig(none, { ...valid, ENVIRONMENT: 'staging', HOST: '10.0.0.1' }, 'gateway').HOST).toBe(
      '10.0.0.1',
    );
  });

  test('the result cannot be changed', () => {
    const config = loadConfig(
      z.object({ LIST: z.string().transform((text) => text.split(',')) }),
      { ...valid, LIST: 'a,b' },
      'gateway',
    );
    expect(() => Object.assign(config, { PORT: 1 })).toThrow(TypeError);
    expect(() => config.LIST.push('c')).toThrow(TypeError);
  });

  test('empty is unset', () => {
    expect(loadConfig(none, { ...valid, LOG_LEVEL: '', PORT: '' }, 'gateway')).toMatchObject({
      LOG_LEVEL: 'info',
      PORT: 8080,
    });
    expect(problemsOf(none, { REDIS_URL: '' })).toEqual([
      'REDIS_URL is not set. Set it like redis://127.0.0.1:6379/0, rediss:// for TLS.',
    ]);
  });
});

describe('booleans are words, not truthiness', () => {
  const schema = z.object({ FLAG: booleanField('false') });
  test.each(['1', 'true', 'YES', ' on ', 'True'])('%p is yes', (value) => {
    expect(loadConfig(schema, { ...valid, FLAG: value }, 'gateway').FLAG).toBe(true);
  });
  test.each(['0', 'false', 'No', ' off'])('%p is no', (value) => {
    expect(loadConfig(schema, { ...valid, FLAG: value }, 'gateway').FLAG).toBe(false);
  });
  test.each(['t', 'enabled', '2', '"true"', 'null'])('%p stops the boot', (value) => {
    expect(problemsOf(schema, { FLAG: value })).toEqual([
      'FLAG is neither a yes nor a no. Set it to true or false.',
    ]);
  });
  test('unset takes the fallback', () => {
    expect(loadConfig(schema, valid, 'gateway').FLAG).toBe(false);
  });
});

describe('problems', () => {
  const schema = z.object({
    PSEUDONYM_KEY: secretField({ fix: 'Make one.', lengthMin: 32 }),
    PUBLIC_BASE_URL: urlField({ fix: 'Set the public address.' }),
    LIMIT: integerField({ min: 1, max: 10, fallback: 5 }),
    MODE: choiceField(['log-only', 'sandbox'], 'log-only'),
    COUNT: requiredIntegerField({ min: 0, max: 9 }),
    NAME: textField({ fix: 'Set a name.' }),
    OWN: z.string().regex(/^x+$/),
  });

  test('all of them are said at once, one line each, with the fix', () => {
    const env = {
      PORT: '80a',
      LOG_LEVEL: 'loud',
      PSEUDONYM_KEY: 'too-short-a-key',
      PUBLIC_BASE_URL: 'ftp://x.example',
      LIMIT: '11',
      MODE: 'live',
      NAME: ' Jo ',
      OWN: 'yyy-own-value',
    };
    expect(problemsOf(schema, env)).toEqual([
      'NAME has spaces around it. Set the bare value, with nothing around it.',
      'PORT is not a whole number. Set a whole number from 0 to 65535.',
      'LOG_LEVEL is none of error, warn, info, debug. Set one of error, warn, info, debug.',
      'PSEUDONYM_KEY is shorter than 32 characters. Make one.',
      'PUBLIC_BASE_URL is not a URL starting with http:// or https://. Set the public address.',
      'LIMIT is not between 1 and 10. Set a whole number from 1 to 10.',
      'MODE is none of log-only, sandbox. Set one of log-only, sandbox.',
      'COUNT is not set. Set a whole number from 0 to 9.',
      'OWN has a value that cannot be read. See docs/configuration.md.',
    ]);
  });

  test('the message names the service, each problem on its own line, and no value', () => {
    const env = {
      ...valid,
      PSEUDONYM_KEY: 'too-short-a-key',
      REDIS_URL: 'http://:p%40ssword@x',
      SERVICE_PRIVATE_KEY: 'AAAA',
    };
    const attempt = (): unknown => loadConfig(schema, env, 'gatekeeper');
    expect(attempt).toThrow(ConfigError);
    try {
      attempt();
    } catch (error) {
      const message = String(error);
      expect(message).toMatch(/^ConfigError: gatekeeper cannot start/);
      expect(
        message
          .split('\n')
          .slice(1, -1)
          .every((line) => line.startsWith('  - ')),
      ).toBe(true);
      expect(message).toMatch(/\nWhat each variable is: docs\/configuration\.md\.$/);
      expect(message).not.toMatch(/too-short|p%40ss|AAAA/);
    }
  });

  test.each([
    ['quotes', `"${pair.privateKey}"`, 'SERVICE_PRIVATE_KEY is wrapped in quotes'],
    ['a line break', `${pair.privateKey}\n`, 'SERVICE_PRIVATE_KEY contains a line break'],
    ['a space', ` ${pair.privateKey}`, 'SERVICE_PRIVATE_KEY has spaces around it'],
    ['half of it', pair.privateKey.slice(0, 40), 'SERVICE_PRIVATE_KEY does not decode to a JSON Web Key'],
  ])('a value pasted with %s is told from a wrong one', (_name, value, problem) => {
    expect(problemsOf(none, { SERVICE_PRIVATE_KEY: value })).toEqual([expect.stringContaining(problem)]);
  });
});

describe('fault plans', () => {
  test.each(['local', 'test', 'test-crash'])('are taken in %s', (environment) => {
    const config = loadConfig(
      none,
      { ...valid, ENVIRONMENT: environment, FAULT_PLAN: 'kill:after-admit:57' },
      'gatekeeper',
    );
    expect(config.FAULT_PLAN).toEqual([{ kind: 'kill', point: 'after-admit', hit: 57 }]);
  });
  test.each(['staging', 'production', 'my-test'])('stop the boot in %s', (environment) => {
    expect(problemsOf(none, { ENVIRONMENT: environment, FAULT_PLAN: 'kill:after-admit:57' })).toEqual([
      'FAULT_PLAN is set, and this environment is neither local nor a test. Remove the variable.',
    ]);
  });
  test('that cannot be read stop the boot', () => {
    expect(problemsOf(none, { FAULT_PLAN: 'kill:after-admit' })).toEqual([
      expect.stringContaining('kill:<point>:<hit>'),
    ]);
  });
});

test('what is secret is handed to the redactor, a Redis password by itself too', () => {
  const schema = z.object({
    PSEUDONYM_KEY: secretField({ fix: '', lengthMin: 32 }).optional(),
    NAME: textField({ fix: '' }),
  });
  const env = { ...valid, PSEUDONYM_KEY: 'k'.repeat(32), NAME: 'Jo' };
  expect([...secretsOf(schema, env, 'gatekeeper')].sort()).toEqual(
    [valid['REDIS_URL'], 'p%40ssword', 'p@ssword', pair.privateKey, 'k'.repeat(32)].sort(),
  );
});
