import type { Claim, Lead, Range } from '@caio/contracts';
import type { CompiledCopyPack } from '../copy-pack/compiled-copy-pack.ts';
import { containsWords, fold, foldShape } from '../copy-pack/folded-text.ts';
import { leadValuesOf } from '../drafting/lead-values.ts';
import { assertedText, assertionsIn } from './assertions.ts';
import type { Assertion } from './assertions.ts';

const urlClaimCharactersMax = 400;

interface Span {
  readonly start: number;
  readonly end: number;
}

/** Where `part` stands in `text`, not inside longer words. Both folded to lower case. */
const occurrencesOf = (part: string, text: string): readonly Span[] => {
  const spans: Span[] = [];
  if (part === '') return spans;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
    const end = at + part.length;
    const before = text.slice(Math.max(at - 1, 0), at);
    const after = text.slice(end, end + 1);
    if (/[\p{L}\p{N}]/u.test(before) && /^[\p{L}\p{N}]/u.test(part)) continue;
    if (/[\p{L}\p{N}]/u.test(after) && /[\p{L}\p{N}]$/u.test(part)) continue;
    spans.push({ start: at, end });
  }
  return spans;
};

const isRange = (value: unknown): value is Range =>
  typeof value === 'object' && value !== null && 'min' in value && 'max' in value;

/** The numbers and texts a lead field stands for; null when there is no such field. */
const fieldValue = (lead: Lead, field: string): { texts: string[]; numbers: number[] } | null => {
  const entry = Object.entries(lead).find(([name]) => name === field);
  if (entry === undefined) return null;
  const value: unknown = entry[1];
  if (isRange(value)) {
    return { texts: [], numbers: [value.min, value.max].filter((bound) => bound !== null) };
  }
  if (typeof value !== 'string' || value.trim() === '') return { texts: [], numbers: [] };
  const spoken = Object.entries(leadValuesOf(lead)).find(([name]) => name === field)?.[1];
  return { texts: [value, ...(typeof spoken === 'string' ? [spoken] : [])], numbers: [] };
};

const scales: readonly { readonly mark: RegExp; readonly factor: number }[] = [
  { mark: /k$|thousand$/, factor: 1e3 },
  { mark: /bn$|billion$/, factor: 1e9 },
  { mark: /m$|million$/, factor: 1e6 },
];

