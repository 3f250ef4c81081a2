// Risk: a begun edit is forgotten, or saved over a text that its writer never saw.
import { expect, test } from '@jest/globals';
import { parseBegunEdit } from './begun-edit.ts';

const draft = { message: { subject: 'Nine days', body: 'Hi Ada' } };
const begun = { base: 'a'.repeat(64), subject: 'Nine days', body: 'Hello Ada' };

test('a begun edit comes back with the digest of the text it was begun from', () => {
  expect(parseBegunEdit(JSON.stringify(begun), draft)).toEqual(begun);
});

test('nothing kept, nothing changed and nothing readable are no begun edit', () => {
  const unchanged = JSON.stringify({ ...begun, body: 'Hi Ada' });
  const withoutBase = JSON.stringify({ subject: 'Nine days', body: 'Hello Ada' });
  for (const kept of [null, unchanged, withoutBase, '{"base":', '[]'])
    expect(parseBegunEdit(kept, draft)).toBeNull();
});
