import { readFileSync, realpathSync, statSync } from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import { CompanyDataError } from './company-data-error.ts';
import type { CompanyDataProblem } from './company-data-error.ts';

const fileBytesMax = 1_048_576;

const refuse = (problem: Omit<CompanyDataProblem, 'path'> & { path?: string }): never => {
  throw new CompanyDataError([{ path: '', ...problem }]);
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';

const bytesOf = (file: string): Buffer => {
  try {
    const size = statSync(file).size;
    if (size > fileBytesMax) {
      return refuse({
        code: 'file_too_large',
        file,
        reason: `the file has ${String(size)} bytes; ${String(fileBytesMax)} are allowed`,
        fix: 'Check that the right file is named.',
      });
    }
    return readFileSync(file);
  } catch (error) {
    if (error instanceof CompanyDataError) throw error;
    const code = codeOf(error);
    return refuse({
      code: code === 'ENOENT' ? 'file_missing' : 'file_unreadable',
      file,
      reason: code === 'ENOENT' ? 'there is no such file' : `the file cannot be read (${code})`,
      fix: 'Correct the path, or put the file there.',
    });
  }
};

/**
 * A text file as every machine reads it: UTF-8, without a byte order mark, line ends as `\n`, so that a check-out
 * on Windows has the same version. Throws `CompanyDataError`.
 */
const readDataText = (file: string): string => {
  const bytes = bytesOf(file);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch {
    return refuse({
      code: 'not_utf8',
      file,
      reason: 'the file is not UTF-8 text',
      fix: 'Save it again with the encoding UTF-8.',
    });
  }
};

/** A text file named in a data file: it has to lie inside that folder, links followed. */
export const readTextBeside = (
  dir: string,
  name: string,
  namedIn: { file: string; path: string },
): string => {
  const file = path.join(dir, name);
  const outside = () =>
    refuse({
      code: 'file_outside',
      ...namedIn,
      reason: `"${name}" leads out of the folder`,
      fix: 'Name a file inside the folder of the pack.',
    });
  if (path.isAbsolute(name) || path.relative(dir, file).split(/[\\/]/)[0] === '..') return outside();
  const text = readDataText(file);
  const inside = path.relative(realpathSync(dir), realpathSync(file));
  return inside.split(/[\\/]/)[0] === '..' || path.isAbsolute(inside) ? outside() : text;
};

const placeOf = (text: string, error: unknown): string => {
  const position = /position (\d+)/.exec(String(error))?.[1];
  if (position === undefined) return '';
  const before = text.slice(0, Number(position)).split('\n');
  return ` (line ${String(before.length)}, column ${String((before.at(-1)?.length ?? 0) + 1)})`;
};

const readJson = (file: string): unknown => {
  const text = readDataText(file);
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse({
      code: 'not_json',
      file,
      reason: `the file is not valid JSON${placeOf(text, error)}`,
      fix: 'Correct it there; a missing comma or quote is the usual cause.',
    });
  }
};

/** `['templates', 2, 'id']` as `templates[2].id`. */
const pathText = (parts: readonly PropertyKey[]): string =>
  parts.reduce<string>(
    (text, part) =>
      typeof part === 'number'
        ? `${text}[${String(part)}]`
        : text === ''
          ? String(part)
          : `${text}.${String(part)}`,
    '',
  );

/** Fields a lenient schema would drop in silence: a misspelt rule would simply not apply. */
const unknownFields = (given: unknown, read: unknown, parts: readonly PropertyKey[]): PropertyKey[][] => {
  if (typeof given !== 'object' || given === null || typeof read !== 'object' || read === null) return [];
  const known = new Map<string, unknown>(Object.entries(read));
  return Object.entries(given).flatMap(([key, value]) => {
    const place = [...parts, Array.isArray(given) ? Number(key) : key];
    return known.has(key) ? unknownFields(value, known.get(key), place) : [place];
  });
};

/** Reads a JSON file by a schema; unknown fields are refused. Throws `CompanyDataError` naming each problem. */
export const readDataFile = <S extends z.ZodType>(file: string, schema: S): z.output<S> => {
  const given = readJson(file);
  const read = schema.safeParse(given);
  if (!read.success) {
    throw new CompanyDataError(
      read.error.issues.map((issue) => ({
        code: 'field_invalid',
        file,
        path: pathText(issue.path),
        reason: issue.message.replace(/\.$/, ''),
        fix: 'Correct this field.',
      })),
    );
  }
  const unknown = unknownFields(given, read.data, []);
  if (unknown.length > 0) {
    throw new CompanyDataError(
      unknown.map((parts) => ({
        code: 'field_unknown',
        file,
        path: pathText(parts),
        reason: 'no rule has this name',
        fix: 'Correct the spelling, or remove the field.',
      })),
    );
  }
  return read.data;
};
