// Risk: a process sends for real that was not told to in so many words, or lacks what makes that safe.
import { describe, expect, test } from '@jest/globals';
import type { Policy } from '@caio/contracts';
import { buildPolicy } from '@caio/test-kit';
import { deliveryProblems } from './delivery-problems.ts';

type Settings = Parameters<typeof deliveryProblems>[0];

const providers = (chosen: Partial<Policy['providers']> = {}): Pick<Policy, 'providers'> => ({
  providers: { ...buildPolicy().providers, ...chosen },
});

const deployed: Settings = {
  ENVIRONMENT: 'production',
  DELIVERY_MODE_EMAIL: 'log-only',
  DELIVERY_MODE_LINKEDIN: 'log-only',
  PUBLIC_BASE_URL: 'https://outreach.meadowline.org',
  SANDBOX_URL: undefined,
  SANDBOX_API_KEY: undefined,
  INSTANTLY_API_KEY: undefined,
  HEYREACH_API_KEY: undefined,
  ...{ GHL_API_KEY: undefined, GHL_LOCATION_ID: undefined, SANDBOX_SMTP_URL: undefined },
  ...{ SMTP_URL: undefined, SMTP_USER: undefined, SMTP_PASSWORD: undefined },
};
const real: Settings = {
  ...deployed,
  ...{ DELIVERY_MODE_EMAIL: 'live', INSTANTLY_API_KEY: 'instantly-key' },
  ...{ DELIVERY_MODE_LINKEDIN: 'allow-list', HEYREACH_API_KEY: 'heyreach-key' },
};

test('no environment implies a real mode, and keys alone change nothing', () => {
  expect(deliveryProblems(deployed, providers())).toEqual([]);
  const keys = { INSTANTLY_API_KEY: 'instantly-key', HEYREACH_API_KEY: 'heyreach-key' };
  expect(deliveryProblems({ ...deployed, ENVIRONMENT: 'local', ...keys }, providers())).toEqual([]);
});

test('a real mode with everything it needs is served', () => {
  expect(deliveryProblems(real, providers())).toEqual([]);
});

test('what is needed follows the providers that the policy names', () => {
  const chosen = providers({ cold_email: 'smtp', warm_email: 'ghl' });
  const [lacking] = deliveryProblems(real, chosen);
  expect(lacking).toContain(
    'Set SMTP_URL and SMTP_USER and SMTP_PASSWORD and GHL_API_KEY and GHL_LOCATION_ID, or',
  );
  const given = {
    ...{ SMTP_URL: 'smtps://mail.meadowline.org', SMTP_USER: 'outreach', SMTP_PASSWORD: 'smtp-password' },
    ...{ GHL_API_KEY: 'ghl-token', GHL_LOCATION_ID: 'location-1', INSTANTLY_API_KEY: undefined },
  };
  expect(deliveryProblems({ ...real, ...given }, chosen)).toEqual([]);
  const sandbox = { DELIVERY_MODE_EMAIL: 'sandbox', SANDBOX_API_KEY: 'sandbox-key' } as const;
  expect(deliveryProblems({ ...real, ...sandbox }, providers({ cold_email: 'smtp' })).join('\n')).toContain(
    'Set SANDBOX_SMTP_URL and SANDBOX_URL, or',
  );
});

describe('is refused by name', () => {
  test.each<[string, Partial<Settings>, readonly string[]]>([
    [
      'mail without a key',
      { INSTANTLY_API_KEY: undefined },
      ['DELIVERY_MODE_EMAIL', 'INSTANTLY_API_KEY', 'provider_not_configured'],
    ],
    [
      'LinkedIn without a key',
      { HEYREACH_API_KEY: undefined },
      ['DELIVERY_MODE_LINKEDIN', 'HEYREACH_API_KEY', 'provider_not_configured'],
    ],
    ['a real mode on a laptop', { ENVIRONMENT: 'local' }, ['real_mode_local']],
    ['a real mode in a test', { ENVIRONMENT: 'test-7' }, ['real_mode_local']],
    [
      'mail whose link out goes to nothing',
      { PUBLIC_BASE_URL: 'http://outreach.meadowline.org' },
      ['PUBLIC_BASE_URL', 'public_address_unreachable'],
    ],
    ['the same by name', { PUBLIC_BASE_URL: 'https://outreach.example.com' }, ['public_address_unreachable']],
    ['the same by number', { PUBLIC_BASE_URL: 'https://10.0.0.7' }, ['public_address_unreachable']],
    [
      'the same on this machine',
      { PUBLIC_BASE_URL: 'https://localhost:8080' },
      ['public_address_unreachable'],
    ],
    [
      'a sandbox without its address',
      { DELIVERY_MODE_EMAIL: 'sandbox' },
      ['DELIVERY_MODE_EMAIL', 'SANDBOX_URL', 'SANDBOX_API_KEY'],
    ],
    [
      'a sandbox without its key',
      { DELIVERY_MODE_LINKEDIN: 'sandbox', SANDBOX_URL: 'http://127.0.0.1:1' },
      ['DELIVERY_MODE_LINKEDIN', 'SANDBOX_API_KEY'],
    ],
  ])('%s', (_, part, named) => {
    const problems = deliveryProblems({ ...real, ...part }, providers()).join('\n');
    for (const name of named) expect(problems).toContain(name);
    expect(problems).toMatch(/\. Set \w/);
    expect(problems).not.toMatch(/-key\b/);
  });
});
