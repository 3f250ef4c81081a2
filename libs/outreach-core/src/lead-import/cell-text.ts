/** What exports and spreadsheets write where there is nothing. */
const placeholders: ReadonlySet<string> = new Set([
  ...[
    'n/a',
    '#n/a',
    'n.a.',
    '-',
    '--',
    '---',
    '–',
    '—',
    '?',
    '.',
    'undefined',
    '(none)',
    '(blank)',
    '[blank]',
  ],
  ...['#ref!', '#value!', '#name?', '#null!', '#error!'],
]);
const emptyWords: ReadonlySet<string> = new Set(['null', 'none', 'unknown']);
const emptyWordsOutsideNames: ReadonlySet<string> = new Set([
  'na',
  'nil',
  'nan',
  'not available',
  'not found',
]);

/** Where a cell stands decides which words mean nothing: Null and None are family names, Na and Nil names. */
export type CellKind = 'last_name' | 'first_name' | 'other';

/**
 * A cell as text: NFC, white space and control characters collapsed to single spaces, characters that
 * only hide or reorder others and halves of broken pairs removed. A cell that looks like a formula is text like any other.
 */
export const cleanText = (cell: string): string =>
  cell
    .normalize('NFC')
    .replace(/[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g, '')
    .replace(/\p{Cs}/gu, '')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim();

/** The text of a cell, or null when the cell is blank or says that there is nothing. */
export const cellText = (cell: string | undefined, kind: CellKind): string | null => {
  const text = cleanText(cell ?? '');
  const word = text.toLowerCase();
  if (text === '' || placeholders.has(word)) return null;
  if (kind !== 'last_name' && emptyWords.has(word)) return null;
  return kind === 'other' && emptyWordsOutsideNames.has(word) ? null : text;
};

/** The start of a value, for a problem list that must not repeat whole inputs. */
export const excerptOf = (value: string): string => {
  const characters = [...cleanText(value.slice(0, 400))];
  return characters.length > 80 ? `${characters.slice(0, 79).join('')}…` : characters.join('');
};
