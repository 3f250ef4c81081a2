// Risk: an answer of a provider that nobody thought of is taken for proof that a message was not sent.
import { providerNameSchema, providerOutcomes } from '@caio/contracts';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Failure, outcomeOf, retryAfterMaxMs, retryAfterMsOf } from './outcome-table.ts';
import { verdictOf } from './provider-verdict.ts';

test('every provider that is handed messages over a wire has one table', () => {
  const named = providerOutcomes.map(({ provider }) => provider);
  expect([...named].sort()).toEqual(providerNameSchema.options.filter((name) => name !== 'log').sort());
});

const phases = providerOutcomes.flatMap((table) =>
  Object.entries(table.phases).map(([phase, { carriesMessage }]) => ({ table, phase, carriesMessage })),
);
const statusOf = (status: number): Failure => ({ kind: 'status', status, retryAfterMs: null, message: 'no' });
const lost: Failure[] = (['timeout', 'connection_lost', 'answer_too_large'] as const).map((code) => ({
  ...{ kind: 'lost', code },
}));
const unreadable: Failure[] = (['answer_not_json', 'answer_wrong_type', 'answer_unexpected'] as const).map(
  (code) => ({ kind: 'unreadable', code }),
);
const unwritten: Failure[] = (['deadline_passed', 'connect_failed', 'no_connection'] as const).map(
  (code) => ({
    ...{ kind: 'not_written', code },
  }),
);

describe.each(phases.map((one) => [`${one.table.title}, ${one.phase}`, one] as const))('%s', (_, one) => {
  const outcomeNames = (failures: readonly Failure[]): string[] => [
    ...new Set(failures.map((failure) => outcomeOf(one.table, one.phase, failure).outcome)),
  ];
  test('a whole answer that did not come, or cannot be read, is unknown where it carried the message alone', () => {
    expect(outcomeNames([...lost, ...unreadable])).toEqual([one.carriesMessage ? 'unknown' : 'released']);
    expect(outcomeNames(unwritten)).toEqual(['released']);
  });
  test('every status has an outcome, and none of a request without the message is unknown', () => {
    const statuses = Array.from({ length: 500 }, (__, index) => statusOf(index + 100));
    const names = outcomeNames(statuses);
    expect(names.includes('unknown')).toBe(one.carriesMessage);
    expect(names.every((name) => ['refused', 'released', 'unknown'].includes(name))).toBe(true);
  });
  test('no rule hides behind one before it', () => {
    const { rules } = one.table.phases[one.phase] ?? { rules: [] };
    for (const [index, rule] of rules.entries()) {
      const earlier = rules.slice(0, index);
      const reached = Array.from({ length: rule.to - rule.from + 1 }, (__, step) => rule.from + step).some(
        (status) => !earlier.some(({ from, to }) => status >= from && status <= to),
      );
      expect([rule, reached]).toEqual([rule, true]);
    }
  });
});

test.each([
  ['120', 120_000],
  [' 7 ', 7_000],
  ['Mon, 05 Jan 2026 12:01:00 GMT', 60_000],
  ['Mon, 05 Jan 2026 11:59:00 GMT', null],
  ['99999999', retryAfterMaxMs],
  ['soon', null],
  ['-5', null],
  [null, null],
])('a Retry-After of %j is %j', (header, wait) => {
  expect(retryAfterMsOf(header, Date.parse('2026-01-05T12:00:00Z'))).toBe(wait);
});

test('no provider makes anybody wait longer than the longest wait, whatever it asks for', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...phases),
      fc.integer({ min: 100, max: 599 }),
      fc.nat(),
      (one, status, asked) => {
        const failure: Failure = { kind: 'status', status, retryAfterMs: asked, message: '' };
        const outcome = outcomeOf(one.table, one.phase, failure);
        if (outcome.outcome === 'released') expect(outcome.retryAfterMs).toBeLessThanOrEqual(retryAfterMaxMs);
      },
    ),
    { numRuns: 300 },
  );
});

test.each([
  [{ outcome: 'accepted', providerMessageId: 'm', holdsBeforeMailing: true, proof: '' }, 'answers'],
  [{ outcome: 'refused', code: 'provider_unprocessable', message: '' }, 'answers'],
  [{ outcome: 'refused', code: 'template_syntax', message: '' }, 'nothing'],
  [{ outcome: 'released', code: 'provider_rate_limited', retryAfterMs: 1 }, 'asks_to_wait'],
  [{ outcome: 'released', code: 'provider_unauthorised', retryAfterMs: 1 }, 'fails'],
  [{ outcome: 'released', code: 'connect_failed', retryAfterMs: 1 }, 'fails'],
  [{ outcome: 'released', code: 'deadline_passed', retryAfterMs: 1 }, 'nothing'],
  [{ outcome: 'unknown', code: 'timeout', message: '' }, 'fails'],
  [{ outcome: 'unknown', code: 'provider_failed', message: '' }, 'fails'],
  [{ outcome: 'unknown', code: 'read_back_absent', message: '' }, 'nothing'],
] as const)('%j says about the provider: %s', (outcome, verdict) => {
  expect(verdictOf(outcome)).toBe(verdict);
});
