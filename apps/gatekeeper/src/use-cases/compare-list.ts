import {
  type BarredList,
  type Exclusion,
  exclusionSchema,
  type ListDiff,
  type ListDiffEntry,
  type Suppression,
  suppressionReasonSchema,
} from '@caio/contracts';
import { canonicalJson } from '@caio/dispatch-core';
import {
  identityKeysOf,
  type ListReading,
  type ListRow,
  normaliseExclusionKey,
  readExclusionList,
  readSuppressionList,
  suppressionKeysOf,
} from '@caio/outreach-core';
import type { ListChanges } from '@caio/state-store';
import { sha256Hex } from '../digest.ts';
import { personOf } from './suppress-person.ts';

/** A file and what is to be done with it. */
export interface ListFile {
  readonly list: BarredList;
  readonly choice: 'add' | 'replace';
  readonly fileName: string;
  readonly content: string;
  readonly why: string;
  readonly actor: string;
}

/** The difference as it is shown, and the records that storing it would write. */
export interface ComparedList {
  readonly diff: Omit<ListDiff, 'wouldBlock'>;
  /** Stored field -> text of the entry. */
  readonly add: ReadonlyMap<string, string>;
  readonly remove: ReadonlyMap<string, string>;
  readonly pseudonyms: ReadonlyMap<string, string>;
  /** Entries of the whole list when it was read; null where only parts of it were. */
  readonly sizeBefore: number | null;
  /** Exclusion keys and person keys that would be barred. */
  readonly keys: readonly string[];
}

type ListProblem = Extract<ListReading, { ok: false }>['problem'];
export type ListComparison =
  | { readonly ok: true; readonly compared: ComparedList }
  | { readonly ok: false; readonly problem: ListProblem };

type Unreadable = ListDiff['unreadable'][number];
type Entry = ListDiffEntry & { readonly fields: readonly string[]; readonly people: readonly string[] };

const refused = ({ line, column, value }: ListRow, reason: string): Unreadable => ({
  ...{ line, column, reason },
  value: value.slice(0, 80),
});

/** Compares a file with the list as it is now, without storing anything. */
export const createCompareList = (deps: {
  changes: Pick<ListChanges, 'allExclusions' | 'entriesOf'>;
  pseudonym: (key: string) => string;
  now: () => number;
}) => {
  /** One row as the keys it is stored under. */
  const entryOf = (list: BarredList, row: ListRow): Entry | Unreadable => {
    const shown = { word: row.word, note: row.note, line: row.line, column: row.column };
    if (list === 'exclusions') {
      const reading = normaliseExclusionKey(row.value);
      if (!reading.ok) return refused(row, reading.reason);
      const { key } = reading;
      return { key, ...shown, word: row.word || 'other', fields: [key], people: [key] };
    }
    const person = personOf(row.value);
    if ('reason' in person) return refused(row, person.reason);
    const people = suppressionKeysOf(person);
    const key = identityKeysOf(person)[0] ?? row.value;
    return { key, ...shown, word: row.word || 'manual', fields: people.map(deps.pseudonym), people };
  };

  const recordsOf = (file: ListFile, digest: string, entry: Entry): [string, string][] => {
    const at = new Date(deps.now()).toISOString();
    // An exclusion has a note of its own; a suppression keeps the one of its row here.
    const why = file.list === 'exclusions' || entry.note === '' ? file.why : entry.note;
    const origin = {
      source: file.fileName,
      at,
      by: file.actor,
      provenance: {
        via: 'file' as const,
        file: { name: file.fileName, digest },
        ...(why === '' ? {} : { why }),
      },
    };
    if (file.list === 'exclusions') {
      const kind = exclusionSchema.shape.kind.parse(entry.word);
      const exclusion: Exclusion = { key: entry.key, kind, note: entry.note, ...origin };
      return [[entry.key, JSON.stringify(exclusion)]];
    }
    const reason = suppressionReasonSchema.parse(entry.word);
    return entry.people.map((personKey, index): [string, string] => {
      const suppression: Omit<Suppression, 'personKey'> & { personKey: string } = {
        ...{ personKey, reason },
        ...origin,
      };
      return [entry.fields[index] ?? '', JSON.stringify(suppression)];
    });
  };

  /** What a file does not name: exclusions that people put there. Those of the CRM are the CRM's to end. */
  const unnamed = (
    stored: ReadonlyMap<string, string>,
    named: ReadonlySet<string>,
  ): { removed: Map<string, string>; shown: ListDiffEntry[]; keptFromCrm: number } => {
    const removed = new Map<string, string>();
    const shown: ListDiffEntry[] = [];
    let keptFromCrm = 0;
    for (const [key, text] of stored) {
      if (named.has(key)) continue;
      const { kind, note, provenance } = exclusionSchema.parse(JSON.parse(text));
      if (provenance?.via === 'crm') keptFromCrm += 1;
      else {
        removed.set(key, text);
        shown.push({ key, word: kind, note, line: null, column: null });
      }
    }
    shown.sort((one, other) => (one.key < other.key ? -1 : 1));
    return { removed, shown, keptFromCrm };
  };

  return async (file: ListFile): Promise<ListComparison> => {
    const { list, choice } = file;
    const reading = (list === 'exclusions' ? readExclusionList : readSuppressionList)(file.content);
    if (!reading.ok) return { ok: false, problem: reading.problem };
    const unreadable: Unreadable[] = [...reading.unreadable];
    const entries: Entry[] = [];
    for (const row of reading.rows) {
      const entry = entryOf(list, row);
      if ('reason' in entry) unreadable.push(entry);
      else entries.push(entry);
    }
    unreadable.sort((one, other) => one.line - other.line);

    const named = [...new Set(entries.flatMap(({ fields }) => fields))];
    const stored =
      choice === 'replace' ? await deps.changes.allExclusions() : await deps.changes.entriesOf(list, named);
    const fileDigest = sha256Hex(file.content);
    const taken = new Set(stored.keys());
    const add = new Map<string, string>();
    const added: ListDiffEntry[] = [];
    const known: ListDiffEntry[] = [];
    const keys: string[] = [];
    for (const entry of entries) {
      const { key, word, note, line, column } = entry;
      const shown = { key, word, note, line, column };
      if (entry.fields.every((field) => taken.has(field))) {
        known.push(shown);
        continue;
      }
      added.push(shown);
      keys.push(...entry.people);
      for (const [field, text] of recordsOf(file, fileDigest, entry)) {
        if (!taken.has(field)) add.set(field, text);
        taken.add(field);
      }
    }
    const { removed, shown, keptFromCrm } =
      choice === 'replace'
        ? unnamed(stored, new Set(named))
        : { removed: new Map<string, string>(), shown: [], keptFromCrm: 0 };
    const isExclusions = list === 'exclusions';
    const fields = [...add.keys(), ...removed.keys()];
    const facts = { list, choice, file: { name: file.fileName, digest: fileDigest }, why: file.why };
    const listed = { added, removed: shown, known, unreadable, keptFromCrm };
    return {
      ok: true,
      compared: {
        diff: {
          ...{ list, choice, file: facts.file, ...listed },
          diffDigest: sha256Hex(canonicalJson({ ...facts, ...listed, removedTexts: [...removed.values()] })),
        },
        ...{ add, remove: removed, keys },
        pseudonyms: new Map(fields.map((field) => [field, isExclusions ? deps.pseudonym(field) : field])),
        sizeBefore: choice === 'replace' ? stored.size : null,
      },
    };
  };
};

export type CompareList = ReturnType<typeof createCompareList>;
