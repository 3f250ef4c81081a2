/** `list` joins equals (& / + and), `comma` may add detail (also brackets and dashes), `hard` starts afresh. */
export type Gap = 'list' | 'comma' | 'hard';
/** `possessive` is a word with an 's: it names somebody or something else. */
export type TextItem = { readonly word: string; readonly possessive?: true } | { readonly gap: Gap };

const letters: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ı: 'i',
};

const listWords: ReadonlySet<string> = new Set(['and', 'und', 'et', 'y', 'och', 'og']);

const gapOf = (mark: string): Gap | null => {
  if (/[&+/\\]/.test(mark)) return 'list';
  if (/[,:()[\]{}\u2013\u2014-]/.test(mark)) return 'comma';
  // Whatever is neither a letter nor ordinary punctuation (pipes, bullets, emoji) parts a headline.
  if (/[|;<>•·‧∙=~^*]|\p{S}/u.test(mark)) return 'hard';
  return null;
};

/** Lower case without accents, invisible characters and the dots of `C.E.O.`; `R&D` is `rnd`. */
const plainOf = (text: string): string =>
  text
    .replace(/[\u2120\u2122]/g, ' ')
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(/[ßæœøłđı]/g, (letter) => letters[letter] ?? letter)
    .replace(
      /(?<![\p{L}\p{N}])(?:\p{L}\.){2,}(?:\p{L}(?![\p{L}\p{N}]))?/gu,
      (dotted) => ` ${dotted.replaceAll('.', '')} `,
    )
    .replace(/(?<![\p{L}\p{N}])(\p{L})\s?&\s?(\p{L})(?![\p{L}\p{N}])/gu, '$1n$2')
    .replace(/(?<=[\p{L}\p{N}])[-\u2010\u2011](?=[\p{L}\p{N}])/gu, ' ')
    .replaceAll('@', ' at ');

const wordOrMark = /([\p{L}\p{N}\p{M}]+)(['’`´]s(?![\p{L}\p{N}]))?|[^\s\p{L}\p{N}\p{M}]/gu;

const strength: Readonly<Record<Gap, number>> = { comma: 0, list: 1, hard: 2 };

/**
 * Any text as lower-case words and the gaps between them. Words are runs of letters and digits after Unicode
 * compatibility folding, so full-width and accented spellings meet; neighbouring gaps become the strongest.
 */
export const textItemsOf = (text: string): TextItem[] => {
  const items: TextItem[] = [];
  const addGap = (gap: Gap) => {
    const last = items.at(-1);
    if (last === undefined) return;
    if ('word' in last) items.push({ gap });
    else if (strength[gap] > strength[last.gap]) items[items.length - 1] = { gap };
  };
  for (const [mark, word, possessive] of plainOf(text).matchAll(wordOrMark)) {
    if (word === undefined) {
      const gap = gapOf(mark);
      if (gap !== null) addGap(gap);
    } else if (listWords.has(word)) addGap('list');
    else items.push(possessive === undefined ? { word } : { word, possessive: true });
  }
  return items;
};

/** The words of a text alone, for matching names of industries and companies. */
export const wordsOf = (text: string): string[] =>
  textItemsOf(text).flatMap((item) => ('word' in item ? [item.word] : []));
