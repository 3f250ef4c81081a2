import { excerptOf, recogniseHeader, withLaterColumns } from '@caio/outreach-core';
import type { HeaderMapping } from '@caio/outreach-core';
import type { LeadTable } from './csv-rows.ts';
import { checkHeader, headerNotFound } from './header-problem.ts';
import { jsonElementsOf } from './json-elements.ts';
import type { JsonElement } from './json-elements.ts';
import { LeadFileFault, columnsMax } from './lead-file-problem.ts';
import { rowOf, unreadableRow } from './lead-row.ts';
import type { LeadRow, RowPlace } from './lead-row.ts';
import type { TextSource } from './text-source.ts';

/** How many elements are looked at before the mapping is shown; objects often leave out empty fields. */
const sampleMax = 100;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const scalarText = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';

/** The cells of an object by column name; a nested object's fields are `organization.name`. */
const cellsByName = (value: Record<string, unknown>): Map<string, string> => {
  const cells = new Map<string, string>();
  for (const [key, field] of Object.entries(value)) {
    if (Array.isArray(field)) cells.set(key, field.map(scalarText).filter(Boolean).join(', '));
    else if (!isObject(field)) cells.set(key, scalarText(field));
    else
      for (const [inner, innerField] of Object.entries(field))
        cells.set(`${key}.${inner}`, scalarText(innerField));
  }
  return cells;
};

const columnsOf = (elements: readonly JsonElement[]): string[] => {
  const names = new Set<string>();
  for (const element of elements)
    if (element.ok && isObject(element.value))
      for (const name of cellsByName(element.value).keys()) names.add(name);
  return [...names];
};

/** The mapping of a file whose columns show while it is read. */
class GrowingMapping {
  #mapping: HeaderMapping;
  readonly #known: Set<string>;

  constructor(mapping: HeaderMapping) {
    this.#mapping = mapping;
    this.#known = new Set(mapping.columns);
  }

  get current(): HeaderMapping {
    return this.#mapping;
  }

  learn(names: Iterable<string>): void {
    const later = [...names].filter((name) => !this.#known.has(name)).slice(0, columnsMax - this.#known.size);
    if (later.length === 0) return;
    for (const name of later) this.#known.add(name);
    this.#mapping = withLaterColumns(this.#mapping, later);
  }
}

const readElement = (element: JsonElement, place: RowPlace, growing: GrowingMapping): LeadRow => {
  const reason = element.ok ? 'this is not an object' : 'this line is not JSON';
  const value = excerptOf(element.ok ? scalarText(element.value) : element.text);
  if (!element.ok || !isObject(element.value))
    return unreadableRow(place, { column: '(row)', value, reason });
  const cells = cellsByName(element.value);
  growing.learn(cells.keys());
  const inOrder = growing.current.columns.map((column) => cells.get(column) ?? '');
  return rowOf(place, inOrder, growing.current);
};

/** The first elements, and the fault that ended them if the file broke among them. */
interface Sample {
  readonly elements: readonly JsonElement[];
  readonly fault: LeadFileFault | null;
}

const sampleOf = async (elements: AsyncGenerator<JsonElement>): Promise<Sample> => {
  const sample: JsonElement[] = [];
  try {
    while (sample.length < sampleMax) {
      const next = await elements.next();
      if (next.done === true) break;
      sample.push(next.value);
    }
  } catch (error) {
    if (!(error instanceof LeadFileFault) || sample.length === 0) throw error;
    return { elements: sample, fault: error };
  }
  return { elements: sample, fault: null };
};

async function* rowsOf(
  sample: Sample,
  elements: AsyncGenerator<JsonElement>,
  growing: GrowingMapping,
): AsyncGenerator<LeadRow> {
  let line = 0;
  const take = (element: JsonElement): LeadRow => {
    line += 1;
    return readElement(element, { line, physicalLine: element.physicalLine }, growing);
  };
  for (const element of sample.elements) yield take(element);
  if (sample.fault !== null) throw sample.fault;
  for await (const element of elements) yield take(element);
}

/** Opens JSON text and maps the keys of its first objects. Throws LeadFileFault. */
export const openJson = async (
  source: TextSource,
  fileName: string,
  overrides: Readonly<Record<string, string>>,
): Promise<LeadTable> => {
  const elements = jsonElementsOf(source, fileName);
  const sample = await sampleOf(elements);
  const isEmpty = sample.elements.length === 0;
  const columns = columnsOf(sample.elements);
  const reading = recogniseHeader(columns, overrides);
  if (!isEmpty && !reading.isHeader) throw headerNotFound(columns, overrides);
  checkHeader(columns, isEmpty ? {} : overrides);
  const growing = new GrowingMapping(reading.mapping);
  return { mapping: () => growing.current, rows: rowsOf(sample, elements, growing) };
};
