const honorifics = /^(?:mr|mrs|ms|miss|mx|dr|prof|professor|sir|dame|rev|hon|herr|frau)\.?\s+/i;
/** Behind a comma anything here is a title; behind a space only what is not also a family name. */
const credential =
  /^(?:ph\.?d|m\.?d|mba|msc|ma|ba|bsc|llm|jd|esq|cpa|cfa|cfp|pmp|pe|rn|shrm-s?cp|sphr|phr|cissp|jr|sr|ii|iii|iv)\.?$/i;

const suffix = /^(?:ph\.?d|mba|cpa|cfa|esq|pmp|jr|sr|ii|iii)\.?$/i;

/** The parts of a full name. `firstName` is what a greeting would use. */
export interface SplitName {
  readonly firstName: string | null;
  readonly lastName: string | null;
}

const isCredentials = (text: string): boolean => {
  const words = text.split(/[\s,/]+/).filter((word) => word !== '');
  return words.length > 0 && words.every((word) => credential.test(word));
};

/**
 * Splits a full name: honorifics, credentials and remarks in brackets go, `Last, First` is turned round,
 * the first word is the first name and the rest the family name.
 */
export const splitName = (fullName: string): SplitName => {
  let name = fullName
    .replace(/\s*[([{][^)\]}]*[)\]}]\s*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  const [beforeComma = '', ...afterComma] = name.split(',').map((part) => part.trim());
  const given = afterComma.filter((part) => part !== '' && !isCredentials(part));
  name = given.length === 0 ? beforeComma : `${given.join(' ')} ${beforeComma}`;
  while (honorifics.test(name)) name = name.replace(honorifics, '');
  const words = name.split(' ').filter((word) => word !== '');
  while (words.length > 2 && suffix.test(words.at(-1) ?? '')) words.pop();
  const [first, ...rest] = words;
  return { firstName: first ?? null, lastName: rest.length === 0 ? null : rest.join(' ') };
};
