/** A value found in a list of words: where it starts and ends (end excluded), and the phrase that hit. */
export interface PhraseHit<T> {
  readonly value: T;
  readonly phrase: string;
  readonly start: number;
  readonly end: number;
}

/** Phrases written as text, parted by commas: a table of words stays readable. */
export const phraseList = (...lines: readonly string[]): string[] =>
  lines.flatMap((line) => line.split(', '));

/** Phrases by their first word, longest first: every comparison is between whole words. */
export type PhraseIndex<T> = ReadonlyMap<
  string,
  readonly { phrase: string; words: readonly string[]; value: T }[]
>;

/** Builds an index of space-separated phrases. A phrase given twice is a mistake in a table and throws. */
export const phraseIndexOf = <T>(entries: Iterable<readonly [phrase: string, value: T]>): PhraseIndex<T> => {
  const index = new Map<string, { phrase: string; words: readonly string[]; value: T }[]>();
  for (const [phrase, value] of entries) {
    const words = phrase.split(' ');
    const first = words[0] ?? '';
    const siblings = index.get(first) ?? [];
    if (siblings.some((sibling) => sibling.phrase === phrase))
      throw new Error(`phrase listed twice: ${phrase}`);
    siblings.push({ phrase, words, value });
    index.set(first, siblings);
  }
  for (const siblings of index.values()) siblings.sort((a, b) => b.words.length - a.words.length);
  return index;
};

/** The longest phrase that starts exactly at `start`, or null. */
export const hitAt = <T>(
  index: PhraseIndex<T>,
  words: readonly string[],
  start: number,
): PhraseHit<T> | null => {
  const found = index
    .get(words[start] ?? '')
    ?.find((entry) => entry.words.every((word, offset) => words[start + offset] === word));
  if (found === undefined) return null;
  return { value: found.value, phrase: found.phrase, start, end: start + found.words.length };
};

/** All hits from left to right; what one hit covers is not looked at again. */
export const hitsIn = <T>(index: PhraseIndex<T>, words: readonly string[]): PhraseHit<T>[] => {
  const hits: PhraseHit<T>[] = [];
  for (let at = 0; at < words.length;) {
    const hit = hitAt(index, words, at);
    if (hit !== null) hits.push(hit);
    at = hit?.end ?? at + 1;
  }
  return hits;
};
