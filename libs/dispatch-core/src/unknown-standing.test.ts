// Risk: an absence that proves nothing counts as proof, and a message goes out twice.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { judgeUnknown, quietFromMs, type UnknownFacts, type UnknownRules } from './unknown-standing.ts';

const rules: UnknownRules = {
  ...{ leaseMs: 20_000, sendDeadlineMs: 5_000, providerTimeoutMs: 10_000, visibilityLagMaxMs: 1_000 },
};
const absent: UnknownFacts = {
  ...{ finding: 'absent', contentMatches: false, attemptOver: true, idempotency: 'none' },
  ...{ admittedAtMs: 0, unknownSinceMs: 20_000, nowMs: 35_000, looksAbsent: 2 },
};

test.each<[string, Partial<UnknownFacts>, string]>([
  ['long enough, often enough, nobody left', {}, 'absent'],
  ['a moment too soon', { nowMs: 34_999 }, 'absent_so_far'],
  ['one look', { looksAbsent: 1 }, 'absent_so_far'],
  ['somebody may still write', { attemptOver: false }, 'may_still_be_sent'],
  [
    'somebody may still write and the provider would drop it',
    { attemptOver: false, idempotency: 'keyed' },
    'absent',
  ],
  ['the provider cannot be asked', { finding: 'unreadable' }, 'provider_silent'],
  ['it is there', { finding: 'present', contentMatches: true }, 'at_provider'],
  ['something else is there', { finding: 'present' }, 'other_content'],
])('absent in every respect, but %s', (_, part, standing) => {
  expect(judgeUnknown({ ...absent, ...part }, rules)).toBe(standing);
});

test.each([
  ['an answer that was lost early waits for the end of the lease', { unknownSinceMs: 1_000 }, 35_000],
  ['one that was lost with the lease waits for the last answer', { unknownSinceMs: 21_000 }, 36_000],
])('%s', (_, part, until) => {
  expect(quietFromMs({ ...absent, ...part }, rules)).toBe(until);
});

test('a provider that is slow to show what it took is given its time', () => {
  expect(quietFromMs(absent, { ...rules, visibilityLagMaxMs: 60_000 })).toBe(80_000);
});

test('nothing but an absence, seen twice and late enough, is ever absent', () => {
  const moment = fc.integer({ min: 0, max: 200_000 });
  const facts = fc.record({
    finding: fc.constantFrom('present' as const, 'absent' as const, 'unreadable' as const),
    ...{ contentMatches: fc.boolean(), attemptOver: fc.boolean() },
    idempotency: fc.constantFrom('keyed' as const, 'none' as const),
    ...{ admittedAtMs: moment, unknownSinceMs: moment, nowMs: moment, looksAbsent: fc.nat(3) },
  });
  fc.assert(
    fc.property(facts, (one) => {
      if (judgeUnknown(one, rules) !== 'absent') return;
      expect(one.finding).toBe('absent');
      expect(one.attemptOver || one.idempotency === 'keyed').toBe(true);
      expect(one.looksAbsent).toBeGreaterThan(1);
      expect(one.nowMs - one.admittedAtMs).toBeGreaterThanOrEqual(35_000);
      expect(one.nowMs - one.unknownSinceMs).toBeGreaterThanOrEqual(15_000);
    }),
    { numRuns: 2_000 },
  );
});
