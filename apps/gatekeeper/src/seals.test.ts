// Risk: whoever can write to the store makes an approval or an action that looks like one of ours.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createSeals, type SealedAction } from './seals.ts';

const key = 'an audit seal key that only tests ever use';
const seals = createSeals({ key, environment: 'test' });
const action: SealedAction = {
  actionId: 'act_1',
  batchId: 'bat_1',
  draftId: 'drf_1',
  digest: 'd'.repeat(64),
  channel: 'email',
  mode: 'sandbox',
  ledger: 'sandbox',
  provider: 'instantly',
  email: 'ada@acme.example',
  tier: 'tier_1',
  exclusionKeys: '["email:ada@acme.example"]',
};
const approval = { batchId: 'bat_1', previewHash: 'a'.repeat(64), approver: 'head-of-sales' };

test('the same thing has the same seal, and every single change has another one', () => {
  const sealed = seals.action({ ...action });
  expect(seals.action({ ...action })).toBe(sealed);
  for (const field of Object.keys(action)) {
    expect(seals.action({ ...action, [field]: 'something else' })).not.toBe(sealed);
  }
  const approved = seals.approval({ ...approval });
  for (const field of Object.keys(approval)) {
    expect(seals.approval({ ...approval, [field]: 'something else' })).not.toBe(approved);
  }
});

test.each([
  ['another key', { key: 'another audit seal key of sufficient length', environment: 'test' }],
  ['another environment', { key, environment: 'production' }],
])('%s makes other seals', (_, options) => {
  const others = createSeals(options);
  expect(others.action(action)).not.toBe(seals.action(action));
  expect(others.approval(approval)).not.toBe(seals.approval(approval));
});

test('no text moves from one field into the next without breaking the seal', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (one, two, moved) => {
      fc.pre(moved !== '');
      expect(seals.approval({ ...approval, batchId: one + moved, previewHash: two })).not.toBe(
        seals.approval({ ...approval, batchId: one, previewHash: moved + two }),
      );
    }),
  );
});
