import type { Lead } from '@caio/contracts';

/** The lead's fields as a text may use them. What is missing, unreadable or a filler such as "N/A" is null. */
export interface LeadValues {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly fullName: string | null;
  readonly company: string | null;
  readonly companyDomain: string | null;
  readonly title: string | null;
  readonly industry: string | null;
  readonly city: string | null;
  readonly country: string | null;
}

const nameCharactersMax = 60;
const valueCharactersMax = 120;

const nothing =
  /^(?:n\/?a|null|none|nil|undefined|unknown|nan|tbd|test|-+|\.+|\?+|#n\/a|not (?:available|provided|applicable|specified))$/i;

/** What ASCII text never needs; matching by Unicode property is dear. */
const visibleOnly = (value: string): string =>
  value
    .normalize('NFC')
    .replace(/\p{Cs}|\p{Co}|\p{Cn}/gu, '')
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/\p{Default_Ignorable_Code_Point}|\p{Cf}/gu, '');

/**
 * One line of visible characters: line breaks and control characters become spaces, invisible ones go.
 * Null when nothing is left, so that no header and no sentence can be broken open by a lead file.
 */
export const singleLine = (value: string | null): string | null => {
  if (value === null) return null;
  const text = (/[^\x20-\x7e]/.test(value) ? visibleOnly(value) : value).replace(/ {2,}/g, ' ').trim();
  return text === '' || nothing.test(text) ? null : text;
};

const bounded = (value: string | null, charactersMax: number): string | null => {
  const text = singleLine(value);
  return text === null || text.length > charactersMax ? null : text;
};

const isOneCase = (name: string): boolean =>
  name.length > 2 && (name === name.toUpperCase() || name === name.toLowerCase());

/** `DANA` and `dana` become `Dana`; a name that mixes cases is somebody's own spelling. */
const namedCase = (name: string): string =>
  isOneCase(name)
    ? name
        .toLowerCase()
        .replace(
          /(^|[\s'’-])(\p{L})/gu,
          (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`,
        )
    : name;

const personName = (value: string | null): string | null => {
  const text = bounded(value, nameCharactersMax);
  if (text === null || /[\d@/\\<>[\]{}()|_%,:;!?"]/.test(text)) return null;
  return namedCase(text);
};

const honorific = /^(?:mr|mrs|ms|mx|dr|prof)\.?\s+/i;

const firstNameOf = (lead: Lead): string | null => {
  const given =
    personName(lead.firstName)
      ?.replace(honorific, '')
      .replace(/(?:\s+\p{L}\.?)+$/u, '') ?? null;
  if (given !== null || lead.firstName !== null) return given === '' ? null : given;
  // One word could be either name; a full name in two words or more starts with the given one.
  const [first, second] = personName(lead.fullName)?.replace(honorific, '').split(' ') ?? [];
  return first === undefined || second === undefined || first.length < 2 ? null : first;
};

const legalForm =
  /[\s,]+(?:inc|incorporated|l\.?l\.?c|l\.?t\.?d|limited|gmbh|corp|corporation|l\.?l\.?p|p\.?l\.?c|s\.?r\.?l|sarl|b\.?v|pty|oy|pllc|kg)\.?$/i;
const capitalLegalForm = /[\s,]+(?:AG|SA|S\.A\.|AB|AS|A\/S|UG|PC|P\.C\.)$/;
const commaCompany = /,\s+co\.?$/i;

/** A company's name as its people say it: without its legal form, a remark in brackets or a tag line. */
export const spokenCompany = (name: string): string => {
  let spoken = name.replace(/\s+[|–—]\s.*$/u, '').replace(/\s*\([^()]*\)$/, '');
  for (let previous = ''; previous !== spoken;) {
    previous = spoken;
    spoken = spoken.replace(legalForm, '').replace(capitalLegalForm, '').replace(commaCompany, '').trim();
  }
  return spoken === '' ? name : spoken;
};

/** The values of a lead that a text may name. Nothing is invented: a missing field stays missing. */
export const leadValuesOf = (lead: Lead): LeadValues => {
  const company = bounded(lead.company, valueCharactersMax);
  return {
    firstName: firstNameOf(lead),
    lastName: personName(lead.lastName),
    fullName: personName(lead.fullName),
    company: company === null ? null : spokenCompany(company),
    companyDomain: bounded(lead.companyDomain, valueCharactersMax),
    title: bounded(lead.title, valueCharactersMax),
    industry: bounded(lead.industry, valueCharactersMax),
    city: bounded(lead.city, valueCharactersMax),
    country: bounded(lead.country, valueCharactersMax),
  };
};
