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

const patternOf = (phrase: string): string =>
  phrase
    .split('*')
    .map((part) => wordsOf(part).map(escaped).join(' '))
    .filter((part) => part !== '')
    .join(`(?: \\S+){0,${String(gapWordsMax)}} `);

const matcherOf = (
  phrases: readonly string[],
  before: (phrase: string) => string,
  prepare: (text: string) => string,
): PhraseMatcher => {
  const rules = phrases.map((phrase) => ({
    phrase,
    pattern: new RegExp(`${before(phrase)}${patternOf(phrase)}(?= )`, 'u'),
  }));
  return {
    findIn: (text) => {
      const words = prepare(text);
      return rules.filter(({ pattern }) => pattern.test(words)).map(({ phrase }) => phrase);
    },
  };
};

/** Matches a phrase anywhere; `*` inside it stands for up to six words. */
export const createPhraseMatcher = (phrases: readonly string[]): PhraseMatcher =>
  matcherOf(phrases, () => ' ', spacedWords);

/**
 * Matches a phrase at the start of a text, softeners such as "so" or "well" allowed for. An entry that starts
 * with `*` may follow up to twelve words.
 */
export const createOpenerMatcher = (phrases: readonly string[]): PhraseMatcher =>
  matcherOf(
    phrases,
    (phrase) =>
      phrase.trimStart().startsWith('*')
        ? `^(?: \\S+){0,${String(openingWordsMax)}} `
        : '^(?: (?:so|well|and|also|anyway|but|ok|okay|now)){0,2} ',
    spacedWords,
  );
