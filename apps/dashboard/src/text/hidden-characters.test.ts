// Risk: a reviewer approves a word that is not the word it looks like, or a character nobody can see.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linePiecesOf, oddCharacterCount, oddPieceCount, piecesOf } from './hidden-characters.ts';

const marked = (text: string): readonly string[] =>
  piecesOf(text).flatMap((piece) => (piece.kind === 'plain' ? [] : [`${piece.kind}:${piece.name}`]));

describe('pieces of a text', () => {
  test('put together are the text, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(
          piecesOf(text)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(text);
      }),
    );
  });

  test.each([
    ['pay\u200bment', ['unseen:zero-width space']],
    ['see \u202egpj.exe', ['unseen:right-to-left override']],
    ['two\u00a0words', ['unseen:non-breaking space']],
    ['two\u2800words', ['unseen:empty braille pattern']],
    ['tab\there', ['unseen:U+0009']],
    ['line\r\n', ['unseen:U+000D']],
    ['p\u0430ypal', ['disguised:Cyrillic letter U+0430']],
    ['\u03bfffer', ['disguised:Greek letter U+03BF']],
    ['\uff57ide', ['disguised:look-alike U+FF57']],
  ])('mark %j', (text, expected) => {
    expect(marked(text)).toEqual(expected);
  });

  test.each([
    'Plain words, an em dash — and “quotes”.\n\nA new paragraph.',
    'Grünwald Beratung, Société Générale, Łódź',
    'Москва и Αθήνα',
    'a smile \u2764\ufe0f',
  ])('leave %j alone', (text) => {
    expect(oddCharacterCount(text)).toBe(0);
  });
});

describe('pieces of a line', () => {
  test('put together are the line, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(' ', 'a', '\u00a0', '\n', 'é') }), (line) => {
        expect(
          linePiecesOf(line)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(line);
      }),
    );
  });

  test('mark the spaces at its ends and none between words', () => {
    expect(linePiecesOf('  two words ').map(({ kind }) => kind)).toEqual([
      'unseen',
      'unseen',
      'plain',
      'unseen',
    ]);
    expect(oddPieceCount(linePiecesOf('two words'))).toBe(0);
    expect(oddPieceCount(linePiecesOf('   '))).toBe(3);
  });
});
