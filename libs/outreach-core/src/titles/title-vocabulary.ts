import type { JobFunction, TitleModifier } from '@caio/contracts';
import { functionTerms } from './function-terms.ts';
import { leavingPhrases, awayPhrases, modifierTerms, noisePhrases } from './modifier-terms.ts';
import { phraseIndexOf } from './phrase-index.ts';
import { rankTerms } from './rank-terms.ts';
import type { RankTerm } from './rank-terms.ts';

export type TitleTerm =
  | { readonly kind: 'rank'; readonly rank: RankTerm }
  | { readonly kind: 'function'; readonly function: JobFunction }
  | { readonly kind: 'modifier'; readonly modifier: TitleModifier }
  | { readonly kind: 'noise' };

const entriesOf = <K extends string>(
  table: Readonly<Partial<Record<K, readonly string[]>>>,
): [key: K, phrases: readonly string[]][] =>
  (Object.keys(table) as K[]).map((key) => [key, table[key] ?? []]);

/** Every table of words in one index, so that the longest phrase wins whatever its kind. */
export const titleTerms = phraseIndexOf<TitleTerm>([
  ...rankTerms.flatMap((rank) =>
    rank.phrases.map((phrase): [string, TitleTerm] => [phrase, { kind: 'rank', rank }]),
  ),
  ...entriesOf(functionTerms).flatMap(([jobFunction, phrases]) =>
    phrases.map((phrase): [string, TitleTerm] => [phrase, { kind: 'function', function: jobFunction }]),
  ),
  ...entriesOf(modifierTerms).flatMap(([modifier, phrases]) =>
    phrases.map((phrase): [string, TitleTerm] => [phrase, { kind: 'modifier', modifier }]),
  ),
  ...noisePhrases.map((phrase): [string, TitleTerm] => [phrase, { kind: 'noise' }]),
]);

export const leavingTerms = phraseIndexOf(leavingPhrases.map((phrase) => [phrase, true]));
export const awayTerms = phraseIndexOf(awayPhrases.map((phrase) => [phrase, true]));

/** Words that begin a rank and nothing else: where one stands, a new role may start. */
export const rankStarts: ReadonlySet<string> = new Set([
  ...rankTerms.flatMap(({ phrases }) => phrases.filter((phrase) => !phrase.includes(' '))),
  ...['vice', 'managing', 'co', 'executive'],
]);
