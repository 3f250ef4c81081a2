import { hitsIn, phraseIndexOf } from '../titles/phrase-index.ts';
import type { PhraseIndex } from '../titles/phrase-index.ts';
import { wordsOf } from '../titles/text-items.ts';

/** One spelling for singular and plural, applied to both sides: "agencies" and "agency" meet. */
const singularOf = (word: string): string => {
  if (word.length < 5) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (/(?:ss|us|is)$/.test(word)) return word;
  return word.endsWith('s') ? word.slice(0, -1) : word;
};

/** The words of a name of an industry or a company, ready to be matched; joining words are left out. */
export const nameWordsOf = (text: string): string[] => wordsOf(text).map(singularOf);

/** Anchors are words of their own here, so that a phrase can ask for the start or the end of the text. */
const start = '^';
const end = '$';

export type PhraseMatcher<T> = PhraseIndex<readonly T[]>;

/**
 * Compiles phrases (`law firm`, `^law$`) to compare word by word, never inside a word: `law` does not fit
 * "lawn care". One phrase may stand for several values.
 */
export const phraseMatcherOf = <T>(
  entries: Iterable<readonly [phrase: string, value: T]>,
  toWords: (text: string) => string[],
): PhraseMatcher<T> => {
  const values = new Map<string, T[]>();
  for (const [phrase, value] of entries) {
    const words = [
      ...(phrase.startsWith('^') ? [start] : []),
      ...toWords(phrase.replace(/^\^|\$$/g, '')),
      ...(phrase.endsWith('$') ? [end] : []),
    ].join(' ');
    const known = values.get(words);
    if (known === undefined) values.set(words, [value]);
    else if (!known.includes(value)) known.push(value);
  }
  return phraseIndexOf(values);
};

/**
 * The values of all phrases found, longest phrase first at each place, each value once. A longer phrase
 * hides the shorter ones inside it ("internet retail" is not "internet").
 */
export const matchesIn = <T>(matcher: PhraseMatcher<T>, words: readonly string[]): T[] => {
  const hits = hitsIn(matcher, [start, ...words, end]);
  return [...new Set(hits.flatMap(({ value }) => value))];
};
