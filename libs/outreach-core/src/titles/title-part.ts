import type { JobFunction, Seniority, TitleModifier } from '@caio/contracts';
import { fieldlessWords } from './function-terms.ts';
import { headOfRun } from './function-run.ts';
import { adjacentModifierPhrases } from './modifier-terms.ts';
import { hitAt } from './phrase-index.ts';
import { adjectivalPhrases, loweredSeniority, loweringWords } from './rank-terms.ts';
import { titleTerms } from './title-vocabulary.ts';
import type { TitlePiece } from './title-pieces.ts';

/** A role while the title is still being read. `owns` roles take no further fields from their neighbours. */
export interface RoleDraft {
  readonly seniority: Seniority;
  readonly owns: boolean;
  readonly fallback: JobFunction;
  readonly functions: JobFunction[];
  readonly modifiers: Set<TitleModifier>;
  /** Something was said about the field of work, in words we do not know. */
  named: boolean;
}

/** What stands between two gaps of a title. */
export interface TitlePart {
  readonly roles: readonly RoleDraft[];
  readonly field: JobFunction | null;
  readonly modifiers: readonly TitleModifier[];
  /** Those before the first rank: "former CEO and COO" is former both, "chairman emeritus and founder" is not. */
  readonly leading: readonly TitleModifier[];
  readonly hasUnknownWords: boolean;
  /** A rank word turned out to describe another one ("Owner Relations Manager"). */
  readonly absorbed: boolean;
}

interface Rank {
  readonly at: number;
  readonly phrase: string;
  readonly absorbs: boolean;
  readonly role: RoleDraft;
}

interface Reading {
  readonly ranks: Rank[];
  readonly fields: { readonly at: number; readonly function: JobFunction; readonly phrase: string }[];
  readonly modifiers: { readonly at: number; readonly modifier: TitleModifier; readonly phrase: string }[];
  readonly prepositions: number[];
  unknownWords: number;
}

const prepositionWords: ReadonlySet<string> = new Set([
  'of',
  'for',
  'in',
  'de',
  'des',
  'du',
  'della',
  'di',
  'der',
  'von',
]);

const strongRanks: ReadonlySet<Seniority> = new Set<Seniority>([
  ...(['founder', 'owner', 'chief', 'president', 'managing_partner', 'managing_director'] as const),
]);

const draftOf = (seniority: Seniority, owns: boolean, fallback: JobFunction): RoleDraft => ({
  seniority,
  owns,
  fallback,
  functions: [],
  modifiers: new Set(),
  named: false,
});

const readPieces = (pieces: readonly TitlePiece[]): Reading => {
  const reading: Reading = { ranks: [], fields: [], modifiers: [], prepositions: [], unknownWords: 0 };
  const words = pieces.map((piece) => ('word' in piece ? piece.word : ''));
  for (let at = 0; at < pieces.length;) {
    const piece = pieces[at];
    if (piece !== undefined && 'chief' in piece) {
      const role = draftOf('chief', true, 'unknown');
      role.functions.push(...piece.chief);
      reading.ranks.push({ at, phrase: '', absorbs: false, role });
      at += 1;
      continue;
    }
    const hit = hitAt(titleTerms, words, at);
    if (hit === null) {
      const word = words[at] ?? '';
      if (prepositionWords.has(word)) reading.prepositions.push(at);
      else if (!fieldlessWords.has(word)) reading.unknownWords += 1;
      at += 1;
      continue;
    }
    const { value, phrase } = hit;
    if (value.kind === 'function') reading.fields.push({ at: hit.end - 1, function: value.function, phrase });
    if (value.kind === 'modifier')
      reading.modifiers.push({ at: hit.end - 1, modifier: value.modifier, phrase });
    if (value.kind === 'rank') {
      const { seniority, owns, absorbs } = value.rank;
      const role = draftOf(seniority, owns, value.rank.function);
      if (owns) role.functions.push(value.rank.function);
      reading.ranks.push({ at: hit.end - 1, phrase, absorbs, role });
    }
    at = hit.end;
  }
  return reading;
};

/** Businesses people do own: trades, practices, studios. */
const ownableFields: ReadonlySet<JobFunction> = new Set<JobFunction>([
  'field_service',
  'clinical',
  'creative',
]);

/** "Marketing Owner" owns a field inside a company, and so does a bare "Service Owner"; "Lawn Service Owner" a business. */
const ownsOnlyAField = (rank: Rank, reading: Reading): boolean =>
  rank.phrase === 'owner' &&
  reading.fields.some(
    (field) =>
      field.at === rank.at - 1 &&
      (!ownableFields.has(field.function) || (field.phrase === 'service' && field.at === 0)),
  );

