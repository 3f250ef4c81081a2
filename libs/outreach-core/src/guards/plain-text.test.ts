// Risk: a reviewer approves what no reader sees: markup, invisible characters, letters in disguise.
import { describe, expect, test } from '@jest/globals';
import { disguisedWordsIn, hiddenCharactersIn } from './hidden-characters.ts';
import { markupIn } from './text-guards.ts';

describe('markup', () => {
  test.each([
    ['<p>Hi</p>', 'an HTML tag'],
    ['a<br/>b', 'an HTML tag'],
    ['<img src="x">', 'an HTML tag'],
    ['<!-- note -->', 'an HTML tag'],
    ['a&nbsp;b', 'an HTML entity'],
    ['a&#8203;b', 'an HTML entity'],
    ['[book](https://harborpine.example)', 'a Markdown link'],
    ['a **bold** word', 'Markdown emphasis'],
    ['## Heading', 'a Markdown heading'],
  ])('%j has %s', (text, kind) => {
    expect(markupIn(text)).toContain(kind);
  });

  test.each([
    'a < b and b > a',
    'R&D; M&A',
    '5 * 3 ** maybe',
    '#1 of many',
    'AT&T',
    'see <https://harborpine.example>',
  ])('%j has none', (text) => {
    expect(markupIn(text)).toEqual([]);
  });
});

describe('hidden characters', () => {
  test.each([
    ['a\u200bb', 'zero-width space (U+200B)'],
    ['a\u00adb', 'soft hyphen (U+00AD)'],
    ['a\u202eb', 'right-to-left override (U+202E)'],
    ['a\u2066b', 'left-to-right isolate (U+2066)'],
    ['a\ufeffb', 'byte order mark (U+FEFF)'],
    ['a\u0000b', 'null character (U+0000)'],
    ['a\u3164b', 'U+3164'],
    ['a\ud800b', 'U+D800'],
    ['a\u{e0041}b', 'U+E0041'],
    ['a\ue000b', 'U+E000'],
    ['a\rb', 'carriage return (U+000D)'],
    ['a\tb', 'tab (U+0009)'],
  ])('%j is refused by name', (text, name) => {
    expect(hiddenCharactersIn(text, 'many lines')).toEqual([name]);
  });

  test('a line break belongs in a body, not in a subject', () => {
    expect(hiddenCharactersIn('a\nb', 'many lines')).toEqual([]);
    expect(hiddenCharactersIn('a\nb', 'one line')).toEqual(['line break (U+000A)']);
  });

  test.each(['Zoë, naïve café', '日本語', 'a\u00a0b', '☀\ufe0f', 'résumé – “so”', '👍'])(
    '%j can be seen',
    (text) => {
      expect(hiddenCharactersIn(text, 'one line')).toEqual([]);
    },
  );
});

describe('letters in disguise', () => {
  test.each([
    ['the d\u0435sk', ['d\u0435sk']],
    ['a \u0440\u0430\u0443 rise for everybody', ['\u0440\u0430\u0443']],
    ['𝗯𝗼𝗹𝗱 words', ['𝗯𝗼𝗹𝗱']],
    ['ｗｉｄｅ words', ['ｗｉｄｅ']],
    ['αlpha', ['αlpha']],
  ])('%j', (text, words) => {
    expect(disguisedWordsIn(text)).toEqual(words);
  });

  test.each(['Zoë Müller, Łódź', 'Юлия и команда', 'the α test', 'Tokyo 東京', 'm² and ½', 'ﬁne'])(
    '%j is plain',
    (text) => {
      expect(disguisedWordsIn(text).filter((word) => word !== 'α')).toEqual([]);
    },
  );
});
