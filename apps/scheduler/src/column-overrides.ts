import { recogniseHeader } from '@caio/outreach-core';

export type ColumnOverrides =
  | { readonly ok: true; readonly overrides: Record<string, string> }
  | { readonly ok: false; readonly message: string; readonly fix: string };

const form = 'Write each as field=Header, e.g. email=Work Mail.';

/**
 * `field=Header` pairs, as typed after --map, as a mapping. The first pair that is not one, names a field twice or
 * a field that does not exist is answered with what is wrong with it; whether the file has the column shows later.
 */
export const readColumnOverrides = (pairs: readonly string[]): ColumnOverrides => {
  const overrides = new Map<string, string>();
  for (const [index, pair] of pairs.entries()) {
    const at = pair.indexOf('=');
    const field = pair.slice(0, Math.max(at, 0)).trim();
    const header = pair.slice(at + 1).trim();
    const which = `Column mapping ${index + 1}`;
    if (at === -1) return { ok: false, message: `${which} has no equals sign.`, fix: form };
    if (field === '') return { ok: false, message: `${which} names no field.`, fix: form };
    if (header === '') return { ok: false, message: `${which} names no column.`, fix: form };
    if (overrides.has(field))
      return {
        ok: false,
        message: `${which} names a field that has a column already.`,
        fix: 'Name it once.',
      };
    overrides.set(field, header);
  }
  const known = Object.fromEntries(overrides);
  const unknown = recogniseHeader([], known).problems.find(({ code }) => code === 'map_field_unknown');
  return unknown === undefined
    ? { ok: true, overrides: known }
    : { ok: false, message: unknown.message, fix: unknown.fix };
};
