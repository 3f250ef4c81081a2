/** Letters of other scripts that a reader takes for Latin ones. Source: Unicode TR39 confusables, the common ones. */
const lookalikes = 'АаВвСсЕеНнІіЈјКкМмОоРрЅѕТтУуХхҮүһԁԛԝɡɑΑαΒΕΗΙιΚκΜΝνΟοΡρΤΥυΧՕօսոհցӀ' as const;
const latinised = 'AaBbCcEeHhIiJjKkMmOoPpSsTtYyXxYyhdqwgaAaBEHIiKkMNvOoPpTYuXOouuhgAI' as const;

const lookalikeMap: ReadonlyMap<string, string> = new Map(
  [...lookalikes].map((letter, index) => [letter, latinised[index] ?? letter]),
);
const lookalikePattern = new RegExp(`[${lookalikes}]`, 'gu');

/** Most texts are ASCII, which folding leaves as it is but for a back-tick and white space; looking first is far cheaper. */
const isPlain = (text: string): boolean => !/[^\n\x20-\x7e]/.test(text);
const spaces = /(?: |\n){2,}|\n/g;

/** True for a letter that passes for a Latin one without being one. */
export const isLookalike = (letter: string): boolean => lookalikeMap.has(letter);

/**
 * The text as a reader takes it, one line, case kept: compatibility letters plain, invisible characters gone,
 * look-alikes Latin, quotes and dashes in their ASCII form, white space single. Matching happens on this, so
 * that a zero-width space or a Cyrillic `о` hides nothing.
 */
export const foldShape = (text: string): string =>
  isPlain(text) ? text.replaceAll('`', "'").replace(spaces, ' ').trim() : foldEveryScript(text);

const foldEveryScript = (text: string): string =>
  text
    .normalize('NFKC')
    .replace(/\p{Default_Ignorable_Code_Point}/gu, '')
    .replace(lookalikePattern, (letter) => lookalikeMap.get(letter) ?? letter)
    .replace(/[‘’‚‛`´ʼ′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/[‐‑‒–—―−]/g, '-')
    // The one letter whose lower case is longer than itself; spans must stay comparable.
    .replace(/İ/g, 'I')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** `foldShape` in lower case: same length, same positions. */
export const fold = (text: string): string => foldShape(text).toLowerCase();

/**
 * The words of a text, folded: letters and digits, inner apostrophes kept, a possessive `'s` taken off, dotted
 * initials joined (`c.e.o.`).
 */
export const wordsOf = (text: string): readonly string[] => {
  const folded = fold(text);
  const { initials, word } = isPlain(folded) ? plainWords : everyWord;
  return (folded.replace(initials, (dotted) => `${dotted.replaceAll('.', '')} `).match(word) ?? []).map(
    (found) => (found.endsWith("'s") ? found.slice(0, -2) : found),
  );
};

const plainWords = {
  initials: /(?<![a-z0-9])(?:[a-z]\.){2,}/g,
  word: /[a-z0-9]+(?:'[a-z]+)*/g,
};
const everyWord = {
  initials: /(?<![\p{L}\p{N}])(?:\p{L}\.){2,}/gu,
  word: /[\p{L}\p{M}\p{N}]+(?:'[\p{L}\p{M}]+)*/gu,
};

/** ` word word word `: what phrase patterns are matched against, so that only whole words can match. */
export const spacedWords = (text: string): string => ` ${wordsOf(text).join(' ')} `;

/** True when the words of `part` stand next to each other in `text`; an empty part is in nothing. */
export const containsWords = (text: string, part: string): boolean => {
  const wanted = spacedWords(part);
  return wanted.trim() !== '' && spacedWords(text).includes(wanted);
};
