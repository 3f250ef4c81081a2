// Risk: the desk offers to undo an approval that is in a batch by then.
import { expect, test } from '@jest/globals';
import { someLeftApproved } from './left-approved.ts';

test.each([
  [{ pending: 2 }, { pending: 1, approved: 1 }, false],
  [{ approved: 1 }, { approved: 1, rejected: 1 }, false],
  [{ approved: 2 }, { batched: 2 }, true],
  [{}, { batched: 1 }, true],
  [{ approved: 1 }, { approved: 1, batched: 1 }, true],
  [{ approved: 1 }, { approved: 0, pending: 1 }, true],
  [{ approved: 1, batched: 3 }, { approved: 1, batched: 2 }, false],
  [{}, { withdrawn: 1 }, true],
] as const)('from %j to %j: %s', (before, now, left) => {
  expect(someLeftApproved(before, now)).toBe(left);
});
