// Risk: a message that would go to somebody else looks like the approved one, because only its text is compared.
import { expect, test } from '@jest/globals';
import { differencesBeyond } from './message-differences.ts';

const approved = {
  subject: 'Reports',
  body: 'Hi',
  recipient: { email: 'ada@example.com', name: null },
  settings: { trackOpens: false, schedule: { days: [1, 2] } },
};

test('every changed part is named with both values, wherever it stands', () => {
  const stored = {
    subject: 'Other',
    recipient: { email: 'eve@example.com', name: 'Ada' },
    settings: { trackOpens: true, schedule: { days: [1, 2, 6] } },
    bcc: 'eve@example.com',
  };
  expect(differencesBeyond(['subject', 'body'], approved, stored)).toEqual([
    { part: 'recipient email', before: 'ada@example.com', after: 'eve@example.com' },
    { part: 'recipient name', before: 'null', after: 'Ada' },
    { part: 'settings trackOpens', before: 'false', after: 'true' },
    { part: 'settings schedule days 2', before: null, after: '6' },
    { part: 'bcc', before: null, after: 'eve@example.com' },
  ]);
});

test('what is the same is not named', () => {
  expect(differencesBeyond([], approved, structuredClone(approved))).toEqual([]);
});
