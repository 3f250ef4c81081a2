// Risk: somebody who opted out looks as if they might still be written to, or a sent message as if it was not.
import { draftStatusSchema } from '@caio/contracts';
import { expect, test } from '@jest/globals';
import { barredDraftWords, barTitle } from './bar-words.ts';

const entry = (reason: 'unsubscribed' | 'bounced', at: string) => ({
  ...{ personKey: null, reason, source: 'a letter', at, by: 'webhooks' },
});

test('the title says what came first, and without the record still what it is', () => {
  const suppressions = [
    entry('bounced', '2026-02-02T10:00:00.000Z'),
    entry('unsubscribed', '2026-01-05T10:00:00.000Z'),
  ];
  expect(barTitle('suppressed', { suppressions })).toMatch(/^Opted out on .*Jan/);
  expect(barTitle('suppressed', { suppressions: [] })).toBe('On the opt-out list');
  expect(barTitle('suppressed', null)).toBe('On the opt-out list');
  expect(barTitle('excluded', null)).toBe('On the exclusion list');
});

test('a draft that can still become a message will not, and the others are left as they are', () => {
  const meanings = draftStatusSchema.options.map((status) => [
    status,
    barredDraftWords(status)?.meaning ?? null,
  ]);
  expect(Object.fromEntries(meanings)).toEqual({
    ...{
      pending: 'this will not be sent',
      parked: 'this will not be sent',
      approved: 'this will not be sent',
    },
    batched: 'what has not left yet is not sent',
    ...{ rejected: null, expired: null, withdrawn: null },
  });
});
