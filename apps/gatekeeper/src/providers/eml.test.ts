// Risk: a mail program shows another subject or name than the one a reviewer approved.
import type { Message } from '@caio/contracts';
import { buildMessage } from '@caio/test-kit';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { buildEml } from './eml.ts';

const date = new Date('2026-01-05T12:00:00.000Z');
const emlOf = async (message: Message): Promise<string> => {
  const eml = await buildEml({ message, messageKey: 'act_1', date });
  if (!eml.ok) throw new Error(eml.message);
  return eml.content;
};

/** Reads as the most lenient programs do: words are decoded wherever they stand, whole or not. */
const lenientlyRead = (raw: string): string => {
  const unfolded = raw.replace(/\r\n(?=[ \t])/g, '');
  const joined = unfolded.replace(/(=\?[^?\s]*\?[bq]\?[^?\s]*\?=)\s+(?==\?)/gi, '$1');
  const chunks = joined.replace(/=\?([^?\s]*)\?([bq])\?([^?\s]*)(?:\?=)?/gi, (_, _charset, kind, text) => {
    const bytes =
      String(kind).toLowerCase() === 'b'
        ? Buffer.from(String(text), 'base64')
        : Buffer.from(
            String(text)
              .replace(/_/g, ' ')
              .replace(/=([0-9A-F]{2})/gi, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
            'latin1',
          );
    return `\u0000${bytes.toString('hex')}\u0000`;
  });
  // Together, since a character may be split between two words that stand side by side.
  return chunks
    .replace(/\u0000\u0000/g, '')
    .replace(/\u0000([0-9a-f]*)\u0000/g, (_, hex) => Buffer.from(String(hex), 'hex').toString('utf8'));
};
const lineOf = (eml: string, name: string): string =>
  new RegExp(`^${name}:(?:[ \\t]|\\r\\n[ \\t])*([^]*?)\\r\\n(?![ \\t])`, 'm').exec(eml)?.[1] ?? '';
const displayNameOf = (mailbox: string): string => {
  const name = mailbox.replace(/(?:^| |\r\n )<[^<>]*>$/, '');
  return lenientlyRead(/^\s*"/.test(name) ? name.trim().slice(1, -1).replace(/\\(.)/g, '$1') : name);
};

const character = fc.constantFrom(
  ...['a', 'B', '7', ' ', '  ', '=', '?', '_', '-', '"', '\\', '(', ')', '<', '>', ',', ';', ':', '@', '.'],
  ...['ü', 'Ł', '日', '🌱', '\u00a0', '=?', '?=', '=?utf-8?b?', '=?UTF-8?Q?', 'SGVsbG8=', '=41', '=C3=BC'],
  ...['=?utf-8?b?SGVsbG8=?=', '=?x?q?a?=', 'averylongwordthatgoesonandonwithoutanend'.repeat(3)],
);
const text = fc
  .array(character, { minLength: 1, maxLength: 24 })
  .map((parts) => parts.join(''))
  .filter((words) => /[A-Za-z]/.test(words) && words.length <= 200);

describe('what a mail program shows', () => {
  test('is the subject and the names as they were approved, whatever is in them', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, text, async (subject, sender, recipient) => {
        const base = buildMessage();
        const eml = await emlOf({
          ...{ ...base, subject, sender: { ...base.sender, name: sender } },
          recipient: { ...base.recipient, name: recipient },
        });
        expect(lenientlyRead(lineOf(eml, 'Subject'))).toBe(subject);
        expect(displayNameOf(lineOf(eml, 'From'))).toBe(sender);
        expect(displayNameOf(lineOf(eml, 'To'))).toBe(recipient);
        const mail = await PostalMime.parse(eml);
        expect(mail.subject).toBe(subject);
        expect(mail.from).toMatchObject({ name: sender, address: base.sender.email });
        expect(mail.to).toEqual([{ name: recipient, address: base.recipient.email }]);
        expect(
          eml
            .split('\r\n\r\n')[0]
            ?.split('\r\n')
            .every((line) => line.length < 998),
        ).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  test.each([
    ['a list address that is encoded', { 'List-Id': '=?utf-8?b?SGVsbG8=?=' }],
    ['another address for answers', { 'Reply-To': 'someone@meadow.example' }],
  ])('is never set by a message: %s', async (_, headers) => {
    const eml = await buildEml({ message: buildMessage({ headers }), messageKey: 'act_1', date });
    expect(eml).toMatchObject({ ok: false, code: 'header_not_allowed' });
  });

  test('is the name before an address that fills a line by itself', async () => {
    const base = buildMessage();
    const email = `${'a'.repeat(64)}@${'b'.repeat(60)}.${'c'.repeat(60)}.example`;
    for (const name of ['Ada  Stone', 'Ada Stone']) {
      const mail = await PostalMime.parse(
        await emlOf({ ...base, recipient: { ...base.recipient, email, name } }),
      );
      expect(mail.to).toEqual([{ name, address: email }]);
    }
  });

  test('reaches the same address when a name is encoded, with the domain in ASCII', async () => {
    const base = buildMessage();
    const recipient = { ...base.recipient, email: 'zoe@bücher.example', name: '=?utf-8?b?SGVsbG8=?=' };
    const mail = await PostalMime.parse(await emlOf({ ...base, recipient }));
    expect(mail.to).toEqual([{ name: recipient.name, address: 'zoe@xn--bcher-kva.example' }]);
  });
});
