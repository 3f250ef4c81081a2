import type { Claim, Lead } from '@caio/contracts';
import type { CompiledCopyPack } from '../copy-pack/compiled-copy-pack.ts';
import { fold, foldShape, spacedWords } from '../copy-pack/folded-text.ts';
import { leadValuesOf } from '../drafting/lead-values.ts';
import { assertedText, assertionsIn } from './assertions.ts';
import type { Assertion } from './assertions.ts';
import { isFieldNumber, leadFieldValue } from './lead-field-value.ts';
import type { LeadFieldValue } from './lead-field-value.ts';

const urlClaimCharactersMax = 400;

interface Span {
  readonly start: number;
  readonly end: number;
}

interface ClaimInput {
  readonly text: string;
  readonly claims: readonly Claim[];
  readonly lead: Lead;
  readonly pack: CompiledCopyPack;
}

/** A text read once for all its claims; positions are those of `lower`. */
interface Reading extends ClaimInput {
  readonly lower: string;
  readonly words: string;
  readonly assertions: readonly Assertion[];
}

const covers = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

const isWordAt = (text: string, at: number): boolean => /[\p{L}\p{N}]/u.test(text.slice(at, at + 1));

/** Where `part` stands in `text`, not inside longer words. Both folded to lower case. */
const occurrencesOf = (part: string, text: string): readonly Span[] => {
  const spans: Span[] = [];
  if (part === '') return spans;
  for (let start = text.indexOf(part); start >= 0; start = text.indexOf(part, start + part.length)) {
    const end = start + part.length;
    const opensInside = isWordAt(part, 0) && start > 0 && isWordAt(text, start - 1);
    const endsInside = isWordAt(part, part.length - 1) && isWordAt(text, end);
    if (!opensInside && !endsInside) spans.push({ start, end });
  }
  return spans;
};

/** One web page of a public host; an address with a user name in it shows a reader another host than it opens. */
const isCitableUrl = (url: string): boolean =>
  /^https?:\/\/(?!\d+\.\d+\.\d+\.\d+[:/]|localhost\b|\[)[^\s/@?#]+\.[^\s/@?#]+(?:[/?#]\S*)?$/i.test(url);

const isOneSentence = (text: string): boolean =>
  text.length <= urlClaimCharactersMax && !/[\n\r]|[.!?]\s+\p{L}/u.test(text.trim());

const packClaimProblem = (claimId: string, stated: string, { pack, lower }: Reading): string | null => {
  const approved = pack.data.claims.find(({ id }) => id === claimId);
  if (approved === undefined) return `"${claimId}" is not an approved claim of the copy pack`;
  if (foldShape(stated) !== foldShape(approved.text)) {
    return `the claim "${claimId}" may be made in its approved words only`;
  }
  return occurrencesOf(fold(approved.text), lower).length > 0
    ? null
    : `the text does not make the claim "${claimId}" in its approved words`;
};

const stands = (value: LeadFieldValue, words: string, assertions: readonly Assertion[]): boolean =>
  value.texts.some((part) => spacedWords(part).trim() !== '' && words.includes(spacedWords(part))) ||
  assertions.some(({ kind, text }) => kind === 'number' && isFieldNumber(value, text));

const leadFieldProblem = (field: string, stated: string, reading: Reading): string | null => {
  const value = leadFieldValue(reading.lead, field);
  if (value === null) return `the lead has no field "${field.slice(0, 40)}"`;
  if (value.texts.length === 0 && value.numbers.length === 0) return `the lead's ${field} is empty`;
  return stands(value, reading.words, reading.assertions) ||
    stands(value, spacedWords(stated), assertionsIn(assertedText(stated)))
    ? null
    : `the lead's ${field} is cited, but its value does not appear`;
};

/** Why a claim's source does not hold, or null when it does. */
const sourceProblem = ({ text: stated, source }: Claim, reading: Reading): string | null => {
  if (source.kind === 'pack_claim') return packClaimProblem(source.claimId, stated, reading);
  if (source.kind === 'lead_field') return leadFieldProblem(source.field, stated, reading);
  if (!isCitableUrl(source.url)) return 'a cited address is not a public http(s) page';
  return isOneSentence(stated) ? null : 'a claim that cites a page has to be one sentence';
};

/** What a claim whose source holds proves: its own words, and of a lead field nothing but the value. */
const proofOf = ({ text: stated, source }: Claim, { lead, lower }: Reading) => {
  const said = occurrencesOf(fold(stated), lower);
  const isSaid = (assertion: Assertion): boolean => said.some((span) => covers(span, assertion));
  if (source.kind !== 'lead_field') return isSaid;
  const value = leadFieldValue(lead, source.field);
  const named = (value?.texts ?? []).flatMap((part) => occurrencesOf(fold(part), lower));
  return (assertion: Assertion): boolean => {
    if (value === null || assertion.kind === 'person' || assertion.kind === 'result') return false;
    if (assertion.kind === 'number' && isFieldNumber(value, assertion.text)) return isSaid(assertion);
    return named.some((span) => covers(span, assertion));
  };
};

/** Names that hold digits or grand words of their own: the lead's and the pack's company. */
const nameSpans = ({ lead, pack, lower }: Reading): readonly Span[] => {
  const { company, companyDomain, title, city } = leadValuesOf(lead);
  const { name: ourName, postalAddress } = pack.data.company;
  const names = [lead.company, company, companyDomain, title, city, ourName, postalAddress];
  return names.flatMap((name) => (name === null ? [] : occurrencesOf(fold(name), lower)));
};

/**
 * Every reason a text says more than it can show: a citation that does not hold, or an assertion no holding
 * claim covers. A claim covers only where its own words stand; a lead field proves nothing but its value.
 */
export const unsupportedIn = (input: ClaimInput): readonly string[] => {
  const shape = assertedText(input.text);
  const reading: Reading = {
    ...input,
    lower: shape.toLowerCase(),
    words: spacedWords(input.text),
    assertions: assertionsIn(shape),
  };
  const checked = input.claims.map((claim) => ({ claim, problem: sourceProblem(claim, reading) }));
  const proofs = checked.flatMap(({ claim, problem }) => (problem === null ? [proofOf(claim, reading)] : []));
  const names = nameSpans(reading);
  const bare = reading.assertions.filter(
    (assertion) =>
      !names.some((span) => covers(span, assertion)) && !proofs.some((proves) => proves(assertion)),
  );
  return [
    ...checked.flatMap(({ problem }) => (problem === null ? [] : [problem])),
    ...new Set(bare.map(({ text }) => `“${text.slice(0, 60)}” rests on no cited source`)),
  ];
};

/**
 * The claims a text still makes: after an edit took an approved sentence out, its citation goes too. Lead-field
 * and web claims stay, they describe the lead.
 */
export const claimsStillMade = (claims: readonly Claim[], text: string): Claim[] =>
  claims.filter(
    ({ source, text: stated }) => source.kind !== 'pack_claim' || fold(text).includes(fold(stated)),
  );
