import { textOf, type DispatchOutcome, type Message } from '@caio/contracts';
import type { Handover } from '../../provider-port.ts';
import { sha256 } from '../seal.ts';
import type { VendorEmail } from './vendor-schemas.ts';

/**
 * What GoHighLevel would not carry as approved. Each is refused before anything is asked or written. A first touch is
 * refused here whatever the policy says: the shared domain it leaves from is kept for people who answered.
 */
const misfits: readonly {
  readonly code: string;
  readonly message: string;
  readonly applies: (message: Message) => boolean;
}[] = [
  {
    code: 'channel_unsupported',
    message: 'GoHighLevel sends e-mail here and nothing else.',
    applies: ({ channel }) => channel !== 'email',
  },
  {
    code: 'route_unsupported',
    message: 'GoHighLevel answers people who know us; a first message leaves by another provider.',
    applies: ({ route }) => route !== 'warm_email',
  },
  {
    code: 'follow_ups_unsupported',
    message: 'A conversation gets one message; follow-ups are messages of their own.',
    applies: ({ settings }) => settings.followUps !== 0,
  },
  {
    code: 'tracking_unsupported',
    message: 'Openings and clicks of a message in a conversation are not counted for us.',
    applies: ({ settings }) => settings.trackOpens || settings.trackClicks,
  },
  {
    code: 'header_unsupported',
    message: 'GoHighLevel sets no header of ours, and what ends these mails must stand in their text.',
    // Of the headers that end them the link in the text is the whole; any other header would be lost.
    applies: (message) =>
      Object.keys(message.headers).some((name) => !/^list-unsubscribe(-post)?$/i.test(name)) ||
      message.unsubscribeUrl === '' ||
      !textOf(message).includes(message.unsubscribeUrl),
  },
  {
    code: 'template_syntax',
    message: 'The text holds template marks that GoHighLevel would replace with something else.',
    applies: (message) => /\{\{|\}\}/.test(`${message.subject}\n${textOf(message)}`),
  },
];

export const misfitOf = (message: Message): DispatchOutcome | null => {
  const misfit = misfits.find(({ applies }) => applies(message));
  return misfit === undefined ? null : { outcome: 'refused', code: misfit.code, message: misfit.message };
};

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The text as HTML that shows exactly it: lines, spaces and signs. */
const htmlOf = (text: string): string =>
  text.replace(/[&<>"]/g, (sign) => escapes[sign] ?? sign).replace(/\r?\n/g, '<br>\n');

/** Binds the marks to the words, so that words edited at the vendor cannot hide behind the marks beside them. */
const effectDigestOf = (
  ...parts: readonly [action: string, digest: string, to: string, from: string, subject: string, html: string]
): string => sha256(JSON.stringify(parts));

/** The call that sends the message. Its marks are attributes: a reader sees the approved text and nothing else. */
export function messagePayloadOf(handover: Handover, contactId: string) {
  const { message, actionId, attemptId, contentDigest } = handover;
  const { recipient, sender, subject } = message;
  const html = htmlOf(textOf(message));
  const to = recipient.email.toLowerCase();
  const effect = effectDigestOf(actionId, contentDigest, to, sender.email, subject, html);
  const marks = `data-caio-action="${actionId}" data-caio-attempt="${attemptId}" data-caio-digest="${contentDigest}" data-caio-effect="${effect}"`;
  return {
    type: 'Email',
    contactId,
    subject,
    html: `<div ${marks} style="white-space:pre-wrap">${html}</div>`,
    emailFrom: `${sender.name.replace(/["<>\\\r\n]/g, '')} <${sender.email}>`,
    emailTo: recipient.email,
  };
}

/** What a message at GoHighLevel says about itself. `contentDigest` is null when its words are not those it names. */
export interface HeldEmail {
  readonly id: string;
  readonly actionId: string | null;
  readonly attemptId: string | null;
  readonly contentDigest: string | null;
}

const framed = /^<div ([^>]*)>([\s\S]*)<\/div>$/;
const addressIn = (shown: string): string => (/<([^<>]+)>\s*$/.exec(shown)?.[1] ?? shown).trim();

export function heldEmailOf(email: VendorEmail): HeldEmail {
  const [, marks = '', html = ''] = framed.exec((email.body ?? '').trim()) ?? [];
  const mark = (name: string): string | null =>
    new RegExp(`data-caio-${name}="([^"]*)"`).exec(marks)?.[1] ?? null;
  const [actionId, digest] = [mark('action'), mark('digest')];
  const effect =
    actionId === null || digest === null
      ? null
      : effectDigestOf(
          actionId,
          digest,
          addressIn(email.to?.[0] ?? '').toLowerCase(),
          addressIn(email.from ?? ''),
          email.subject ?? '',
          html,
        );
  return {
    id: email.id,
    actionId,
    attemptId: mark('attempt'),
    contentDigest: effect !== null && effect === mark('effect') ? digest : null,
  };
}
