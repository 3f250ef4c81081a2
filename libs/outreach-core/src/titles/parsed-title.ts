import type { JobFunction, ParsedTitle, Seniority, TitleModifier, TitleRole } from '@caio/contracts';
import { senioritySchema, titleModifierSchema } from '@caio/contracts';
import { holdingModifiers } from './modifier-terms.ts';
import { hitsIn } from './phrase-index.ts';
import { readTitlePart } from './title-part.ts';
import type { RoleDraft, TitlePart } from './title-part.ts';
import { titlePiecesOf } from './title-pieces.ts';
import type { TitlePiece } from './title-pieces.ts';
import { awayTerms, leavingTerms } from './title-vocabulary.ts';
import { wordsOf } from './text-items.ts';
import type { Gap } from './text-items.ts';

interface PlacedPart extends TitlePart {
  /** The gap before the part; the first part stands alone. */
  readonly gap: Gap;
}

const partsOf = (pieces: readonly TitlePiece[]): PlacedPart[] => {
  const groups: { gap: Gap; pieces: TitlePiece[] }[] = [{ gap: 'hard', pieces: [] }];
  for (const piece of pieces) {
    if ('gap' in piece) groups.push({ gap: piece.gap, pieces: [] });
    else groups.at(-1)?.pieces.push(piece);
  }
  return groups
    .filter((group) => group.pieces.length > 0)
    .map((group) => ({ gap: group.gap, ...readTitlePart(group.pieces) }));
};

const isOnlyModifiers = (part: TitlePart): boolean =>
  part.roles.length === 0 && part.field === null && !part.hasUnknownWords && part.modifiers.length > 0;

/** True when the parts from `index` on lead through "&" and "/" to a part with a rank of its own. */
const leadsToRank = (parts: readonly PlacedPart[], index: number): boolean => {
  const next = parts[index + 1];
  if (next === undefined || next.gap !== 'list') return false;
  return next.roles.length > 0 || leadsToRank(parts, index + 1);
};

const addField = (role: RoleDraft, field: JobFunction): void => {
  if (!role.functions.includes(field)) role.functions.push(field);
};

/** Puts together what belongs together across gaps: "Director, IT", "Sales & Marketing Manager", "CEO (former)". */
const joinParts = (parts: readonly PlacedPart[]): RoleDraft[] => {
  const roles: RoleDraft[] = [];
  let pending: JobFunction[] = [];
  let carried: readonly TitleModifier[] = [];
  parts.forEach((part, index) => {
    const previous = roles.at(-1);
    if (part.roles.length > 0) {
      const waiting = roles.length === 0 && isOnlyModifiers(parts[index - 1] ?? part);
      for (const role of part.roles) {
        if (part.gap === 'list' || waiting) for (const modifier of carried) role.modifiers.add(modifier);
        if (!role.owns && (part.gap === 'list' || role.functions.length === 0))
          role.functions.splice(0, role.functions.length, ...new Set([...pending, ...role.functions]));
        roles.push(role);
      }
      pending = [];
      carried = [...(part.gap === 'list' || waiting ? carried : []), ...part.leading].filter((modifier) =>
        holdingModifiers.has(modifier),
      );
      return;
    }
    if (isOnlyModifiers(part)) {
      for (const role of roles) for (const modifier of part.modifiers) role.modifiers.add(modifier);
      if (roles.length === 0) carried = part.modifiers;
      return;
    }
    if (part.field === null) {
      if (previous !== undefined && part.gap !== 'hard' && part.hasUnknownWords) previous.named = true;
      return;
    }
    const joinsNext = part.gap !== 'list' && leadsToRank(parts, index);
    const isListed = part.gap === 'list' || (part.gap === 'comma' && parts[index + 1]?.gap === 'list');
    if (previous === undefined || previous.owns || joinsNext) pending.push(part.field);
    else if (isListed || previous.functions.length === 0) addField(previous, part.field);
  });
  return roles;
};

const inOrder = (modifiers: ReadonlySet<TitleModifier>): TitleModifier[] =>
  titleModifierSchema.options.filter((modifier) => modifiers.has(modifier));

const roleOf = (draft: RoleDraft): TitleRole => {
  const unsaid = draft.fallback === 'unknown' && draft.named ? 'other' : draft.fallback;
  return {
    seniority: draft.seniority,
    functions: draft.functions.length > 0 ? draft.functions : [unsaid],
    modifiers: inOrder(draft.modifiers),
    current: !draft.modifiers.has('former') && !draft.modifiers.has('aspiring'),
  };
};

const strengthOf = (seniority: Seniority): number => senioritySchema.options.indexOf(seniority);

const strongestOf = (roles: readonly TitleRole[]): TitleRole | null => {
  const held = roles.filter(({ current }) => current);
  const [first, ...rest] = held.length > 0 ? held : roles;
  if (first === undefined) return null;
  return rest.reduce(
    (best, role) => (strengthOf(role.seniority) < strengthOf(best.seniority) ? role : best),
    first,
  );
};

const unread = (tokens: string[], reason: string, jobFunction: JobFunction, left: boolean): ParsedTitle => ({
  function: jobFunction,
  seniority: 'unknown',
  modifiers: [],
  roles: [],
  left,
  tokens,
  reasons: left ? [reason, 'title_says_left'] : [reason],
});

/**
 * Reads a job title word by word into who the person is and what they work on. Never matches inside a word
 * (a director is no CTO, a coordinator no COO), keeps every role of a combined title, tells roles held today
 * from former ones, and leaves out other people's titles ("assistant to the CEO"). `left` is true when the
 * title says the person works there no more. Null, empty and unreadable titles have seniority `unknown`.
 * Source: users.md A7.
 */
export const parseTitle = (title: string | null): ParsedTitle => {
  const tokens = wordsOf(title ?? '');
  if (title === null || tokens.length === 0) return unread(tokens, 'title_missing', 'unknown', false);
  const { pieces, cut, toSomebody } = titlePiecesOf(title);
  const parts = partsOf(pieces);
  const drafts = joinParts(parts);
  for (const draft of drafts)
    if (toSomebody && draft.seniority === 'assistant') draft.modifiers.add('assistant_to');
  const roles = drafts.map(roleOf);
  const isLeaving = hitsIn(leavingTerms, tokens).length > 0;
  const isAway = !roles.some(({ current }) => current) && hitsIn(awayTerms, tokens).length > 0;
  const strongest = strongestOf(roles);
  if (strongest === null) {
    const field = parts.find((part) => part.field !== null)?.field ?? 'unknown';
    return unread(tokens, 'title_without_rank', field, isLeaving || isAway);
  }
  const isFormer = roles.every(({ current, modifiers }) => !current && modifiers.includes('former'));
  const left = isLeaving || isAway || isFormer;
  const primary = strongest.functions[0] ?? 'unknown';
  return {
    function: primary,
    seniority: strongest.seniority,
    modifiers: strongest.modifiers,
    roles,
    left,
    tokens,
    reasons: [
      `title_rank_${strongest.seniority}`,
      `title_function_${primary}`,
      ...strongest.modifiers.map((modifier) => `title_modifier_${modifier}`),
      ...(roles.length > 1 ? ['title_several_roles'] : []),
      ...(cut ? ['title_object_left_out'] : []),
      ...(parts.some(({ absorbed }) => absorbed) ? ['title_rank_word_describes'] : []),
      ...(left ? ['title_says_left'] : []),
    ],
  };
};
