import type { JobFunction } from '@caio/contracts';
import { chiefFunctionTerms, crossFunctions, lineFunctions, qualifiedFunctions } from './function-terms.ts';
import { hitsIn } from './phrase-index.ts';
import { titleTerms } from './title-vocabulary.ts';

/**
 * The one field a run of field words means. English puts the head last ("performance media sales" is sales),
 * except where the last word only says what kind of work it is ("sales operations" is sales).
 */
export const headOfRun = (run: readonly JobFunction[]): JobFunction | null => {
  const last = run.at(-1);
  if (last === undefined) return null;
  const others = run.slice(0, -1).filter((other) => other !== last && other !== 'administration');
  if (qualifiedFunctions.has(last)) return others.at(-1) ?? last;
  if (crossFunctions.has(last)) return others.findLast((other) => lineFunctions.has(other)) ?? last;
  return last;
};

/** The field of the words between `chief` and `officer`; `other` for words we do not know, null for none. */
export const chiefFunctionOf = (words: readonly string[]): JobFunction | null => {
  if (words.length === 0) return null;
  const special = chiefFunctionTerms.get(words.join(' '));
  if (special !== undefined) return special;
  const run = hitsIn(titleTerms, words).flatMap(({ value }) =>
    value.kind === 'function' ? [value.function] : [],
  );
  return headOfRun(run) ?? chiefFunctionTerms.get(words.at(-1) ?? '') ?? 'other';
};
