import type { ColumnMapping } from '@caio/contracts';
import { leadColumnAliases, leadColumns } from './lead-columns.ts';
import type { LeadColumn } from './lead-columns.ts';

interface MappedColumn {
  readonly index: number;
  readonly column: string;
  readonly how: 'alias' | 'map';
}

/** The columns of a file by position, and which of them feeds which field. */
export interface HeaderMapping {
  readonly columns: readonly string[];
  readonly fields: ReadonlyMap<LeadColumn, MappedColumn>;
}

/** What is wrong with a `--map` override. */
export interface MapProblem {
  readonly code: 'map_field_unknown' | 'map_header_unknown' | 'map_header_twice';
  readonly message: string;
  readonly fix: string;
}

/** `isHeader` tells a header from a preamble or data row: it names an e-mail address or a LinkedIn profile. */
export interface HeaderReading {
  readonly isHeader: boolean;
  readonly mapping: HeaderMapping;
  readonly problems: readonly MapProblem[];
}

/** A header without case, spaces and punctuation, as the aliases are written. */
export const plain = (header: string): string =>
  header
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');

const nameColumns = (cells: readonly string[]): readonly string[] =>
  cells.map((cell, index) => cell.trim() || `column ${index + 1}`);

const fieldNamed = (typed: string): LeadColumn | undefined =>
  leadColumns.find((field) => plain(field) === plain(typed));

const columnTyped = (columns: readonly string[], header: string): number => {
  const exact = columns.indexOf(header.trim());
  return exact >= 0 ? exact : columns.findIndex((column) => plain(column) === plain(header));
};

const readOverrides = (
  columns: readonly string[],
  overrides: Readonly<Record<string, string>>,
): { fields: Map<LeadColumn, MappedColumn>; problems: MapProblem[] } => {
  const fields = new Map<LeadColumn, MappedColumn>();
  const problems: MapProblem[] = [];
  for (const [typedField, header] of Object.entries(overrides)) {
    const field = fieldNamed(typedField);
    const index = columnTyped(columns, header);
    const column = columns[index];
    if (field === undefined) {
      const message = `There is no lead field called "${typedField.slice(0, 60)}".`;
      problems.push({ code: 'map_field_unknown', message, fix: `Use one of: ${leadColumns.join(', ')}.` });
    } else if (column === undefined) {
      const message = `The file has no column called "${header.slice(0, 60)}".`;
      const fix = `Its columns are: ${columns.slice(0, 60).join(', ')}.`;
      problems.push({ code: 'map_header_unknown', message, fix });
    } else if (fields.has(field) || [...fields.values()].some((taken) => taken.index === index)) {
      const message = `"${column}" or the field ${field} is mapped twice.`;
      problems.push({ code: 'map_header_twice', message, fix: 'Give each field one column of its own.' });
    } else {
      fields.set(field, { index, column, how: 'map' });
    }
  }
  return { fields, problems };
};

/**
 * Reads one row as a header. Names match whatever their case, spaces and punctuation. When two columns
 * claim a field the better alias wins, then the first column; overrides (`field -> header`) win over both.
 */
export const recogniseHeader = (
  cells: readonly string[],
  overrides: Readonly<Record<string, string>> = {},
): HeaderReading => {
  const columns = nameColumns(cells);
  const names = columns.map(plain);
  const { fields, problems } = readOverrides(columns, overrides);
  const taken = new Set([...fields.values()].map(({ index }) => index));
  for (const field of leadColumns) {
    if (fields.has(field)) continue;
    const aliases: readonly string[] = leadColumnAliases[field];
    const index = aliases.map((alias) => names.findIndex((name, at) => name === alias && !taken.has(at)));
    const best = index.find((at) => at >= 0);
    const column = best === undefined ? undefined : columns[best];
    if (best === undefined || column === undefined) continue;
    fields.set(field, { index: best, column, how: 'alias' });
    taken.add(best);
  }
  return {
    isHeader: fields.has('email') || fields.has('linkedinUrl'),
    mapping: { columns, fields },
    problems,
  };
};

/**
 * The same mapping for a file whose columns only show as it is read (JSON objects with absent keys): later
 * columns may feed fields that nothing feeds yet; what a field already takes never changes.
 */
export const withLaterColumns = (mapping: HeaderMapping, later: readonly string[]): HeaderMapping => {
  const columns = [...mapping.columns, ...nameColumns(later)];
  const fields = new Map(mapping.fields);
  for (const [field, found] of recogniseHeader(columns).mapping.fields)
    if (!fields.has(field) && found.index >= mapping.columns.length) fields.set(field, found);
  return { columns, fields };
};

/** Which column fed which field, in the order of the fields, for a person to check. */
export const columnMappingOf = (mapping: HeaderMapping): ColumnMapping =>
  leadColumns.flatMap((field) => {
    const found = mapping.fields.get(field);
    return found === undefined ? [] : [{ field, column: found.column, how: found.how }];
  });

/** The columns nothing was taken from, decoys included, in file order. */
export const ignoredColumnsOf = (mapping: HeaderMapping): string[] => {
  const used = new Set([...mapping.fields.values()].map(({ index }) => index));
  return mapping.columns.filter((_, index) => !used.has(index));
};
