import type { JobFunction } from '@caio/contracts';
import { abbreviations } from './abbreviations.ts';
import { chiefFunctionOf } from './function-run.ts';
import { objectVerbs, turningWords } from './modifier-terms.ts';
import { textItemsOf } from './text-items.ts';
import type { Gap, TextItem } from './text-items.ts';
import { rankStarts } from './title-vocabulary.ts';

/** A word, a gap, or a whole "chief … officer" with its fields. */
export type TitlePiece = TextItem | { readonly chief: readonly JobFunction[] };

const medicalWords: ReadonlySet<string> = new Set([
  ...[
    'physician',
    'surgeon',
    'doctor',
    'medical',
    'medicine',
    'clinic',
    'clinical',
    'hospital',
    'cardiology',
  ],
  ...['dermatology', 'radiology', 'pediatrics', 'psychiatry', 'oncology', 'phd', 'facs', 'mph', 'do'],
]);

const wordIn = (item: TextItem | undefined): string | null =>
  item !== undefined && 'word' in item ? item.word : null;
const gapIn = (item: TitlePiece | undefined): Gap | null =>
  item !== undefined && 'gap' in item ? item.gap : null;

/** "C E O" is CEO: single letters in a row are joined where the result is a known abbreviation. */
const joinLetters = (items: readonly TextItem[]): TextItem[] => {
  const joined: TextItem[] = [];
  for (let at = 0; at < items.length;) {
    let end = at;
    let letters = '';
    for (let word = wordIn(items[end]); word?.length === 1; word = wordIn(items[end])) {
      letters += word;
      end += 1;
    }
    const item = items[at];
    if (letters.length > 1 && (abbreviations.has(letters) || letters === 'it' || letters === 'ai')) {
      joined.push({ word: letters });
      at = end;
    } else {
      if (item !== undefined) joined.push(item);
      at += 1;
    }
  }
  return joined;
};

const spelt = (word: string): string => abbreviations.get(word) ?? word;

const spellOut = (items: readonly TextItem[]): TextItem[] => {
  const isMedical = items.some((item) => medicalWords.has(wordIn(item) ?? ''));
  return items.flatMap((item, at): TextItem[] => {
    if ('gap' in item) {
      const splitsVice = wordIn(items[at - 1]) === 'vice' && item.gap === 'comma';
      return splitsVice ? [] : [item];
    }
    // "The president's assistant" is no president.
    if (item.possessive && rankStarts.has(spelt(item.word).split(' ').at(-1) ?? '')) return [];
    if (turningWords.has(item.word)) return [{ gap: 'hard' }];
    if (item.word === 'md') return isMedical ? [] : [{ word: 'managing' }, { word: 'director' }];
    return spelt(item.word)
      .split(' ')
      .map((word) => ({ word }));
  });
};

/** Where the words that belong to somebody else end: `start` is the first of them. */
const objectEnd = (items: readonly TextItem[], start: number, endsAt: ReadonlySet<Gap>): number => {
  for (let at = start; at < items.length; at += 1) {
    const gap = gapIn(items[at]);
    if (gap !== null && endsAt.has(gap)) return at;
    // "CEO at Acme & founder of Beta": a list goes on with a role of the same person.
    if (
      gap === 'list' &&
      !endsAt.has('list') &&
      endsAt.has('comma') &&
      rankStarts.has(wordIn(items[at + 1]) ?? '')
    )
      return at;
  }
  return items.length;
};

const untilComma: ReadonlySet<Gap> = new Set(['comma', 'hard']);
const untilHard: ReadonlySet<Gap> = new Set(['hard']);

/** Leaves out employers ("at Acme"), superiors ("to the CEO") and audiences ("helping founders"). */
const withoutObjects = (
  items: readonly TextItem[],
): { items: TextItem[]; cut: boolean; toSomebody: boolean } => {
  const kept: TextItem[] = [];
  let cut = false;
  let toSomebody = false;
  for (let at = 0; at < items.length;) {
    const item = items[at];
    const word = wordIn(item);
    const previous = wordIn(items[at - 1]);
    const next = wordIn(items[at + 1]);
    const isMarketPhrase = previous === 'go' && next === 'market';
    const isSubordinate =
      previous !== null && ['assistant', 'secretary', 'advisor', 'adviser', 'coach'].includes(previous);
    const bearer = wordIn(items[at + 2]) === 'the' ? wordIn(items[at + 3]) : wordIn(items[at + 2]);
    const isOffice = word === 'office' && next === 'of' && rankStarts.has(bearer ?? '');
    if (item === undefined) break;
    if (isOffice || word === 'at') {
      at = objectEnd(items, at + 1, untilComma);
      cut = true;
    } else if (
      (word === 'to' && !isMarketPhrase) ||
      objectVerbs.has(word ?? '') ||
      (isSubordinate && (word === 'of' || word === 'for'))
    ) {
      toSomebody ||= word === 'to' || word === 'of' || word === 'for';
      at = objectEnd(items, at + 1, untilHard);
      cut = true;
    } else {
      kept.push(item);
      at += 1;
    }
  }
  return { items: kept, cut, toSomebody };
};

const chiefWordsMax = 8;

/** Reads "chief … officer" from the word `chief` on, across "&" and commas; null when it is something else. */
const chiefAt = (
  items: readonly TextItem[],
  start: number,
): { chief: readonly JobFunction[]; end: number } | null => {
  const groups: string[][] = [[]];
  for (let at = start + 1; at < items.length && at <= start + chiefWordsMax; at += 1) {
    const word = wordIn(items[at]);
    if (gapIn(items[at]) === 'hard') return null;
    if (word === null) groups.push([]);
    else if (word === 'officer') {
      const fields = groups.map(chiefFunctionOf).filter((field) => field !== null);
      return { chief: fields.length === 0 ? ['unknown'] : fields, end: at + 1 };
    } else if (rankStarts.has(word) && word !== 'executive') return null;
    else groups.at(-1)?.push(word);
  }
  return null;
};

const withChiefs = (items: readonly TextItem[]): TitlePiece[] => {
  const pieces: TitlePiece[] = [];
  for (let at = 0; at < items.length;) {
    const item = items[at];
    const found = wordIn(item) === 'chief' ? chiefAt(items, at) : null;
    if (found !== null) pieces.push({ chief: found.chief });
    else if (item !== undefined) pieces.push(item);
    at = found?.end ?? at + 1;
  }
  return pieces;
};

/**
 * A title as pieces ready for reading: abbreviations spelled out, other people's titles left out.
 * `cut` says that something was left out, `toSomebody` that it was the person worked for.
 */
export const titlePiecesOf = (title: string): { pieces: TitlePiece[]; cut: boolean; toSomebody: boolean } => {
  const { items, cut, toSomebody } = withoutObjects(spellOut(joinLetters(textItemsOf(title))));
  return { pieces: withChiefs(items), cut, toSomebody };
};
