// Risk: a process with another pseudonym key starts, finds no suppression, and writes to people who opted out.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { checkPseudonymKey } from './pseudonym-check.ts';
import { createGateFixture, type GateFixture } from './testing/gate-fixture.ts';

let fixture: GateFixture;
beforeAll(async () => {
  fixture = await createGateFixture();
});
afterAll(() => fixture.close());

test('the first key stays the key of the store: the same is let in, another never', async () => {
  const { session, redis, keys } = await fixture.createGate();
  expect(await checkPseudonymKey(session, 'check-of-first')).toBe('same');
  expect(await checkPseudonymKey(session, 'check-of-second')).toBe('changed');
  expect(await checkPseudonymKey(session, 'check-of-second')).toBe('changed');
  expect(await checkPseudonymKey(session, 'check-of-first')).toBe('same');
  expect(await redis.ttl(keys.pseudonymCheck)).toBe(-1);
});

test('of two that start together with different keys only one is let in', async () => {
  const { session } = await fixture.createGate();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, number) => checkPseudonymKey(session, `check-${number}`)),
  );
  expect(answers.filter((answer) => answer === 'same')).toHaveLength(1);
});
