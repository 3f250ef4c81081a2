import { channelParts } from '@caio/contracts';
import { disguisedWordsIn, hiddenCharactersIn } from './hidden-characters.ts';
import { encodedHeaderTextsOf } from './encoded-header-text.ts';
import { listed } from './guard-input.ts';
import type { GuardCheck } from './guard-input.ts';
import { placeholdersIn } from './placeholders.ts';

const hasWords = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);

export const checkEmptyText: GuardCheck = ({ message, anatomy }) =>
  listed([
    ...(channelParts[message.channel].subject && !hasWords(message.subject) ? ['the subject is empty'] : []),
    ...(hasWords(message.body) ? [] : ['the body is empty']),
    ...(hasWords(message.body) && !hasWords(anatomy.prose)
      ? ['the body is only a greeting and a sign-off']
      : []),
    ...(channelParts[message.channel].footer && !hasWords(message.footer) ? ['the footer is empty'] : []),
  ]);

/** Words that the channel has no place for would be approved and never be read. */
export const checkChannelForm: GuardCheck = ({ message }) => {
  const parts = channelParts[message.channel];
  const isBare = message.footer === '' && message.unsubscribeUrl === '';
  return listed([
    ...(parts.subject || message.subject === '' ? [] : ['messages of this channel have no subject']),
    ...(parts.footer || isBare ? [] : ['messages of this channel have no footer']),
    ...(message.channel === 'email' || Object.keys(message.headers).length === 0
      ? []
      : ['messages of this channel have no headers']),
  ]);
};

export const checkPlaceholders: GuardCheck = ({ message, lead }) => {
  const names = [lead.company, lead.fullName].filter((name) => name !== null);
  const parts = [
    { part: 'subject', text: message.subject },
    { part: 'body', text: message.body },
    { part: 'footer', text: message.footer },
  ];
  return listed(
    parts.flatMap(({ part, text }) => placeholdersIn(text, names).map((found) => `${part}: ${found}`)),
  );
};

export const checkHiddenCharacters: GuardCheck = ({ message }) => {
  const parts = [
    { part: 'subject', text: message.subject, lines: 'one line' },
    { part: 'body', text: message.body, lines: 'many lines' },
    { part: 'footer', text: message.footer, lines: 'many lines' },
    { part: 'sender name', text: message.sender.name, lines: 'one line' },
    { part: 'sender address', text: message.sender.email, lines: 'one line' },
    { part: 'recipient name', text: message.recipient.name ?? '', lines: 'one line' },
  ] as const;
  return listed(
    parts.flatMap(({ part, text, lines }) =>
      hiddenCharactersIn(text, lines).map((name) => `${part}: ${name}`),
    ),
  );
};

export const checkDisguisedLetters: GuardCheck = ({ message }) => {
  const parts = [message.subject, message.body, message.footer, message.sender.name, message.sender.email];
  return listed(parts.flatMap(disguisedWordsIn).map((word) => `“${word.slice(0, 40)}”`));
};

export const checkEncodedHeaderText: GuardCheck = ({ message }) =>
  listed(encodedHeaderTextsOf(message).map((part) => `${part}: an encoded word`));

const markup: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: 'an HTML tag', pattern: /<\/?[a-z][a-z0-9-]*(?:\s[^<>]*)?\/?>|<!--|<!doctype/i },
  { name: 'an HTML entity', pattern: /&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,6});/i },
  { name: 'a Markdown link', pattern: /\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)/ },
  { name: 'Markdown emphasis', pattern: /(?<![\w*])\*\*\S[^*\n]*\*\*|(?<!\w)__\S[^_\n]*__(?!\w)/ },
  { name: 'a Markdown heading', pattern: /^#{1,6}\s+\S/m },
];

/** The kinds of markup in a text that will be shown as plain text. */
export const markupIn = (text: string): readonly string[] =>
  markup.filter(({ pattern }) => pattern.test(text)).map(({ name }) => name);

export const checkMarkup: GuardCheck = ({ message }) =>
  listed([message.subject, message.body, message.footer].flatMap(markupIn));
