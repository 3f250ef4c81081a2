export type Cell = string | number | null;

/** A cell a spreadsheet would run starts with one of these; blanks before it do not stop that. */
const formula = /^[\s\u0000-\u001f]*[=+\-@\t\r＝＋－＠]/;
const needsQuotes = /[",\r\n;\t]/;

/** One cell of a CSV file (RFC 4180) that no spreadsheet takes for a formula: it gets an apostrophe in front. */
export const csvCell = (value: Cell): string => {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = formula.test(value) ? `'${value}` : value;
  return needsQuotes.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
};

/** A CSV file in UTF-8 with a byte order mark, which spreadsheets need to read accents. */
export const csvFile = (header: readonly string[], rows: readonly (readonly Cell[])[]): string =>
  `\ufeff${[header, ...rows].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
