// Risk: a body that is not the one signed for is taken, or comparing tells where two secrets differ or throws.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { digestOf, digestsMatch, parseContentDigest, secretsMatch } from './digest.ts';

// RFC 9530, appendix D, example of {"hello": "world"} with a line break after it.
const example = 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:';

test('a digest has the form of RFC 9530', () => {
  expect(digestOf('{"hello": "world"}\n')).toBe(example);
  expect(digestOf(Buffer.from('{"hello": "world"}\n'))).toBe(example);
  expect(digestOf(new Uint8Array(0))).toBe('sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:');
});

test('the member is found beside other algorithms', () => {
  expect(parseContentDigest(`sha-512=:YQ==:, ${example}`)).toBe(example);
  expect(parseContentDigest(example)).toBe(example);
});

test.each(['', 'sha-256=', 'sha-256=:YQ==:', example.slice(1), `${example}x`, example.replace('sha', 'SHA')])(
  'a malformed header is none: %s',
  (header) => {
    expect(parseContentDigest(header)).toBeNull();
    expect(digestsMatch(header, header)).toBe(false);
  },
);

test('only equal digests match', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (left, right) => {
      const equal = Buffer.compare(left, right) === 0;
      expect(digestsMatch(digestOf(left), digestOf(right))).toBe(equal);
    }),
  );
});

test('secrets of any length and alphabet are compared without throwing', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (left, right) => {
      expect(secretsMatch(left, right)).toBe(left === right);
      expect(secretsMatch(left, left)).toBe(true);
    }),
  );
});
