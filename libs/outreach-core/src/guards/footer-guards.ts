import { channelParts } from '@caio/contracts';
import { fold } from '../copy-pack/folded-text.ts';
import { splitAtLink } from './exact-link.ts';
import { listed } from './guard-input.ts';
import type { GuardCheck } from './guard-input.ts';

/** How often the exact link stands in a text, not as the start of a longer one. */
const linkCount = (text: string, url: string): number => splitAtLink(text, url).length - 1;

export const checkUnsubscribeLink: GuardCheck = ({ message }) => {
  if (!channelParts[message.channel].footer) return null;
  if (linkCount(message.footer, message.unsubscribeUrl) === 0) {
    return "this recipient's own unsubscribe link is not in the footer";
  }
  const headers = Object.entries(message.headers);
  const has = (name: string, value: string) => headers.some(([key, held]) => key === name && held === value);
  return has('List-Unsubscribe', `<${message.unsubscribeUrl}>`) &&
    has('List-Unsubscribe-Post', 'List-Unsubscribe=One-Click')
    ? null
    : 'the one-click unsubscribe headers are missing or name another link';
};

export const checkPostalAddress: GuardCheck = ({ message, pack }) =>
  !channelParts[message.channel].footer ||
  fold(message.footer).includes(fold(pack.data.company.postalAddress))
    ? null
    : "the company's postal address is not in the footer";

const optOut =
  /\bunsubscri(?:be|bing|ption)\b|\bopt(?:ing)?[- ]out\b|\bremove (?:me|you|yourself) from\b|\b(?:stop|manage|no longer (?:wish|want)) (?:to )?(?:receiv|get|e-?mail|preferences)\w*/u;

/** A second footer hides in the body of a text whose author added one, or stands twice in the footer. */
export const checkSingleFooter: GuardCheck = ({ message, pack }) => {
  const address = fold(pack.data.company.postalAddress);
  const body = fold(message.body);
  const footer = fold(message.footer);
  const addresses = footer.split(address).length - 1;
  return listed([
    ...(body.includes(address) ? ['the postal address is in the body too'] : []),
    ...(optOut.test(body) ? ['the body has opt-out words of its own'] : []),
    ...(linkCount(message.body, message.unsubscribeUrl) > 0
      ? ['the unsubscribe link is in the body too']
      : []),
    ...(addresses > 1 || linkCount(message.footer, message.unsubscribeUrl) > 1
      ? ['the footer is there twice']
      : []),
  ]);
};

const stopLine =
  /\b(?:reply|respond|answer|text|write|send|type|e-?mail)(?: (?:us|me|back|to this (?:e-?mail|message)))? (?:with |the word |with the word )?["'([]*(?:stop|unsubscribe|remove|no thanks|opt[- ]?out|cancel)\b/u;

export const checkStopLine: GuardCheck = ({ message }) => {
  const found = stopLine.exec(fold(`${message.body}\n${message.footer}`));
  return found === null ? null : `“${found[0].slice(0, 60)}” promises an opt-out by reply`;
};
