// Risk: word lists match inside other words, or are evaded by case, marks, look-alikes and invisible characters.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { containsWords, fold, foldShape, spacedWords } from './folded-text.ts';
import { createOpenerMatcher, createPhraseMatcher } from './phrase.ts';

describe('phrases', () => {
  const matcher = createPhraseMatcher(['best-in-class', 'synergy', 'as a * at', 'i noticed you* at']);
  test.each([
    ['a best-in-class tool', 'best-in-class'],
    ['a Best in  Class tool', 'best-in-class'],
    ['best\nin class', 'best-in-class'],
    ['SYNERGY!', 'synergy'],
    ['the synergy’s name', 'synergy'],
    ['syn\u200bergy', 'synergy'],
    ['syn\u0435rgy', 'synergy'],
    ['ｓｙｎｅｒｇｙ', 'synergy'],
    ['as a busy owner at Fenn', 'as a * at'],
    ['I noticed you’re now at Fenn', 'i noticed you* at'],
  ])('%j is found', (text, phrase) => {
    expect(matcher.findIn(text)).toEqual([phrase]);
  });

  test.each(['synergist', 'unsynergy', 'best in a class', 'as a rule we', 'class in best', ''])(
    '%j is not',
    (text) => {
      expect(matcher.findIn(text)).toEqual([]);
    },
  );
});

describe('openers', () => {
  const matcher = createOpenerMatcher(['quick question', '* hope this finds you']);
  test.each(['Quick question: why', 'So, quick question', 'I really do hope this finds you well'])(
    '%j opens so',
    (text) => {
      expect(matcher.findIn(text)).toHaveLength(1);
    },
  );
  test.each([
    'You had a quick question',
    'A long first sentence with more than a dozen words in it, before we hope this finds you',
  ])('%j does not', (text) => {
    expect(matcher.findIn(text)).toEqual([]);
  });
});

test('folding twice is folding once, and lower case keeps every position', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(fold(fold(text))).toBe(fold(text));
      expect(fold(text)).toHaveLength(foldShape(text).length);
    }),
  );
});

test('a text contains its own words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(containsWords(`before ${text} after`, text)).toBe(spacedWords(text).trim() !== '');
    }),
  );
});
