import { channelParts } from '@caio/contracts';
import type { Channel, Lead, Message, Motion, PersonKey, Route, Sender } from '@caio/contracts';
import type { CompiledCopyPack } from '../copy-pack/compiled-copy-pack.ts';
import { emailKeyOf } from '../identity/email-key.ts';
import { linkedinKeyOf, linkedinUrlOf } from '../identity/linkedin-key.ts';
import { singleLine } from './lead-values.ts';
import { packValues } from './pack-drafter.ts';

/**
 * What a message is made of. `footer` and `sender` are the pack's when left out; given ones are taken as they
 * are, for the guards to judge. `unsubscribeUrl` is this recipient's own link.
 */
export interface ComposeRequest {
  readonly subject: string;
  readonly body: string;
  readonly footer?: string | undefined;
  readonly sender?: Sender | undefined;
  readonly lead: Lead;
  readonly pack: CompiledCopyPack;
  readonly motion: Motion;
  readonly channel: Channel;
  readonly route: Route;
  readonly unsubscribeUrl: string;
}

export type ComposeOutcome =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly ruleId: 'recipient_unreachable'; readonly message: string };

const nameCharactersMax = 200;

const newlines = (text: string): string => text.replace(/\r\n?/g, '\n');

const recipientKeyOf = (lead: Lead, channel: Channel) => {
  const email = lead.email === null ? null : emailKeyOf(lead.email);
  const linkedin = lead.linkedinUrl === null ? null : linkedinKeyOf(lead.linkedinUrl);
  const address = email?.ok === true ? email.address : '';
  const linkedinUrl = linkedin === null ? null : linkedinUrlOf(linkedin);
  if (channel === 'linkedin') {
    return linkedin === null
      ? ({ ok: false, reason: 'the lead has no readable LinkedIn profile address' } as const)
      : ({ ok: true, personKey: linkedin, address, linkedinUrl } as const);
  }
  if (email?.ok === true) return { ok: true, personKey: email.personKey, address, linkedinUrl } as const;
  return { ok: false, reason: email?.reason ?? 'the lead has no e-mail address' } as const;
};

const nameOf = (lead: Lead): string | null => {
  const parts = [lead.firstName, lead.lastName].map(singleLine).filter((part) => part !== null);
  const name = parts.length > 0 ? parts.join(' ') : singleLine(lead.fullName);
  return name === null || name.length > nameCharactersMax ? null : name;
};

/** A sender that is no address still gets a key, so that the draft is kept and parked as `wrong_sender`. */
const senderKeyOf = ({ email }: Sender): PersonKey => {
  const key = emailKeyOf(email);
  if (key.ok) return key.personKey;
  const rest = email.toLowerCase().replace(/[\s\p{Cc}]+/gu, '');
  return `email:${rest === '' ? 'unreadable' : rest}`;
};

const unreachable = (reason: string): ComposeOutcome => ({
  ok: false,
  ruleId: 'recipient_unreachable',
  message: `No message can be addressed: ${reason}.`,
});

/**
 * The exact final message: recipient, sender, subject, body, footer of the pack with this recipient's
 * unsubscribe link, one-click headers (RFC 8058) and the settings that alter when and how it leaves. On a channel
 * without footers it has neither footer nor link. Throws
 * when `unsubscribeUrl` is not an absolute web address: that is a configuration mistake, not a bad draft.
 */
export const composeMessage = (request: ComposeRequest): ComposeOutcome => {
  const { lead, pack, channel, unsubscribeUrl } = request;
  if (!/^https?:\/\/[^\s<>"]+$/.test(unsubscribeUrl)) {
    throw new TypeError('unsubscribeUrl has to be an absolute http(s) address without spaces');
  }
  const sender = request.sender ?? pack.defaultSender;
  const recipient = recipientKeyOf(lead, channel);
  if (!recipient.ok) return unreachable(recipient.reason);
  const footer = pack.renderFooter({
    ...packValues(pack, sender),
    unsubscribe: { url: unsubscribeUrl, line: pack.data.unsubscribe.lineText },
  });
  if (!footer.ok) throw new TypeError(`the footer of ${pack.version} did not render: ${footer.reason}`);
  const { schedule, ...settings } = pack.data.rendering;
  const hasFooter = channelParts[channel].footer;
  const ownFooter = hasFooter ? newlines(footer.text).trim() : '';
  return {
    ok: true,
    message: {
      version: 1,
      channel,
      motion: request.motion,
      route: request.route,
      recipient: {
        email: recipient.address,
        name: nameOf(lead),
        company: singleLine(lead.company),
        linkedinUrl: recipient.linkedinUrl,
      },
      recipientKey: recipient.personKey,
      sender: { name: sender.name, email: sender.email },
      senderKey: senderKeyOf(sender),
      subject: request.subject,
      body: newlines(request.body),
      footer: request.footer === undefined ? ownFooter : newlines(request.footer),
      unsubscribeUrl: hasFooter ? unsubscribeUrl : '',
      headers:
        channel === 'email'
          ? {
              'List-Unsubscribe': `<${unsubscribeUrl}>`,
              'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
            }
          : {},
      settings: { ...settings, schedule: { ...schedule, days: [...schedule.days] } },
    },
  };
};
