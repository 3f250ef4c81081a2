import type { Message } from '@caio/contracts';
import { fold } from '../copy-pack/folded-text.ts';
import { anatomyOf } from './draft-anatomy.ts';

/** Letters, digits and what gives a number its meaning; a point counts between digits only. */
const essence = (text: string): string =>
  fold(text)
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/(?<=\p{N})[.](?=\p{N})/gu, '\u0001')
    .replace(/[^\p{L}\p{N}%$€£\u0001]/gu, '')
    .replaceAll('\u0001', '.');

const afterGreeting = (body: string): string => {
  const { greetingName } = anatomyOf(body);
  const lines = body.split('\n');
  const first = lines.findIndex((line) => line.trim() !== '');
  if (first < 0) return body;
  const line = lines[first] ?? '';
  const plain = greetingName === null ? line : line.replace(greetingName, '');
  const greeting =
    /^\s*(?:hi|hey|hello|hiya|dear|greetings|good (?:morning|afternoon|evening|day))?(?=[\s,!:.;–—-]|$)(?:\s+(?:there|all|team|everyone|folks)\b)?[\s,!:.;–—-]*/iu;
  return [plain.replace(greeting, ''), ...lines.slice(first + 1)].join('\n');
};

/**
 * What a draft says, as one canonical text for the shell to hash: subject and whole body without the greeting,
 * compatibility and look-alike letters, accents, case, white space and punctuation folded. Two drafts with the
 * same fingerprint are one text to a reader.
 */
export const draftFingerprint = ({ subject, body }: Pick<Message, 'subject' | 'body'>): string =>
  `1\n${essence(subject)}\n${essence(afterGreeting(body))}`;
