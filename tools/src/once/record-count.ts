import { extname } from 'node:path';
import { parse } from 'csv-parse/sync';

const delimiters = [',', ';', '\t'] as const;

const decoded = (bytes: Uint8Array): string => {
  const mark = `${bytes[0] ?? 0} ${bytes[1] ?? 0}`;
  const encoding = mark === '255 254' ? 'utf-16le' : mark === '254 255' ? 'utf-16be' : 'utf-8';
  return new TextDecoder(encoding).decode(bytes);
};

const jsonRecords = (text: string): number => {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value.length;
    const list: unknown = Object.values(Object(value) as object).find(Array.isArray);
    return Array.isArray(list) ? list.length : 1;
  } catch {
    return text.split(/\r\n?|\n/).filter((line) => line.trim() !== '').length;
  }
};

const recordsOf = (text: string, delimiter: string): string[][] | null => {
  try {
    return parse(text, { delimiter, relax_quotes: true, relax_column_count: true, skip_empty_lines: true });
  } catch {
    return null;
  }
};

const isFilled = (cells: readonly string[]): boolean => cells.some((cell) => cell.trim() !== '');

/**
 * How many leads a file holds, found without a line of the import: another parser, and for CSV the records below
 * the header, which is the one that holds every column the run recognised. Null when none does, or when the other
 * parser cannot read the file either. Rows of empty cells are no leads.
 */
export const countRecords = (name: string, bytes: Uint8Array, header: readonly string[]): number | null => {
  const text = decoded(bytes);
  if (/^\s*[[{]/.test(text) || /^\.(?:json|ndjson|jsonl)$/i.test(extname(name))) return jsonRecords(text);
  for (const delimiter of delimiters) {
    const records = recordsOf(text, delimiter) ?? [];
    const at = records.findIndex((cells) => {
      const named = new Set(cells.map((cell, index) => cell.trim() || `column ${index + 1}`));
      return header.length > 0 && header.every((column) => named.has(column.trim()));
    });
    if (at >= 0) return records.slice(at + 1).filter(isFilled).length;
  }
  return null;
};
