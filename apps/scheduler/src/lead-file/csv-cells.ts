import { CsvError, parse } from 'csv-parse/sync';

/** The cells of one CSV record, unquoted; null when its quoting cannot be read. */
export const cellsOf = (recordText: string, delimiter: string): string[] | null => {
  if (recordText.trim() === '' && !recordText.includes(delimiter)) return [];
  try {
    const rows: string[][] = parse(recordText, {
      delimiter,
      // Line breaks are inside quotes by now; a record delimiter no text holds keeps them there.
      record_delimiter: '\u0000',
      ltrim: true,
      relax_column_count: true,
      relax_quotes: true,
      rtrim: true,
    });
    return rows[0] ?? [];
  } catch (error) {
    if (error instanceof CsvError) return null;
    throw error;
  }
};
