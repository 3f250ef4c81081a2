// Risk: a title no table foresaw crashes a run, or letters inside a word are taken for a rank.
import { describe, expect, test } from '@jest/globals';
import { parsedTitleSchema } from '@caio/contracts';
import fc from 'fast-check';
import { abbreviations } from './abbreviations.ts';
import { modifierTerms } from './modifier-terms.ts';
import { parseTitle } from './parsed-title.ts';
import { functionTerms } from './function-terms.ts';
import { rankTerms } from './rank-terms.ts';

const singleRanks = rankTerms
  .flatMap(({ phrases }) => phrases)
  .concat([...abbreviations.keys()])
  .filter((phrase) => /^[a-z]+$/.test(phrase));
const knownWords = new Set([
  ...singleRanks,
  ...[...Object.values(functionTerms), ...Object.values(modifierTerms)].flat(),
]);

describe('any text', () => {
  test('is read without failing, into the shape the contracts promise', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 500 }), (title) => {
        expect(parsedTitleSchema.safeParse(parseTitle(title)).success).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('made of known words is read without failing and always the same way', () => {
    const word = fc.constantFrom(
      ...knownWords,
      'of',
      'to',
      'the',
      'at',
      'chief',
      'officer',
      'vice',
      '&',
      ',',
      '|',
      '-',
      '/',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 14 }), (words) => {
        const title = words.join(' ');
        const parsed = parseTitle(title);
        expect(parsedTitleSchema.safeParse(parsed).success).toBe(true);
        expect(parseTitle(title)).toEqual(parsed);
      }),
      { numRuns: 3_000 },
    );
  });

  test('of the greatest length is read in a moment', () => {
    const title = 'chief & '.repeat(62);
    const started = performance.now();
    parseTitle(title);
    parseTitle('a.'.repeat(250));
    parseTitle('C '.repeat(250));
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('whole words only', () => {
  test('a rank word inside a longer word is no rank', () => {
    const inside = fc.record({
      rank: fc.constantFrom(...singleRanks),
      before: fc.constantFrom('', 'x', 'zz', 'dire', 'do', 'contra'),
      after: fc.constantFrom('', 'x', 'zz', 'rdinator', 'ial', 'ess'),
    });
    fc.assert(
      fc.property(inside, ({ rank, before, after }) => {
        const word = `${before}${rank}${after}`;
        fc.pre(word !== rank && !knownWords.has(word));
        expect(parseTitle(word).seniority).toBe('unknown');
      }),
      { numRuns: 2_000 },
    );
  });

  test('case, outer space and invisible characters do not change what is read', () => {
    fc.assert(
      fc.property(fc.constantFrom(...singleRanks, 'vp of operations', 'founder & coo'), (title) => {
        const { roles } = parseTitle(title);
        expect(parseTitle(` \u200b${title.toUpperCase()}\u00a0`).roles).toEqual(roles);
      }),
    );
  });
});

describe('combined titles', () => {
  test('keep every role in the order written', () => {
    expect(parseTitle('Founder & COO').roles).toEqual([
      { seniority: 'founder', functions: ['executive'], modifiers: [], current: true },
      { seniority: 'chief', functions: ['operations'], modifiers: [], current: true },
    ]);
  });

  test('keep every field of one role', () => {
    expect(parseTitle('Director of Sales, Strategy, and IT').roles).toEqual([
      {
        seniority: 'director',
        functions: ['sales', 'strategy', 'information_technology'],
        modifiers: [],
        current: true,
      },
    ]);
  });

  test('say what they left out', () => {
    expect(parseTitle('Executive Assistant to the CEO').reasons).toContain('title_object_left_out');
    expect(parseTitle('Owner Relations Manager').reasons).toContain('title_rank_word_describes');
  });

  test('are built from what stands before other pieces', () => {
    expect(parseTitle('CEO').reasons).toEqual(['title_rank_chief', 'title_function_executive']);
    expect(parseTitle(null).reasons).toEqual(['title_missing']);
  });
});
