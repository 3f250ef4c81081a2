// Risk: a budget that is written down wrongly is no limit at all, or stops a provider for good.
import { policySchema, type Policy } from '@caio/contracts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { providerPace } from './provider-pace.ts';

const policy: Policy = policySchema.parse(
  JSON.parse(readFileSync(join(__dirname, '../../../config/policy/local.json'), 'utf8')),
);

test('sends use four fifths of what the vendor allows; looking up and taking back have the rest', () => {
  const windows = [{ windowMs: 1_000, requestsMax: 100 }];
  expect(providerPace(policy, { requestsPerSend: 3, windows })).toEqual({
    ...{ faultsMax: 5, restFirstMs: 5_000, restMaxMs: 300_000, requestsPerSend: 3 },
    windows: [{ windowMs: 1_000, requestsMax: 80 }],
  });
});

test('nobody counts where there is no budget', () => {
  expect(providerPace(policy, null)).toMatchObject({ requestsPerSend: 0, windows: [] });
});

test.each([
  ['fewer than two sends a window', { requestsPerSend: 5, windows: [{ windowMs: 1_000, requestsMax: 10 }] }],
  ['a window without a length', { requestsPerSend: 1, windows: [{ windowMs: 0, requestsMax: 10 }] }],
  ['sends that cost nothing', { requestsPerSend: 0, windows: [{ windowMs: 1_000, requestsMax: 10 }] }],
])('a budget of %s is refused: it would stop the provider for good, or never', (_, budget) => {
  expect(() => providerPace(policy, budget)).toThrow(RangeError);
});
