// Risk: the short way through plain texts reads them otherwise than the long way through every script does.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { splitAtLink } from '../guards/exact-link.ts';
import { singleLine } from '../drafting/lead-values.ts';
import { fold, foldShape, wordsOf } from './folded-text.ts';

/** ASCII of a mail: words, marks, initials, possessives, back-ticks, white space. */
const pieces = fc.constantFrom(
  ...['a', 'B', 'Ada', "Ada's", "o'clock", '`x`', 'c.e.o.', 'U.S.', '24/7', '"', '-', '.', ',', '@', '{{x}}'],
  ...[' ', '  ', '\n', '\n\n', ' \n '],
);
const plainText = fc
  .oneof(
    fc.array(pieces, { maxLength: 30 }).map((all) => all.join('')),
    fc.string({ unit: 'binary-ascii' }),
  )
  .map((text) => text.replace(/\p{Cc}/gu, '\n'));
/** One letter beyond ASCII sends a text the long way. */
const beyond = 'é';

describe('a plain text', () => {
  test('is folded as it is beside a letter of another script', () => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect(`${foldShape(text)} ${beyond}`.trim()).toBe(foldShape(`${text} ${beyond}`));
        expect(fold(text)).toBe(foldShape(text).toLowerCase());
      }),
      { numRuns: 500 },
    );
  });

  test('has the same words', () => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect([...wordsOf(text), beyond]).toEqual(wordsOf(`${text} ${beyond}`));
      }),
      { numRuns: 500 },
    );
  });

  test('is the same value on one line', () => {
    fc.assert(
      fc.property(plainText, (text) => {
        expect(`${singleLine(`x${text}`) ?? ''} ${beyond}`).toBe(singleLine(`x${text} ${beyond}`));
      }),
      { numRuns: 500 },
    );
  });
});

describe('a text cut at a link', () => {
  const url = 'https://go.example/u/a.b';
  test.each<[string, readonly string[]]>([
    ['nothing', ['nothing']],
    [url, ['', '']],
    [`stop: ${url}`, ['stop: ', '']],
    [`<${url}> or (${url}).`, ['<', '> or (', ').']],
    [`${url}, ${url}!`, ['', ', ', '!']],
    [`${url}c`, [`${url}c`]],
    [`${url}/more`, [`${url}/more`]],
    [`${url}?x=1`, [`${url}?x=1`]],
    [`x${url}`, [`x${url}`]],
    [`https://evil.example/?${url}`, [`https://evil.example/?${url}`]],
    ['https://go.example/u/aXb', ['https://go.example/u/aXb']],
  ])('%j', (text, cut) => {
    expect(splitAtLink(text, url)).toEqual(cut);
  });
});
