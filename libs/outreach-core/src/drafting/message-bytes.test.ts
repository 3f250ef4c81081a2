// Risk: two different messages share a digest, or one message has two: an approval would cover another text.
import { expect, test } from '@jest/globals';
import { messageSchema } from '@caio/contracts';
import type { Message } from '@caio/contracts';
import fc from 'fast-check';
import { companyPack, leadWith } from '../testing/company-packs.ts';
import { composeMessage } from './compose-message.ts';
import { messageBytes } from './message-bytes.ts';

const composed = composeMessage({
  subject: 'Recruiter hours',
  body: 'Hi Dana,\n\nA text.',
  lead: leadWith(),
  pack: companyPack('harbor-pine'),
  motion: 'outbound',
  channel: 'email',
  route: 'cold_email',
  unsubscribeUrl: 'https://mail.harborpine.example/u/dana',
});
if (!composed.ok) throw new Error(composed.message);
const base: Message = composed.message;

const text = fc.string({ unit: 'binary', maxLength: 60 });
const messages = fc
  .record({
    subject: text,
    body: text,
    footer: text,
    name: fc.option(text),
    days: fc.uniqueArray(fc.integer({ min: 1, max: 7 })),
  })
  .map(({ name, days, ...texts }): Message => ({
    ...base,
    ...texts,
    recipient: { ...base.recipient, name },
    settings: { ...base.settings, schedule: { ...base.settings.schedule, days } },
  }));

/** The same value with the keys of every object in another order. */
const reordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, held]) => [key, reordered(held)]),
  );
};

test('the bytes parse back to an equal message, in any key order', () => {
  fc.assert(
    fc.property(messages, (message) => {
      const bytes = messageBytes(message);
      expect(messageSchema.parse(JSON.parse(bytes))).toEqual(message);
      expect(messageBytes(messageSchema.parse(reordered(message)))).toBe(bytes);
    }),
  );
});

test('different messages have different bytes', () => {
  fc.assert(
    fc.property(messages, messages, (one, other) => {
      const isSame = JSON.stringify(one) === JSON.stringify(other);
      expect(messageBytes(one) === messageBytes(other)).toBe(isSame);
    }),
  );
});

const changes: readonly [string, Partial<Message>][] = [
  ['a space at the end of the subject', { subject: `${base.subject} ` }],
  ['a composed instead of a decomposed accent', { subject: 'Caf\u00e9' }],
  ['a comma in the body', { body: base.body.replace(',', '') }],
  ['another unsubscribe link', { footer: base.footer.replace('/u/dana', '/u/marcus') }],
  ['the sender', { sender: { ...base.sender, name: 'Imogen Tarr' } }],
  ['the recipient', { recipientKey: 'email:marcus@bluewater.example' }],
  ['the route', { route: 'warm_email' }],
  ['the motion', { motion: 'revival' }],
  ['tracking', { settings: { ...base.settings, trackOpens: true } }],
  ['follow-ups', { settings: { ...base.settings, followUps: 1 } }],
  ['a header', { headers: { ...base.headers, 'Reply-To': 'x@y.example' } }],
];
test.each(changes)('%s is visible in the bytes', (_, change) => {
  const cafe = { ...base, subject: 'Cafe\u0301' };
  const before = change.subject === 'Caf\u00e9' ? cafe : base;
  expect(messageBytes({ ...base, ...change })).not.toBe(messageBytes(before));
});
