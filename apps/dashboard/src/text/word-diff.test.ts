// Risk: the comparison after an edit hides a change, so that a reviewer approves words nobody read.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { diffWords, type DiffPiece, inlineChanges } from './word-diff.ts';

const joined = (pieces: readonly DiffPiece[]): string => pieces.map(({ text }) => text).join('');
const changedIn = (pieces: readonly DiffPiece[]): readonly string[] =>
  pieces.filter(({ changed }) => changed).map(({ text }) => text);

test('both sides keep every character, and equal texts are the only ones without a change', () => {
  const words = fc.array(fc.constantFrom('Hi', 'Noor', ',', ' ', '\n', '  ', 'café', '18', '.', 'а'), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(words, words, (a, b) => {
      const [before, after] = [a.join(''), b.join('')];
      const diff = diffWords(before, after);
      expect([joined(diff.before), joined(diff.after)]).toEqual([before, after]);
      expect(diff.changes === 0).toBe(before === after);
    }),
  );
});

test('one word changed is one word marked', () => {
  const diff = diffWords('It takes 40 minutes.', 'It takes 45 minutes.');
  expect([changedIn(diff.before), changedIn(diff.after), diff.changes]).toEqual([['40'], ['45'], 1]);
});

test('a blank that was added is marked', () => {
  expect(diffWords('a b', 'a  b').changes).toBe(1);
});

test('cut short, a change keeps every changed word and some words around it', () => {
  const far = 'word '.repeat(200);
  const pieces = inlineChanges(`${far}old ${far}same`, `${far}new ${far}same`);
  expect(pieces.map(({ kind }) => kind)).toEqual(['gap', 'same', 'removed', 'added', 'same', 'gap']);
  expect(pieces.filter(({ kind }) => kind === 'removed' || kind === 'added').map(({ text }) => text)).toEqual(
    ['old', 'new'],
  );
  expect(pieces.every(({ text }) => text.length < 100)).toBe(true);
});

test('texts without a change are one gap, or themselves when they are short', () => {
  expect(inlineChanges('word '.repeat(100), 'word '.repeat(100)).map(({ kind }) => kind)).toEqual(['gap']);
  expect(inlineChanges('short', 'short')).toEqual([{ text: 'short', kind: 'same' }]);
});
