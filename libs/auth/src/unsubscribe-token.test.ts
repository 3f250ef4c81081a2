// Risk: an unsubscribe link shows an address, stops working after a rotation, or can be made by a stranger.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createUnsubscribeTokens } from './unsubscribe-token.ts';

const oldSecret = 'an old secret of more than 32 characters';
const newSecret = 'a new secret of more than 32 characters!';
const tokens = createUnsubscribeTokens({ secrets: [newSecret, oldSecret] });
const person = 'email:jo.doe@firm.example';

test('a token names its person and nobody can read it', () => {
  const token = tokens.issue(person);
  expect(tokens.verify(token)).toBe(person);
  expect(token).toMatch(/^[A-Za-z0-9_-]+$/);
  const bytes = Buffer.from(token, 'base64url').toString('latin1');
  expect(bytes).not.toMatch(/jo|doe|firm|email/);
});

test('the same person gets the same link, another person another one', () => {
  expect(tokens.issue(person)).toBe(tokens.issue(person));
  expect(createUnsubscribeTokens({ secrets: [newSecret] }).issue(person)).toBe(tokens.issue(person));
  expect(tokens.issue('email:jo.doe@firm.exampl')).not.toBe(tokens.issue(person));
  expect(createUnsubscribeTokens({ secrets: [oldSecret] }).issue(person)).not.toBe(tokens.issue(person));
});

test('links made under the previous secret keep working, and under a forgotten one stop', () => {
  const old = createUnsubscribeTokens({ secrets: [oldSecret] }).issue(person);
  expect(tokens.verify(old)).toBe(person);
  expect(createUnsubscribeTokens({ secrets: [newSecret] }).verify(old)).toBeNull();
});

test('addresses of similar length give tokens of equal length', () => {
  const lengths = ['email:a@b.example', person, `email:${'x'.repeat(40)}@firm.example`].map(
    (key) => tokens.issue(key).length,
  );
  expect(new Set(lengths).size).toBe(1);
});

test('every person key survives the way there and back', () => {
  const anyPerson = fc
    .tuple(fc.constantFrom('email', 'linkedin'), fc.string({ minLength: 1, maxLength: 90, unit: 'grapheme' }))
    .map(([kind, text]) => `${kind}:${text.replace(/[\s\0]/gu, 'x')}`);
  fc.assert(fc.property(anyPerson, (key) => expect(tokens.verify(tokens.issue(key))).toBe(key)));
});

describe('anything else names nobody', () => {
  const token = tokens.issue(person);
  test('a changed character anywhere', () => {
    for (let index = 0; index < token.length; index += 1) {
      const changed = token.slice(0, index) + (token[index] === 'A' ? 'B' : 'A') + token.slice(index + 1);
      expect(tokens.verify(changed)).toBeNull();
    }
  });
  test('a second spelling of the same bytes', () => {
    const long = tokens.issue(`email:${'x'.repeat(80)}@firm.example`);
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const next = alphabet[alphabet.indexOf(long.at(-1) ?? '') + 1] ?? '';
    const twin = long.slice(0, -1) + next;
    expect(Buffer.from(twin, 'base64url').equals(Buffer.from(long, 'base64url'))).toBe(true);
    expect(tokens.verify(long)).not.toBeNull();
    expect(tokens.verify(twin)).toBeNull();
  });
  test.each([
    ['nothing', ''],
    ['a cut token', token.slice(0, -4)],
    ['a longer token', `${token}AAAA`],
    ['other characters', `${token.slice(0, -1)}=`],
    ['an address', person],
    ['a line break', `${token}\n`],
    ['far too much', 'A'.repeat(100_000)],
  ])('%s', (_name, value) => {
    expect(tokens.verify(value)).toBeNull();
  });
});

test('short or missing secrets and keys that are none are refused', () => {
  expect(() => createUnsubscribeTokens({ secrets: [] })).toThrow('at least one');
  expect(() => createUnsubscribeTokens({ secrets: [newSecret, 'short'] })).toThrow('32');
  expect(() => tokens.issue('jo@firm.example')).toThrow();
  expect(() => tokens.issue('email:a\0b@firm.example')).toThrow('zero byte');
});
