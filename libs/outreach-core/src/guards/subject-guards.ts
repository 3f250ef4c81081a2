import { fold, foldShape } from '../copy-pack/folded-text.ts';
import type { GuardCheck, GuardContext } from './guard-input.ts';

const capitalsMin = 6;
const capitalShareMax = 0.7;

/** Names may be written in capitals by their owners. */
const withoutNames = ({ message, lead }: GuardContext): string =>
  [message.recipient.company, lead.company, lead.firstName]
    .filter((name) => name !== null && name.trim() !== '')
    .reduce((rest: string, name) => rest.replaceAll(name ?? '', ' '), foldShape(message.subject));

export const checkSubjectCapitals: GuardCheck = (context) => {
  const letters = withoutNames(context).match(/\p{L}/gu) ?? [];
  const capitals = letters.filter((letter) => /\p{Lu}/u.test(letter)).length;
  return capitals >= capitalsMin && capitals / letters.length > capitalShareMax
    ? 'the subject is written in capitals'
    : null;
};

export const checkSubjectLength: GuardCheck = ({ message, pack }) => {
  const { subjectCharactersMax } = pack.data.guards;
  const count = [...message.subject.trim()].length;
  return count > subjectCharactersMax
    ? `the subject has ${String(count)} characters; ${String(subjectCharactersMax)} are allowed`
    : null;
};

export const checkSubjectExclamation: GuardCheck = ({ message }) => {
  const subject = foldShape(message.subject);
  if (subject.includes('!') || /[¡❗❕‼⁉]/u.test(message.subject))
    return 'the subject has an exclamation mark';
  return /\?\s*\?/.test(subject) ? 'the subject has more than one question mark in a row' : null;
};

/** Reply and forward prefixes of common mail programs, with counters: `Re[2]:`, `AW :`, `[Fwd]`. */
const replyPrefix =
  /^[\s"'([{<*#>|.-]*(?:re|r|fw|fwd|fyi fwd|aw|wg|antw|tr|rv|res|rif|ref|sv|vs|vl|odp|pd|ynt|ilt|doorst|回复|回覆|答复|转发|轉寄|返信)\s*(?:[([]\s*\d+\s*[)\]]|\^\d+|\d+)?\s*[)\]}]*\s*[:∶︰]|^[\s]*[[(]\s*(?:re|fw|fwd)\s*[)\]]/u;

/**
 * A reply prefix is true only on a follow-up of a subject this person got before. Everything else pretends to
 * a conversation that never was.
 */
export const checkReplyPrefix: GuardCheck = ({ message, sentSubjects = [] }) => {
  const subject = fold(message.subject);
  const prefix = replyPrefix.exec(subject);
  if (prefix === null) return null;
  const original = subject.slice(prefix[0].length).trim();
  const isFollowUp =
    message.motion === 'cadence' && original !== '' && sentSubjects.some((sent) => fold(sent) === original);
  return isFollowUp ? null : `the subject starts with “${prefix[0].trim()}” though nothing is being answered`;
};