/** "President of Sales" runs a field; "President, Acme Marketing" and "President of Acme Sales" may be companies. */
const isPresidentOf = (rank: Rank, { prepositions, fields, unknownWords }: Reading): boolean =>
  unknownWords === 0 && prepositions.includes(rank.at + 1) && fields.some(({ at }) => at > rank.at);

const withLowered = (ranks: readonly Rank[]): Rank[] =>
  ranks.flatMap((rank, index) => {
    const next = ranks[index + 1];
    if (loweringWords.has(rank.phrase) && next !== undefined) return [];
    const before = ranks[index - 1];
    if (before === undefined || !loweringWords.has(before.phrase)) return [rank];
    const { seniority, fallback, functions } = rank.role;
    const lowered = draftOf(loweredSeniority[seniority] ?? seniority, rank.role.owns, fallback);
    lowered.functions.push(...functions);
    lowered.modifiers.add('deputy');
    return [{ ...rank, role: lowered }];
  });

/** Which rank words name a role; the rest describe one of them. */
const headsOf = (ranks: readonly Rank[]): Rank[] => {
  const lowered = withLowered(ranks);
  const assistant = lowered.find(({ role }) => role.seniority === 'assistant');
  if (assistant !== undefined) return [assistant];
  const last = lowered.at(-1);
  if (last?.absorbs === true) return [last];
  return lowered.filter((rank, index) => {
    const later = lowered.slice(index + 1);
    if (later.length === 0 || !adjectivalPhrases.has(rank.phrase)) return true;
    const mayStand =
      rank.role.seniority === 'partner' && later.every(({ role }) => strongRanks.has(role.seniority));
    return mayStand;
  });
};

const addModifiers = (heads: readonly Rank[], reading: Reading, lengthOf: number): void => {
  for (const { at, modifier, phrase } of reading.modifiers) {
    const after = heads.filter((head) => head.at > at);
    const justBefore = heads.find((head) => head.at === at - phrase.split(' ').length);
    const isLast = at === lengthOf - 1;
    if (justBefore !== undefined && (isLast || after.length === 0)) justBefore.role.modifiers.add(modifier);
    else if (!adjacentModifierPhrases.has(phrase))
      for (const head of after) head.role.modifiers.add(modifier);
    else heads.find((head) => head.at === at + 1)?.role.modifiers.add(modifier);
  }
};

/** Reads the pieces between two gaps: the ranks named there and the fields that belong to them. */
export const readTitlePart = (pieces: readonly TitlePiece[]): TitlePart => {
  const reading = readPieces(pieces);
  const firstRank = reading.ranks[0];
  const objectsFrom =
    reading.prepositions.find((at) => firstRank !== undefined && at > firstRank.at) ?? Infinity;
  const owner = reading.ranks.find((rank) => ownsOnlyAField(rank, reading));
  const named = reading.ranks
    .filter((rank) => rank.at < objectsFrom)
    .map((rank) =>
      rank === owner ? { ...rank, absorbs: true, role: draftOf('staff', false, 'other') } : rank,
    );
  const heads = headsOf(named);
  const first = heads[0];
  const last = heads.at(-1);
  const fieldsOf = (fits: (at: number) => boolean) =>
    headOfRun(reading.fields.filter(({ at }) => fits(at)).map((field) => field.function));
  const before = fieldsOf((at) => first !== undefined && at < first.at);
  const after = fieldsOf(
    (at) => last === undefined || at > last.at || (first !== last && at > (first?.at ?? 0)),
  );
  for (const { role } of heads) {
    role.named = reading.unknownWords > 0;
    if (role.owns) continue;
    role.functions.push(...new Set([before, after].filter((field) => field !== null)));
  }
  if (last?.role.seniority === 'president' && after !== null && isPresidentOf(last, reading))
    last.role.functions.splice(0, 1, after);
  addModifiers(heads, reading, pieces.length);
  return {
    roles: heads.map(({ role }) => role),
    field: heads.length === 0 ? after : null,
    modifiers: reading.modifiers.map(({ modifier }) => modifier),
    leading: reading.modifiers
      .filter(({ at }) => first !== undefined && at < first.at)
      .map(({ modifier }) => modifier),
    hasUnknownWords: reading.unknownWords > 0,
    absorbed: heads.length < reading.ranks.length,
  };
};
