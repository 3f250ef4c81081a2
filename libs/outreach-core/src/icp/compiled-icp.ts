import type { Icp, IndustryGroup, NeverContact } from '@caio/contracts';
import { wordsOf } from '../titles/text-items.ts';
import { nameWordsOf, phraseMatcherOf } from './phrase-match.ts';
import type { PhraseMatcher } from './phrase-match.ts';

/** An ICP with its phrases ready to be matched; made once for many leads. */
export interface CompiledIcp {
  readonly icp: Icp;
  readonly industryGroups: PhraseMatcher<IndustryGroup>;
  readonly neverByIndustry: PhraseMatcher<NeverContact>;
  readonly neverByCompany: PhraseMatcher<NeverContact>;
  readonly neverByTitle: PhraseMatcher<NeverContact>;
}

const entriesOf = <T>(values: readonly T[], phrasesOf: (value: T) => readonly string[]): [string, T][] =>
  values.flatMap((value) => phrasesOf(value).map((phrase): [string, T] => [phrase, value]));

export const compileIcp = (icp: Icp): CompiledIcp => ({
  icp,
  industryGroups: phraseMatcherOf(
    entriesOf(icp.industryGroups, ({ phrases }) => phrases),
    nameWordsOf,
  ),
  neverByIndustry: phraseMatcherOf(
    entriesOf(icp.neverContact, ({ industryPhrases }) => industryPhrases),
    nameWordsOf,
  ),
  neverByCompany: phraseMatcherOf(
    entriesOf(icp.neverContact, ({ companyPhrases }) => companyPhrases),
    nameWordsOf,
  ),
  // Not folded to the singular: "coach to teachers" is no teacher.
  neverByTitle: phraseMatcherOf(
    entriesOf(icp.neverContact, ({ titlePhrases }) => titlePhrases),
    wordsOf,
  ),
});
