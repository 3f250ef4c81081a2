// Risk: two messages get the same id, because a random number was given twice.
import { webcrypto } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { createRandomNumbers } from './random-numbers.ts';

test('every number of a filling is given once, then others are asked for', () => {
  let fillings = 0;
  const next = createRandomNumbers((numbers) => {
    numbers.forEach((_, at) => (numbers[at] = fillings * numbers.length + at));
    fillings += 1;
  });
  const given = Array.from({ length: 3_000 }, next);
  expect(given).toEqual(given.map((_, at) => at / 2 ** 32));
  expect(fillings).toBe(3);
});

test('ids of one millisecond differ, and each letter of their random part occurs', () => {
  const next = createRandomNumbers((numbers) => webcrypto.getRandomValues(numbers));
  const ids = Array.from({ length: 20_000 }, () => ulid(1, next));
  expect(new Set(ids).size).toBe(ids.length);
  expect(new Set(ids.flatMap((id) => [...id.slice(10)])).size).toBe(32);
  expect(ids.every((id) => /^[0-9A-HJKMNP-TV-Z]{26}$/.test(id))).toBe(true);
});