/** `$1,200` → 1200, `12.5M` → 12500000, `40 %` → NaN: a share is no count of a lead field. */
const countOf = (text: string): number => {
  const plain = text.toLowerCase().replace(/[\s$€£¥₹#+]|usd|eur/g, '');
  const scale = scales.find(({ mark }) => mark.test(plain));
  const digits = plain
    .replace(/k$|thousand$|bn$|billion$|m$|million$/, '')
    .replace(/,(?=\d{3}(?:\D|$))/g, '');
  return /^\d+(?:\.\d+)?$/.test(digits) ? Number(digits) * (scale?.factor ?? 1) : Number.NaN;
};

const numbersIn = (text: string): readonly number[] =>
  assertionsIn(assertedText(text))
    .filter(({ kind }) => kind === 'number')
    .map(({ text: span }) => countOf(span));

const appears = (value: { texts: string[]; numbers: number[] }, text: string): boolean =>
  value.texts.some((part) => containsWords(text, part)) ||
  numbersIn(text).some((count) => value.numbers.includes(count));

interface Input {
  readonly text: string;
  readonly claims: readonly Claim[];
  readonly lead: Lead;
  readonly pack: CompiledCopyPack;
}

/** One web page of a public host; an address with a user name in it shows a reader another host than it opens. */
const isCitableUrl = (url: string): boolean =>
  /^https?:\/\/(?!\d+\.\d+\.\d+\.\d+[:/]|localhost\b|\[)[^\s/@?#]+\.[^\s/@?#]+(?:[/?#]\S*)?$/i.test(url);

const isOneSentence = (text: string): boolean =>
  text.length <= urlClaimCharactersMax && !/[\n\r]|[.!?]\s+\p{L}/u.test(text.trim());

/** Why a claim's source does not hold, or null when it does. */
const sourceProblem = ({ text: stated, source }: Claim, { text, lead, pack }: Input): string | null => {
  if (source.kind === 'pack_claim') {
    const approved = pack.data.claims.find(({ id }) => id === source.claimId);
    if (approved === undefined) return `"${source.claimId}" is not an approved claim of the copy pack`;
    if (foldShape(stated) !== foldShape(approved.text)) {
      return `the claim "${source.claimId}" may be made in its approved words only`;
    }
    return fold(text).includes(fold(approved.text))
      ? null
      : `the text does not make the claim "${source.claimId}" in its approved words`;
  }
  if (source.kind === 'url') {
    if (!isCitableUrl(source.url)) return 'a cited address is not a public http(s) page';
    return isOneSentence(stated) ? null : 'a claim that cites a page has to be one sentence';
  }
  const value = fieldValue(lead, source.field);
  if (value === null) return `the lead has no field "${source.field.slice(0, 40)}"`;
  if (value.texts.length === 0 && value.numbers.length === 0) return `the lead's ${source.field} is empty`;
  return appears(value, stated) || appears(value, text)
    ? null
    : `the lead's ${source.field} is cited, but its value does not appear`;
};

const covers = (outer: Span, inner: Span): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** Whether a claim whose source holds proves this assertion of the text. */
const proves = (claim: Claim, assertion: Assertion, input: Input, lower: string): boolean => {
  const { source } = claim;
  const stands = occurrencesOf(fold(claim.text), lower).some((span) => covers(span, assertion));
  if (source.kind !== 'lead_field') return stands;
  const value = fieldValue(input.lead, source.field);
  if (value === null || assertion.kind === 'person' || assertion.kind === 'result') return false;
  if (assertion.kind === 'number' && value.numbers.includes(countOf(assertion.text))) return stands;
  return value.texts.some((part) => occurrencesOf(fold(part), lower).some((span) => covers(span, assertion)));
};

/** Names that hold digits or grand words of their own: the lead's and the pack's company. */
const nameSpans = ({ lead, pack }: Input, lower: string): readonly Span[] => {
  const { company, companyDomain, title, city } = leadValuesOf(lead);
  const names = [
    lead.company,
    company,
    companyDomain,
    title,
    city,
    pack.data.company.name,
    pack.data.company.postalAddress,
  ];
  return names.flatMap((name) => (name === null ? [] : occurrencesOf(fold(name), lower)));
};

/**
 * Every reason a text says more than it can show: a citation that does not hold, or an assertion no holding
 * claim covers. A claim covers only where its own words stand; a lead field proves nothing but its value.
 */
export const unsupportedIn = (input: Input): readonly string[] => {
  const checked = input.claims.map((claim) => ({ claim, problem: sourceProblem(claim, input) }));
  const holding = checked.filter(({ problem }) => problem === null).map(({ claim }) => claim);
  const shape = assertedText(input.text);
  const lower = shape.toLowerCase();
  const names = nameSpans(input, lower);
  const bare = assertionsIn(shape).filter(
    (assertion) =>
      !names.some((span) => covers(span, assertion)) &&
      !holding.some((claim) => proves(claim, assertion, input, lower)),
  );
  return [
    ...checked.flatMap(({ problem }) => (problem === null ? [] : [problem])),
    ...new Set(bare.map(({ text }) => `“${text.slice(0, 60)}” rests on no cited source`)),
  ];
};

/**
 * The claims a text still makes: after an edit took a sentence out, its citation goes too. Lead-field and web
 * claims stay, they describe the lead.
 */
export const claimsStillMade = (claims: readonly Claim[], text: string): readonly Claim[] =>
  claims.filter(
    ({ source, text: stated }) => source.kind !== 'pack_claim' || fold(text).includes(fold(stated)),
  );
