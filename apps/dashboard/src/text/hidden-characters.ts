/** A stretch of a text as it is shown: readable, or one character that a reader would miss or mistake. */
export type TextPiece =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'unseen'; readonly text: string; readonly name: string }
  | { readonly kind: 'disguised'; readonly text: string; readonly name: string };

const names: ReadonlyMap<string, string> = new Map([
  ['\u00a0', 'non-breaking space'],
  ['\u00ad', 'soft hyphen'],
  ['\u200b', 'zero-width space'],
  ['\u200c', 'zero-width non-joiner'],
  ['\u200d', 'zero-width joiner'],
  ['\u200e', 'left-to-right mark'],
  ['\u200f', 'right-to-left mark'],
  ['\u202a', 'left-to-right embedding'],
  ['\u202b', 'right-to-left embedding'],
  ['\u202c', 'end of embedding'],
  ['\u202d', 'left-to-right override'],
  ['\u202e', 'right-to-left override'],
  ['\u2060', 'word joiner'],
  ['\u2066', 'left-to-right isolate'],
  ['\u2067', 'right-to-left isolate'],
  ['\u2068', 'first strong isolate'],
  ['\u2069', 'end of isolate'],
  ['\u2028', 'line separator'],
  ['\u2029', 'paragraph separator'],
  ['\ufeff', 'byte order mark'],
  ['\u2800', 'empty braille pattern'],
]);

/** Characters without a shape of their own, and spaces that are not the ordinary one. */
const unseen =
  /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/u;
const lookingLatin =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}]/u;
const latinWord = /\p{Script=Latin}/u;
const word = /[\p{L}\p{M}\p{N}]+/gu;

const isDressedUp = (letter: string): boolean =>
  letter > '\u007f' && /[\p{L}\p{N}]/u.test(letter) && /^[A-Za-z0-9]+$/.test(letter.normalize('NFKC'));

const codeOf = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;

const scriptOf = (letter: string): string => {
  if (/\p{Script=Cyrillic}/u.test(letter)) return 'Cyrillic letter';
  if (/\p{Script=Greek}/u.test(letter)) return 'Greek letter';
  return 'letter of another alphabet';
};

/** Where words mix alphabets: the positions of letters that only look Latin. */
const mixedPlaces = (text: string): ReadonlySet<number> => {
  const places = new Set<number>();
  for (const match of text.matchAll(word)) {
    if (!latinWord.test(match[0])) continue;
    let place = match.index;
    for (const letter of match[0]) {
      if (lookingLatin.test(letter)) places.add(place);
      place += letter.length;
    }
  }
  return places;
};

/**
 * Cuts a text so that nothing in it can go unnoticed. Joined together, the pieces are the text, character for
 * character. The form selector of an emoji is part of the emoji and stays.
 */
export const piecesOf = (text: string): readonly TextPiece[] => {
  const mixed = mixedPlaces(text);
  const pieces: TextPiece[] = [];
  let plain = '';
  const push = (piece: TextPiece): void => {
    if (plain !== '') pieces.push({ kind: 'plain', text: plain });
    plain = '';
    pieces.push(piece);
  };
  let place = 0;
  let before = '';
  for (const character of text) {
    const isEmojiForm = character === '\ufe0f' && /\p{Extended_Pictographic}/u.test(before);
    if (!isEmojiForm && unseen.test(character)) {
      push({ kind: 'unseen', text: character, name: names.get(character) ?? codeOf(character) });
    } else if (mixed.has(place)) {
      push({ kind: 'disguised', text: character, name: `${scriptOf(character)} ${codeOf(character)}` });
    } else if (isDressedUp(character)) {
      push({ kind: 'disguised', text: character, name: `look-alike ${codeOf(character)}` });
    } else {
      plain += character;
    }
    place += character.length;
    before = character;
  }
  if (plain !== '') pieces.push({ kind: 'plain', text: plain });
  return pieces;
};

/** The same for a line of its own, as a subject is: at its ends an ordinary space is not seen either. */
export const linePiecesOf = (line: string): readonly TextPiece[] => {
  const start = /^ */.exec(line)?.[0] ?? '';
  const inner = line.slice(start.length).replace(/ +$/, '');
  const spaces = (text: string): readonly TextPiece[] =>
    [...text].map(() => ({ kind: 'unseen', text: ' ', name: 'space' }));
  return [...spaces(start), ...piecesOf(inner), ...spaces(line.slice(start.length + inner.length))];
};

/** How many characters of pieces a reader would miss or mistake. */
export const oddPieceCount = (pieces: readonly TextPiece[]): number =>
  pieces.filter(({ kind }) => kind !== 'plain').length;

/** How many characters of a text a reader would miss or mistake. */
export const oddCharacterCount = (text: string): number => oddPieceCount(piecesOf(text));
