// Risk: the audit shows a person, or the same person is two.
import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { createPseudonymiser } from './pseudonym.ts';

const key = 'a pseudonym key of more than 32 characters';
const person = 'email:jo@firm.example';

test('a person has one name under one key, and another under another', () => {
  const pseudonymOf = createPseudonymiser({ key });
  expect(pseudonymOf(person)).toMatch(/^[0-9a-f]{64}$/);
  expect(createPseudonymiser({ key })(person)).toBe(pseudonymOf(person));
  expect(createPseudonymiser({ key: `${key}!` })(person)).not.toBe(pseudonymOf(person));
  expect(pseudonymOf('email:jo@firm.exampl')).not.toBe(pseudonymOf(person));
});

test('it is not the bare HMAC another use of the key would give', () => {
  expect(createPseudonymiser({ key })(person)).not.toBe(
    createHmac('sha256', key).update(person).digest('hex'),
  );
});

test('a short key is refused', () => {
  expect(() => createPseudonymiser({ key: 'short' })).toThrow('32');
});
