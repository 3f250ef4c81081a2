// Risk: two different batches share a preview hash, or one batch has two, so an approval binds nothing.
import { createHash } from 'node:crypto';
import { type Preview, previewSchema } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonicalJson } from './canonical-json.ts';
import { previewBytes } from './preview.ts';

const ulid = fc.stringMatching(/^[0-9A-HJKMNP-TV-Z]{26}$/);
const digest = fc.stringMatching(/^[0-9a-f]{64}$/);
const action = fc.record({
  actionId: ulid.map((id) => `act_${id}`),
  contentDigest: digest,
  channel: fc.constant('email'),
  route: fc.constantFrom('cold_email', 'warm_email'),
  recipientKey: fc.emailAddress().map((address) => `email:${address}`),
  senderKey: fc.emailAddress().map((address) => `email:${address}`),
});
const preview = fc
  .record({
    version: fc.constant(1),
    environment: fc.constantFrom('local', 'staging'),
    motion: fc.constantFrom('outbound', 'revival'),
    policyVersion: fc.string({ minLength: 1, maxLength: 20 }),
    copyPackVersion: fc.string({ minLength: 1, maxLength: 20 }),
    deliveryModes: fc.record({
      email: fc.constantFrom('log-only', 'sandbox', 'live'),
      linkedin: fc.constantFrom('log-only', 'live'),
    }),
    allowListDigest: digest,
    expiresAt: fc.constantFrom('2026-01-05T12:00:00.000Z', '2026-01-06T12:00:00.000Z'),
    actions: fc.uniqueArray(action, { minLength: 1, maxLength: 8, selector: (item) => item.actionId }),
  })
  .map((value) => previewSchema.parse(value));

const hash = (value: Preview): string => createHash('sha256').update(previewBytes(value)).digest('hex');

const shuffledKeys = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffledKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, item]) => [key, shuffledKeys(item)]),
  );
};

test('key order and the order of actions never matter', () => {
  fc.assert(
    fc.property(preview, (value) => {
      const other = previewSchema.parse(shuffledKeys({ ...value, actions: [...value.actions].reverse() }));
      expect(hash(other)).toBe(hash(value));
    }),
  );
});

test('every listed field is bound: changing any one of them changes the hash', () => {
  fc.assert(
    fc.property(preview, digest, (value, other) => {
      const first = value.actions[0];
      if (first === undefined) return;
      const changes: Preview[] = [
        { ...value, environment: `${value.environment}x` },
        { ...value, motion: 'cadence' },
        { ...value, policyVersion: `${value.policyVersion}x` },
        { ...value, copyPackVersion: `${value.copyPackVersion}x` },
        { ...value, deliveryModes: { ...value.deliveryModes, email: 'allow-list' } },
        { ...value, allowListDigest: other === value.allowListDigest ? `${other.slice(1)}0` : other },
        { ...value, expiresAt: '2027-01-01T00:00:00.000Z' },
        { ...value, actions: value.actions.slice(1) },
        {
          ...value,
          actions: [{ ...first, recipientKey: 'email:someone.else@acme.example' }, ...value.actions.slice(1)],
        },
        {
          ...value,
          actions: [{ ...first, senderKey: 'email:other.sender@acme.example' }, ...value.actions.slice(1)],
        },
        {
          ...value,
          actions: [
            { ...first, route: first.route === 'cold_email' ? 'warm_email' : 'cold_email' },
            ...value.actions.slice(1),
          ],
        },
        {
          ...value,
          actions: [
            { ...first, contentDigest: first.contentDigest.replace(/^./, (c) => (c === '0' ? '1' : '0')) },
            ...value.actions.slice(1),
          ],
        },
      ];
      for (const changed of changes) expect(hash(changed)).not.toBe(hash(value));
    }),
  );
});

test('canonical text parses back to an equal value and refuses what JSON cannot hold', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
    }),
  );
  expect(() => canonicalJson(Number.NaN)).toThrow();
  expect(() => canonicalJson(undefined)).toThrow(TypeError);
});
