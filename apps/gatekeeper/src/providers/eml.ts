import { textOf, type Message } from '@caio/contracts';
import MailComposer from 'nodemailer/lib/mail-composer';
import { changesWhenRead, encodedWordsOf, withEncodedName } from './header-text.ts';

export type Eml =
  | { readonly ok: true; readonly content: string }
  | { readonly ok: false; readonly code: 'header_not_allowed'; readonly message: string };

export interface EmlRequest {
  readonly message: Message;
  /** Names the message at the sender's domain: the same id gives the same Message-ID. */
  readonly messageKey: string;
  readonly date: Date;
}

/** Lines that say who writes to whom and how the rest is to be read; only the message's own fields set them. */
const structural = new Set([
  ...['from', 'sender', 'to', 'cc', 'bcc', 'subject', 'date', 'message-id', 'mime-version'],
  ...['content-type', 'content-transfer-encoding', 'content-disposition', 'return-path', 'received'],
  ...['dkim-signature', 'resent-from', 'resent-to', 'resent-cc', 'resent-bcc'],
  ...['reply-to', 'mail-reply-to', 'mail-followup-to', 'disposition-notification-to', 'return-receipt-to'],
]);
const headerName = /^[A-Za-z0-9-]+$/;

/**
 * The RFC 5322 message a sender of our own would put on the wire: plain text, its headers read back as written, and
 * one-click unsubscribe headers (RFC 8058) from its link unless it brings its own. Opens no socket or file.
 */
export async function buildEml({ message, messageKey, date }: EmlRequest): Promise<Eml> {
  const given = Object.keys(message.headers).map((name) => name.toLowerCase());
  const bad = Object.entries(message.headers).find(
    ([name, value]) =>
      !headerName.test(name) || structural.has(name.toLowerCase()) || /[\r\n\0]|=\?/.test(value),
  );
  if (bad !== undefined) {
    return {
      ok: false,
      code: 'header_not_allowed',
      message: `The header ${bad[0].slice(0, 60).replace(/[^\x21-\x7e]/g, '?')} cannot be set by a message.`,
    };
  }
  const unsubscribe =
    given.includes('list-unsubscribe') || message.unsubscribeUrl === ''
      ? {}
      : {
          'List-Unsubscribe': `<${message.unsubscribeUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        };
  const domain = message.sender.email.slice(message.sender.email.lastIndexOf('@') + 1);
  const shown = (written: string): string => (changesWhenRead(written) ? '' : written);
  const { sender, recipient } = message;
  const composer = new MailComposer({
    from: { name: shown(sender.name), address: sender.email },
    to: { name: shown(recipient.name ?? ''), address: recipient.email },
    subject: shown(message.subject),
    text: textOf(message),
    headers: { ...unsubscribe, ...message.headers },
    messageId: `<${messageKey}@${domain}>`,
    date,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const mail = composer.compile();
  if (changesWhenRead(message.subject))
    mail.setHeader('Subject', { prepared: true, value: encodedWordsOf(message.subject) });
  const names = [
    ['From', sender.name],
    ['To', recipient.name ?? ''],
  ] as const;
  const content = names
    .filter(([, name]) => changesWhenRead(name))
    .reduce(
      (eml, [header, name]) => withEncodedName(eml, header, name),
      (await mail.build()).toString('utf8'),
    );
  return { ok: true, content };
}
