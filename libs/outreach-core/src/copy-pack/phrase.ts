import { spacedWords, wordsOf } from './folded-text.ts';

/** Finds listed phrases among whole words; returns each phrase as written in the list, in list order. */
export interface PhraseMatcher {
  readonly findIn: (text: string) => readonly string[];
}

/** How many words a `*` inside a phrase may stand for. */
const gapWordsMax = 6;
/** How many words may stand before an opener whose entry starts with `*`. */
const openingWordsMax = 12;

const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const gap = `(?: \\S+){0,${String(gapWordsMax)}}`;

/** One piece of a phrase: a gap, words that go on after a touching star (`you*` is also "you're"), or words. */
const pieceOf = (piece: string): string => {
  const words = wordsOf(piece)
    .map((word) => ` ${escaped(word)}`)
    .join('');
  if (words === '') return piece.includes('*') ? gap : '';
  return piece.endsWith('*') ? `${words}\\S*${gap}` : words;
};

/** Every word with the space before it, so that a pattern can only start and end between words. */
const patternOf = (phrase: string): string =>
  phrase
    .replace(/^[\s*]+/, '')
    .split(/\s+/)
    .map(pieceOf)
    .join('');

const matcherOf = (phrases: readonly string[], before: (phrase: string) => string): PhraseMatcher => {
  const rules = phrases.map((phrase) => ({
    phrase,
    pattern: new RegExp(`${before(phrase)}${patternOf(phrase)}(?= )`, 'u'),
  }));
  return {
    findIn: (text) => {
      const words = spacedWords(text);
      return rules.filter(({ pattern }) => pattern.test(words)).map(({ phrase }) => phrase);
    },
  };
};

/** Matches a phrase anywhere; `*` inside it stands for up to six words, and for the rest of a word it touches. */
export const createPhraseMatcher = (phrases: readonly string[]): PhraseMatcher =>
  matcherOf(phrases, () => '');

/**
 * Matches a phrase at the start of a text, softeners such as "so" or "well" allowed for. An entry that starts
 * with `*` may follow up to twelve words.
 */
export const createOpenerMatcher = (phrases: readonly string[]): PhraseMatcher =>
  matcherOf(phrases, (phrase) =>
    phrase.trimStart().startsWith('*')
      ? `^(?: \\S+){0,${String(openingWordsMax)}}`
      : '^(?: (?:so|well|and|also|anyway|but|ok|okay|now)){0,2}',
  );
