// Risk: undo takes back the wrong approval, or one of long ago.
import { draftIdSchema } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { lastUndoable, parseReviewLog, type Reviewed, withReviewed } from './review-log.ts';

const minute = 60_000;
const entry = (letter: string, what: Reviewed['what'], at: number): Reviewed => ({
  draftId: draftIdSchema.parse(`drf_${letter.repeat(26)}`),
  who: letter,
  what,
  at,
});

test('the newest approval is the one to undo, past rejections made since', () => {
  const log = withReviewed(
    withReviewed(withReviewed([], entry('A', 'approved', 0)), entry('B', 'approved', 1)),
    entry('C', 'rejected', 2),
  );
  expect(lastUndoable(log, minute)?.who).toBe('B');
});

test('an approval taken back is not undone twice', () => {
  const log = withReviewed([entry('A', 'approved', 0)], entry('A', 'recalled', 1));
  expect(lastUndoable(log, minute)).toBeNull();
});

test('after ten minutes nothing is undone by one key', () => {
  const log = [entry('A', 'approved', 0)];
  expect([lastUndoable(log, 10 * minute - 1)?.who, lastUndoable(log, 10 * minute)]).toEqual(['A', null]);
});

test('what was kept is what is read; damage reads as nothing', () => {
  const log = [entry('A', 'approved', 5)];
  expect(parseReviewLog(JSON.stringify(log))).toEqual(log);
  expect([parseReviewLog(null), parseReviewLog('{'), parseReviewLog('[{"draftId":"x"}]')]).toEqual([
    [],
    [],
    [],
  ]);
});
