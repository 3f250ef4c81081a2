import { readFileSync } from 'node:fs';
import { ApiError } from '../../api/api-client.ts';

const unreadable = (file: string, reason: string, fix: string): ApiError =>
  new ApiError(0, { code: 'file_unreadable', message: `${file} cannot be read: ${reason}.`, fix });

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder',
};

const readBytes = (file: string): Buffer => {
  try {
    return readFileSync(file);
  } catch (error) {
    const code = String(Reflect.get(Object(error), 'code'));
    throw unreadable(file, reasons[code] ?? `error ${code}`, 'Check the path.');
  }
};

const encodingOf = (bytes: Buffer): string =>
  bytes[0] === 0xff && bytes[1] === 0xfe
    ? 'utf-16le'
    : bytes[0] === 0xfe && bytes[1] === 0xff
      ? 'utf-16be'
      : 'utf-8';

/** The text of a list: UTF-8, or UTF-16 with its mark as spreadsheets write it. Throws ApiError with what is wrong. */
export const readListText = (file: string): string => {
  const bytes = readBytes(file);
  const save = 'Save it as CSV in UTF-8.';
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') throw unreadable(file, 'it is an Excel file', save);
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes);
    if (text.includes('\u0000')) throw new TypeError('NUL');
    return text;
  } catch {
    throw unreadable(file, 'it is not UTF-8 text', save);
  }
};

/** Throws when a list cannot be read, or names nobody, as a whole. */
export const refuseList = (
  file: string,
  problem: { readonly message: string; readonly fix: string },
): never => {
  throw unreadable(file, problem.message.replace(/\.$/, ''), problem.fix);
};
