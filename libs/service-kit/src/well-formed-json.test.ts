// Risk: half of a character in a text is kept in two forms, or whole characters are refused with it.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseWellFormedJson } from './well-formed-json.ts';

test.each([
  ['a value', '{"reason":"a \\ud83d"}'],
  ['the name of a field', '{"\\uDC00":1}'],
  ['a list deep inside', '[[{"a":["\\ud83d\\ud83d\\ude00"]}]]'],
  ['the text itself', '"\\udfff"'],
  ['halves in the wrong order', '"\\ude00\\ud83d"'],
])('half of a character is found in %s', (_, text) => {
  expect(parseWellFormedJson(text)).toEqual({ ok: false, reason: 'half_character' });
});

test.each(['"\\ud83d\\ude00"', '"😀"', '"\\\\ud83d"', '{"a":null}', 'null', '"\\ud7ff"'])(
  '%s is whole',
  (text) => {
    expect(parseWellFormedJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
  },
);

/** Any sixteen bits, so that halves of characters come up, whole ones of two halves too. */
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  fc.constantFrom('a', '\\', '\\ud83d', '\ud83d', '\ude00', '😀'),
);
const units = fc.string({ unit, maxLength: 6 });

test('whatever JSON can say comes back as it is, or has half of a character', () => {
  fc.assert(
    fc.property(units, units, (value, name) => {
      const parsed = parseWellFormedJson(JSON.stringify({ list: [value], [name]: 1 }));
      expect(parsed.ok).toBe(!/\p{Cs}/u.test(value) && !/\p{Cs}/u.test(name));
      if (parsed.ok) expect(parsed.value).toEqual({ list: [value], [name]: 1 });
    }),
    { numRuns: 1_000 },
  );
});

test('what is no JSON is told from it', () => {
  expect(parseWellFormedJson('{"a":')).toEqual({ ok: false, reason: 'not_json' });
});
