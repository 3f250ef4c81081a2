// Risk: the door stands open because of a word in a variable, or does not open because of a harmless one.
import { expect, test } from '@jest/globals';
import { ConfigError, loadConfig } from '@caio/service-kit';
import { doorSettingsOf, gatewayVariables } from './config.ts';
import { createIdentities } from './testing/service-identities.ts';

const identities = createIdentities(() => 'cor-of-this-test');
const settingsOf = (env: Record<string, string> = {}) =>
  doorSettingsOf(
    loadConfig(
      gatewayVariables,
      {
        REDIS_URL: 'redis://127.0.0.1:1',
        SERVICE_PRIVATE_KEY: identities.privateKeyOf('gateway'),
        SERVICE_PUBLIC_KEYS: identities.publicKeysText,
        GATEKEEPER_URL: 'http://127.0.0.1:1',
        SCHEDULER_URL: 'http://127.0.0.1:1',
        WEBHOOKS_URL: 'http://127.0.0.1:1',
        ...env,
      },
      'gateway',
    ),
  );
const problemOf = (env: Record<string, string>): string => {
  try {
    settingsOf(env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  return '';
};

test('by default the door is strict, in every environment, and lets no other origin in', () => {
  for (const ENVIRONMENT of ['local', 'test-1', 'staging', 'production'])
    expect(settingsOf({ ENVIRONMENT })).toMatchObject({
      authentication: 'strict',
      queryTokens: 'taken',
      allowedOrigins: [],
      trustedHops: 0,
    });
});

test('it can be relaxed on a laptop and nowhere else', () => {
  const off = { DASHBOARD_AUTH_STRICT: 'off' };
  expect(settingsOf({ ENVIRONMENT: 'local', ...off }).authentication).toBe('relaxed');
  expect(settingsOf({ ENVIRONMENT: 'test-1', ...off }).authentication).toBe('relaxed');
  for (const ENVIRONMENT of ['staging', 'production', 'prodution'])
    expect(problemOf({ ENVIRONMENT, ...off })).toContain('DASHBOARD_AUTH_STRICT is off');
});

test('origins are a list of origins', () => {
  const listed = settingsOf({
    CORS_ALLOWED_ORIGINS: 'https://desk.example.com, http://localhost:3000,https://desk.example.com',
  });
  expect(listed.allowedOrigins).toEqual(['https://desk.example.com', 'http://localhost:3000']);
});

test.each([
  ['*', 'holds *'],
  ['https://desk.example.com,*', 'holds *'],
  ['https://*.example.com', 'entry 1'],
  ['https://desk.example.com/', 'entry 1'],
  ['https://desk.example.com,desk.example.com', 'entry 2'],
  ['https://desk.example.com/sales', 'entry 1'],
  ['https://user@desk.example.com', 'entry 1'],
  ['HTTPS://desk.example.com', 'entry 1'],
  ['https://desk.example.com:443', 'entry 1'],
  ['null', 'entry 1'],
  ['file:///etc', 'entry 1'],
  ['https://a.example,,https://b.example', 'entry 2'],
])('%s is refused at the start', (CORS_ALLOWED_ORIGINS, said) => {
  expect(problemOf({ CORS_ALLOWED_ORIGINS })).toContain(said);
});

test('a person with two tabs that ask every second comes nowhere near the limits', () => {
  const { limits } = settingsOf();
  const asked = 2 * 60 * 8;
  expect(limits.read.takesMax).toBeGreaterThan(2 * asked);
});
