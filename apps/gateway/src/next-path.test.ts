// Risk: after the login a browser is sent to another site that looks like this one.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { nextPathOf } from './next-path.ts';

test.each([
  ['/sales', '/sales'],
  ['/sales/batches/bat_1?tab=texts#top', '/sales/batches/bat_1?tab=texts#top'],
  [' /sales ', '/sales'],
  ['/scorecard', '/scorecard'],
])('%j stays %s', (given, next) => {
  expect(nextPathOf(given)).toBe(next);
});

test.each([
  ...[
    '',
    null,
    undefined,
    'sales',
    'https://evil.example',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
  ],
  ...[
    '\\\\evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\u0000/evil',
    'javascript:alert(1)',
    '/.//evil.example',
  ],
  ...[
    '/..//evil.example',
    '/a/..//evil.example',
    '/%09/ü',
    '/login',
    '/login?next=/login',
    '/logout',
    '/LOGOUT/',
  ],
  ...['//evil.example@door.example', `/${'x'.repeat(3_000)}`, '/sales\r\nSet-Cookie: a=1'],
])('%j leads to the desk', (given) => {
  expect(nextPathOf(given)).toBe('/sales');
});

test('whatever is given, a browser stays on this origin', () => {
  const piece = fc.constantFrom(
    '/',
    '\\',
    '.',
    '..',
    ':',
    '@',
    '%2f',
    '%5c',
    '\t',
    '\n',
    'evil.example',
    'https',
    '?',
    '#',
    ' ',
    '\u2028',
    'x',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
      for (const base of ['https://door.example/login', 'http://127.0.0.1:8080/login?next=x'])
        expect(new URL(nextPathOf(pieces.join('')), base).origin).toBe(new URL(base).origin);
    }),
    { numRuns: 3_000 },
  );
});
