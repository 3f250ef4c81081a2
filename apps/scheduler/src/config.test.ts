// Risk: a deployment runs with calls that nobody verifies, or thinks its scheduled work runs when it cannot.
import { ConfigError, isRehearsal, loadConfig } from '@caio/service-kit';
import { describe, expect, test } from '@jest/globals';
import { devServerOf, schedulerProblems, schedulerVariables, serveOriginOf } from './config.ts';
import { createServiceKey } from './testing/scheduler-rig.ts';

const key = createServiceKey();
const load = (env: Record<string, string>) =>
  loadConfig(
    schedulerVariables,
    {
      REDIS_URL: 'redis://127.0.0.1:1',
      SERVICE_PRIVATE_KEY: key.privateKey,
      SERVICE_PUBLIC_KEYS: JSON.stringify({ scheduler: key.publicKey }),
      GATEKEEPER_URL: 'http://gatekeeper:8081',
      COPY_PACK_DIR: 'config/copy-pack/harbor-pine',
      ...env,
    },
    'scheduler',
  );
const problemsOf = (env: Record<string, string>): string => {
  const config = load(env);
  return schedulerProblems(config, isRehearsal(config.ENVIRONMENT) ? 'rehearsal' : 'real').join('\n');
};

const keys = { INNGEST_SIGNING_KEY: 'signkey-of-this-test', INNGEST_EVENT_KEY: 'eventkey-of-this-test' };

describe('INNGEST_DEV', () => {
  test.each(['staging', 'production', 'prodution', 'demo'])(
    'is refused in %s, with a key or without',
    (ENVIRONMENT) => {
      for (const INNGEST_DEV of ['http://127.0.0.1:8288', '1', 'true', 'yes'])
        for (const others of [{}, keys])
          expect(problemsOf({ ENVIRONMENT, INNGEST_DEV, ...others })).toContain('INNGEST_DEV is set');
    },
  );

  test.each(['local', 'test', 'test-7'])('is for %s', (ENVIRONMENT) => {
    expect(problemsOf({ ENVIRONMENT, HOST: '127.0.0.1', INNGEST_DEV: 'http://127.0.0.1:8288' })).toBe('');
  });

  test.each(['0.0.0.0', '::', '10.0.0.7', '127.0.0.1.example.com'])(
    'is refused where others reach us, at %s',
    (HOST) => {
      const said = problemsOf({ ENVIRONMENT: 'local', HOST, INNGEST_DEV: '1', ...keys });
      expect(said).toMatch(/INNGEST_DEV is set.*HOST can be reached/);
    },
  );

  test.each(['0', 'false', 'no', 'OFF'])('that says %s is none, also where it matters', (INNGEST_DEV) => {
    expect(problemsOf({ ENVIRONMENT: 'production', INNGEST_DEV })).toBe('');
    expect(devServerOf(load({ INNGEST_DEV }))).toBeNull();
  });

  test.each([
    ['http://127.0.0.1:9999/', 'http://127.0.0.1:9999'],
    ['1', 'http://127.0.0.1:8288'],
    ['True', 'http://127.0.0.1:8288'],
  ])('%s is the server at %s', (INNGEST_DEV, address) => {
    expect(devServerOf(load({ INNGEST_DEV }))).toBe(address);
  });

  test('unset is none', () => {
    expect(devServerOf(load({}))).toBeNull();
    expect(devServerOf(load({ INNGEST_DEV: '' }))).toBeNull();
  });

  test.each(['perhaps', 'localhost:8288', 'ftp://127.0.0.1', 'http://'])(
    '%s stops the start with the fix',
    (INNGEST_DEV) => {
      expect(() => load({ INNGEST_DEV })).toThrow(ConfigError);
      expect(() => load({ INNGEST_DEV })).toThrow(/INNGEST_DEV is neither.*Set the address/);
    },
  );
});

describe('INNGEST_REQUIRED', () => {
  test.each([
    ['no key', {}],
    ['the signing key alone', { INNGEST_SIGNING_KEY: keys.INNGEST_SIGNING_KEY }],
    ['the event key alone', { INNGEST_EVENT_KEY: keys.INNGEST_EVENT_KEY }],
  ])('with %s is refused, naming both', (_name, given) => {
    const said = problemsOf({ INNGEST_REQUIRED: 'true', ...given });
    expect(said).toContain('INNGEST_SIGNING_KEY and INNGEST_EVENT_KEY');
    expect(said).not.toContain('of-this-test');
  });

  test('with both keys is fine, and so is no key where it is not required', () => {
    const INNGEST_WEBHOOK_URL = 'https://desk.example.com/inngest';
    expect(
      problemsOf({ ENVIRONMENT: 'production', INNGEST_REQUIRED: 'true', INNGEST_WEBHOOK_URL, ...keys }),
    ).toBe('');
    expect(problemsOf({ ENVIRONMENT: 'production' })).toBe('');
  });
});

describe('where Inngest reaches the functions', () => {
  const webhook = { INNGEST_WEBHOOK_URL: 'https://desk.example.com/inngest' };

  test('is the origin of INNGEST_WEBHOOK_URL, else INNGEST_SERVE_ORIGIN, else what its call came to', () => {
    expect(serveOriginOf(load(webhook))).toBe('https://desk.example.com');
    expect(serveOriginOf(load({ INNGEST_SERVE_ORIGIN: 'http://scheduler:8082' }))).toBe(
      'http://scheduler:8082',
    );
    expect(serveOriginOf(load({}))).toBeNull();
  });

  test.each([
    'https://desk.example.com',
    'https://desk.example.com/',
    'https://desk.example.com/api/inngest',
    'https://desk.example.com/inngest/',
    'https://desk.example.com/inngest?x=1',
    'https://user:secret-word@desk.example.com/inngest',
    'http://desk.example.com/inngest',
    'desk.example.com/inngest',
  ])('%s stops the start with the form it has to have', (INNGEST_WEBHOOK_URL) => {
    expect(() => load({ INNGEST_WEBHOOK_URL })).toThrow(
      /INNGEST_WEBHOOK_URL .*https:\/\/<domain of the gateway>/,
    );
    expect(() => load({ INNGEST_WEBHOOK_URL })).not.toThrow(/secret-word|desk\.example/);
  });

  test('two places are refused', () => {
    expect(problemsOf({ ...webhook, INNGEST_SERVE_ORIGIN: 'https://other.example.com' })).toContain(
      'two places',
    );
    expect(problemsOf({ ...webhook, INNGEST_SERVE_ORIGIN: 'https://desk.example.com/' })).toBe('');
  });

  test('has to be said where Inngest Cloud would be told an inner address', () => {
    const said = problemsOf({ ENVIRONMENT: 'production', ...keys });
    expect(said).toMatch(/INNGEST_WEBHOOK_URL.*or INNGEST_BASE_URL/);
    expect(said).not.toContain('of-this-test');
    for (const given of [webhook, { INNGEST_BASE_URL: 'http://inngest:8288' }])
      expect(problemsOf({ ENVIRONMENT: 'production', ...keys, ...given })).toBe('');
    expect(problemsOf({ ENVIRONMENT: 'local', ...keys })).toBe('');
  });
});

test('two problems are told at once', () => {
  const said = problemsOf({ ENVIRONMENT: 'staging', INNGEST_DEV: '1', INNGEST_REQUIRED: 'yes' });
  expect(said.split('\n')).toHaveLength(2);
});
