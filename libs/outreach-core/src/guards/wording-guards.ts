import type { Message } from '@caio/contracts';
import { fold, wordsOf } from '../copy-pack/folded-text.ts';
import { leadValuesOf } from '../drafting/lead-values.ts';
import { sentencesOf } from './draft-anatomy.ts';
import { splitAtLink } from './exact-link.ts';
import { listed } from './guard-input.ts';
import type { GuardCheck } from './guard-input.ts';

const quoted = (phrases: readonly string[]): readonly string[] => phrases.map((phrase) => `“${phrase}”`);

export const checkOpener: GuardCheck = ({ anatomy, lead, pack }) => {
  const opening = fold(anatomy.opening);
  const name = fold(leadValuesOf(lead).firstName ?? '');
  const afterName = name !== '' && opening.startsWith(name) ? opening.slice(name.length) : opening;
  return listed(
    quoted([...new Set([opening, afterName].flatMap((text) => pack.wording.openers.findIn(text)))]),
  );
};

/** The link of this recipient is random and says nothing, whatever words stand in it by chance. */
const footerWords = ({ footer, unsubscribeUrl }: Message): string =>
  splitAtLink(footer, unsubscribeUrl).join(' ');

export const checkBannedPhrases: GuardCheck = ({ message, pack }) =>
  listed([
    ...[message.subject, message.body, footerWords(message)].flatMap((text) =>
      quoted(pack.wording.banned.findIn(text)),
    ),
    ...pack.wording.bannedInSubject.findIn(message.subject).map((phrase) => `“${phrase}” in the subject`),
  ]);

export const checkFillerDensity: GuardCheck = ({ anatomy, pack }) => {
  const fillers = pack.wording.fillers.findIn(anatomy.prose);
  const sentences = Math.max(sentencesOf(anatomy.prose).length, 1);
  const { fillerDensityMax } = pack.data.guards;
  return fillers.length / sentences > fillerDensityMax
    ? `${String(fillers.length)} fillers in ${String(sentences)} sentences, at most ${String(fillerDensityMax)} a sentence: ${quoted(fillers).slice(0, 4).join(', ')}`
    : null;
};

export const checkBodyLength: GuardCheck = ({ message, pack }) => {
  const { min, max } = pack.data.guards.bodyWords;
  const count = wordsOf(message.body).length;
  // An invitation on LinkedIn is short by nature; only its upper bound is a matter of taste.
  const isShort = message.channel === 'email' && count < min;
  return isShort || count > max
    ? `the body has ${String(count)} words; ${String(min)} to ${String(max)} are wanted`
    : null;
};

const request =
  /\?(?=\s|$|["')])|\b(?:just |simply )?(?:reply|let me know|tell me|drop me|say|answer)(?: (?:back|with))?(?: (?:yes|no|"|if|whether|which|and|a))\b|\bhappy to (?:send|share|show|walk|talk|compare)\b|\b(?:book|pick|choose|grab|find) (?:a|any) (?:time|slot|call)\b/giu;

/** A sentence that asks counts once, however often it asks. */
export const checkCallToAction: GuardCheck = ({ anatomy, message, pack }) => {
  if (message.channel !== 'email') return null;
  const sentences = anatomy.prose.split(/(?<=[.!?…])\s+|\n+/u);
  const asks = sentences.filter((sentence) => fold(sentence).search(request) >= 0).length;
  const { asksMax } = pack.data.guards;
  if (asks === 0) return 'the text asks for nothing';
  return asks > asksMax ? `the text asks ${String(asks)} times; at most ${String(asksMax)} is wanted` : null;
};
