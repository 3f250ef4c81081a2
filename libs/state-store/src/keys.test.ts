// Risk: two environments meet in one key, two records share one, or a cluster splits what a script has to touch together.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createKeys, type Keys } from './keys.ts';

const environment = fc.stringMatching(/^[a-z][a-z0-9-]{1,40}$/);
/** Ids, digests, domains and addresses as they come: with colons, braces and brackets in them. */
const id = fc.oneof(
  fc.stringMatching(/^[a-z0-9:@{}[\]._-]{1,30}$/),
  fc.constantFrom('{caio:local}', 'email:sam@outreach.example', '01TE0000000000000000000000', 'wait'),
);

/** Every key there is, each builder completed with these ids. */
const allKeys = (keys: Keys, one: string, two: string): string[] =>
  Object.entries(keys)
    .filter(([name]) => name !== 'queueName')
    .map(([, key]) => {
      if (typeof key === 'string') return key;
      const build = key as (...parts: string[]) => string;
      return build(one, two);
    });

const hashTagOf = (key: string): string | undefined => /^[^{]*\{([^}]+)\}/.exec(key)?.[1];

test('every key of an environment hashes to one slot, whatever the ids contain', () => {
  fc.assert(
    fc.property(environment, id, id, (name, one, two) => {
      for (const key of allKeys(createKeys(name), one, two)) expect(hashTagOf(key)).toBe(`caio:${name}`);
    }),
    { numRuns: 300 },
  );
});

test('two environments never share a key', () => {
  fc.assert(
    fc.property(environment, environment, id, id, id, id, (a, b, one, two, three, four) => {
      fc.pre(a !== b);
      const ofA = new Set(allKeys(createKeys(a), one, two));
      const ofB = allKeys(createKeys(b), three, four);
      expect(ofB.filter((key) => ofA.has(key))).toEqual([]);
      expect(ofB.filter((key) => key.startsWith(createKeys(a).root))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('no two kinds of record share a key for the ids they really have', () => {
  const keys = createKeys('local');
  const ids = ['01TE0000000000000000000000', 'pending', 'queued', 'real'];
  const seen = new Map<string, string>();
  for (const [name, key] of Object.entries(keys)) {
    if (name === 'queueName' || name === 'root' || name === 'queuePrefix' || name.endsWith('Prefix'))
      continue;
    const built =
      typeof key === 'string'
        ? [key]
        : ids.map((one) => (key as (...parts: string[]) => string)(one, 'second', 'third'));
    for (const text of built) {
      expect([name, seen.get(text)]).toEqual([name, undefined]);
      seen.set(text, name);
    }
  }
});

test('the prefixes that scripts complete give the keys that the stores read', () => {
  const keys = createKeys('local');
  expect(`${keys.draftPrefix}x`).toBe(keys.draft('x'));
  expect(`${keys.draftsByStatusPrefix}pending`).toBe(keys.draftsByStatus('pending'));
  expect(`${keys.batchPrefix}x`).toBe(keys.batch('x'));
  expect(`${keys.actionPrefix}x`).toBe(keys.action('x'));
});
