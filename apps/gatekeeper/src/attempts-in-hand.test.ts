// Risk: an attempt that is still being worked on counts as over, and its message is sent a second time.
import { expect, test } from '@jest/globals';
import { createAttemptsInHand } from './attempts-in-hand.ts';

test('an attempt is in hand until its work has ended, however it ends, and others are not affected', async () => {
  const attempts = createAttemptsInHand();
  let finish = (): void => undefined;
  let fail = (_: Error): void => undefined;
  const one = attempts.during('one', () => new Promise<void>((resolve) => (finish = resolve)));
  const two = attempts.during('two', () => new Promise<void>((_, reject) => (fail = reject)));
  expect([attempts.has('one'), attempts.has('two'), attempts.has('three')]).toEqual([true, true, false]);
  finish();
  await one;
  expect([attempts.has('one'), attempts.has('two')]).toEqual([false, true]);
  fail(new Error('the work failed'));
  await expect(two).rejects.toThrow('the work failed');
  expect(attempts.has('two')).toBe(false);
  await expect(
    attempts.during('three', () => {
      throw new Error('at once');
    }),
  ).rejects.toThrow('at once');
  expect(attempts.has('three')).toBe(false);
  expect(await attempts.during('four', () => Promise.resolve('its answer'))).toBe('its answer');
});
