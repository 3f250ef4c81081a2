import { recogniseHeader } from '@caio/outreach-core';
import { InvalidArgumentError } from 'commander';

const near = (text: string, values: readonly string[]): string => {
  const plain = (value: string): string => value.toLowerCase().replace(/[^a-z]/g, '');
  const typed = plain(text);
  const found = values.find(
    (value) => typed.length > 2 && (plain(value).startsWith(typed) || typed.startsWith(plain(value))),
  );
  return found === undefined ? '' : ` Did you mean ${found}?`;
};

/** Reads a value out of a list of words, or names the words. */
export const oneOf =
  <Value extends string>(values: readonly Value[]) =>
  (text: string): Value => {
    const found = values.find((value) => value === text.trim());
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`Give one of: ${values.join(', ')}.${near(text, values)}`);
  };

/** Reads a digest or a hash; `shownBy` is the command that prints it. */
export const digestShownBy =
  (noun: 'digest' | 'preview hash', shownBy: string) =>
  (text: string): string => {
    const digest = text.trim().toLowerCase();
    if (/^[0-9a-f]{64}$/.test(digest)) return digest;
    const why = digest.length === 64 ? 'it has others than 0-9 and a-f' : `this has ${digest.length}`;
    throw new InvalidArgumentError(`A ${noun} is the 64 characters shown by \`${shownBy}\`; ${why}.`);
  };

/** Reads why somebody does something; nothing and next to nothing is no reason. */
export const reasonOf =
  (lengthMin: number, lengthMax: number) =>
  (text: string): string => {
    const reason = text.trim();
    if (reason.length < lengthMin)
      throw new InvalidArgumentError(`Say why, in at least ${lengthMin} characters, in quotes.`);
    if (reason.length > lengthMax)
      throw new InvalidArgumentError(`Say why in at most ${lengthMax} characters.`);
    return reason;
  };

/** Reads the day or the moment at which somebody agreed. */
export const consentDate = (text: string): string => {
  const typed = text.trim();
  const moment = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(typed) ? `${typed}T00:00:00.000Z` : typed);
  if (/^\d{4}-\d{2}-\d{2}(?:T.*)?$/.test(typed) && !Number.isNaN(moment))
    return new Date(moment).toISOString();
  throw new InvalidArgumentError('Write it as 2026-05-04, or with the time as 2026-05-04T15:30:00Z.');
};

/** Reads the id of a record; `shownBy` is the command that prints it. */
export const idOf =
  (prefix: 'drf' | 'bat' | 'act' | 'run', shownBy: string) =>
  (text: string): string => {
    const [start = '', rest = ''] = text.trim().split('_');
    const id = `${start.toLowerCase()}_${rest.toUpperCase()}`;
    if (new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`).test(id)) return id;
    throw new InvalidArgumentError(
      `An id here is ${prefix}_ and 26 letters and digits, as shown by \`${shownBy}\`.`,
    );
  };

/** Reads one `field=Header` of --map and adds it to those before. */
export const columnMapping = (text: string, before: readonly string[]): string[] => {
  const form = 'Write it as field=Header, for example --map "email=Work Mail".';
  const [field = '', header] = [text.split('=')[0]?.trim(), text.split('=').slice(1).join('=').trim()];
  if (!text.includes('=') || field === '' || header === '') throw new InvalidArgumentError(form);
  const unknown = recogniseHeader([], { [field]: header }).problems.find(
    ({ code }) => code === 'map_field_unknown',
  );
  if (unknown !== undefined) throw new InvalidArgumentError(`${unknown.message} ${unknown.fix}`);
  if (before.some((pair) => pair.split('=')[0]?.trim() === field))
    throw new InvalidArgumentError(`${field} has a column already; name it once.`);
  return [...before, text];
};
