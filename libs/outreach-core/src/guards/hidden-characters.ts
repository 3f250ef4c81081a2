import { isLookalike } from '../copy-pack/folded-text.ts';

const named: ReadonlyMap<string, string> = new Map([
  ['\u200b', 'zero-width space'],
  ['\u200c', 'zero-width non-joiner'],
  ['\u200d', 'zero-width joiner'],
  ['\u2060', 'word joiner'],
  ['\ufeff', 'byte order mark'],
  ['\u00ad', 'soft hyphen'],
  ['\u200e', 'left-to-right mark'],
  ['\u200f', 'right-to-left mark'],
  ['\u202a', 'left-to-right embedding'],
  ['\u202b', 'right-to-left embedding'],
  ['\u202c', 'pop directional formatting'],
  ['\u202d', 'left-to-right override'],
  ['\u202e', 'right-to-left override'],
  ['\u2066', 'left-to-right isolate'],
  ['\u2067', 'right-to-left isolate'],
  ['\u2068', 'first strong isolate'],
  ['\u2069', 'pop directional isolate'],
  ['\u0000', 'null character'],
  ['\t', 'tab'],
  ['\r', 'carriage return'],
  ['\n', 'line break'],
  ['\u2028', 'line separator'],
  ['\u2029', 'paragraph separator'],
]);

const unseen = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
/** U+FE0F only asks for the coloured form of the emoji before it. */
const emojiForm = /(?<=\p{Extended_Pictographic})\ufe0f/gu;

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const nameOf = (character: string): string => {
  const name = named.get(character);
  return name === undefined ? codeOf(character) : `${name} (${codeOf(character)})`;
};

/**
 * The names of characters a reader cannot see. `lines` says whether line breaks belong there: in a body they
 * do, in a subject or a name they would start another header.
 */
export const hiddenCharactersIn = (text: string, lines: 'one line' | 'many lines'): readonly string[] => {
  const found = text.replace(emojiForm, '').match(unseen) ?? [];
  const allowed = lines === 'many lines' ? ['\n'] : [];
  return [...new Set(found)].filter((character) => !allowed.includes(character)).map(nameOf);
};

/** Nothing below can be disguised, and most texts hold nothing above. */
const beyondLatin = /[^\u0000-\u024f\u2010-\u2027\u20ac]/u;
const latin = /\p{Script=Latin}/u;
const lookingLatin =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;

/** Letters such as 𝗯𝗼𝗹𝗱 or ｗｉｄｅ that are only dressed-up ASCII: screen readers and filters miss them. */
const isDressedUp = (letter: string): boolean =>
  letter > '\u007f' &&
  /\p{L}|\p{N}/u.test(letter) &&
  /^[a-z0-9]+$/i.test(letter.normalize('NFKC')) &&
  !/[ªº²³¹¼½¾ﬀ-ﬆ]/u.test(letter);

/**
 * Words that are not the letters they look like: Latin mixed with another script inside one word, a word
 * wholly of look-alikes in a text that is otherwise Latin, dressed-up letters.
 */
export const disguisedWordsIn = (text: string): readonly string[] => {
  if (!beyondLatin.test(text)) return [];
  const letters = [...text].filter((character) => /\p{L}/u.test(character));
  const isLatinText = letters.filter((letter) => latin.test(letter)).length * 2 > letters.length;
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const isDisguised = (word: string): boolean => {
    const inside = [...word];
    if (inside.some(isDressedUp)) return true;
    if (!lookingLatin.test(word)) return false;
    if (latin.test(word)) return true;
    return isLatinText && inside.filter((letter) => /\p{L}/u.test(letter)).every(isLookalike);
  };
  return [...new Set(words.filter(isDisguised))];
};
