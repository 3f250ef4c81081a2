import type { TitleModifier } from '@caio/contracts';
import { phraseList } from './phrase-index.ts';

export const modifierTerms: Readonly<Partial<Record<TitleModifier, readonly string[]>>> = {
  senior: phraseList('senior, distinguished'),
  junior: phraseList('junior, entry level'),
  executive: phraseList('executive'),
  regional: phraseList('regional, area, district, divisional, division, global, group, national'),
  co: phraseList('co'),
  interim: phraseList('interim, ad interim, temporary'),
  acting: phraseList('acting'),
  fractional: phraseList('fractional, part time, virtual, outsourced, on demand, as a service, for hire'),
  former: phraseList('former, formerly, ex, past, previous, previously, retired, emeritus, emerita'),
  aspiring: phraseList('aspiring, future, elect, in training, designate, wannabe, soon to be'),
};

/** Modifiers that say how long or whether the role is held; they carry over "and" ("former CEO and COO"). */
export const holdingModifiers: ReadonlySet<TitleModifier> = new Set<TitleModifier>([
  ...(['interim', 'acting', 'fractional', 'former', 'aspiring'] as const),
]);

/** Words that modify only the rank right after them: a "virtual events manager" is no virtual manager. */
export const adjacentModifierPhrases: ReadonlySet<string> = new Set(['virtual', 'outsourced', 'future']);

/** Statements that the person has left, wherever they stand in the title. */
export const leavingPhrases: readonly string[] = phraseList(
  'open to work, open to opportunities, open to new opportunities',
  'seeking new opportunities, seeking opportunities, seeking new opportunity',
  'seeking a new role, looking for new opportunities, looking for work, seeking employment',
  'job seeker, between jobs, between roles, unemployed, available for work',
  'on the job market',
);

/** Statements that mean the same only when the title names no role held today. */
export const awayPhrases: readonly string[] = phraseList(
  'retired, semi retired, in transition, career break, on sabbatical',
);

/** Words after which other people's titles follow, up to the next part of a headline. */
export const objectVerbs: ReadonlySet<string> = new Set(
  phraseList(
    'helping, empowering, enabling, advising, coaching, serving, connecting, supporting, help',
    'empower, assisting',
  ),
);

/** Words that part what a person was from what they are ("banker turned founder"). */
export const turningWords: ReadonlySet<string> = new Set(['turned', 'now', 'current', 'currently']);

/** Phrases that hold a rank word without being a rank. */
export const noisePhrases: readonly string[] = phraseList(
  'president club, presidents club, founder member, founding member',
  'head start, head office, lead generation, lead gen',
);
