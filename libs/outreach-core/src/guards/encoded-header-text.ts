import type { Message } from '@caio/contracts';

/**
 * Opens every encoded word (RFC 2047). Programs differ in how much of the rest they ask for before they decode it, and
 * no subject or name needs these two signs.
 */
const opening = '=?';

/**
 * The header-bound parts of a message in which a mail program may show another text than the one that is written there:
 * subject, and name and address of sender and recipient.
 */
export const encodedHeaderTextsOf = ({
  subject,
  sender,
  recipient,
}: Pick<Message, 'subject' | 'sender' | 'recipient'>): readonly string[] => {
  const parts = [
    { part: 'subject', text: subject },
    { part: 'sender name', text: sender.name },
    { part: 'sender address', text: sender.email },
    { part: 'recipient name', text: recipient.name ?? '' },
    { part: 'recipient address', text: recipient.email },
  ];
  return parts.filter(({ text }) => text.includes(opening)).map(({ part }) => part);
};
