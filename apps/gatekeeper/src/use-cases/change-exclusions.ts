import type { Exclusion, ImportedEntry } from '@caio/contracts';
import { type NormalisedExclusion, normaliseExclusionKey } from '@caio/outreach-core';
import type { GateLists } from '@caio/state-store';

export interface ChangeExclusionsRequest {
  readonly add: readonly { readonly key: string; readonly kind: Exclusion['kind']; readonly note: string }[];
  readonly remove: readonly string[];
  readonly source: string;
  /** Answers what would change and stores nothing. */
  readonly dryRun: boolean;
  readonly actor: string;
  readonly correlationId: string;
}

export interface ChangeExclusionsAnswer {
  readonly dryRun: boolean;
  readonly added: number;
  readonly known: number;
  readonly removed: number;
  readonly missing: number;
  readonly unreadable: { key: string; reason: string }[];
  /** With `dryRun`: every entry to add, in its order. */
  readonly entries?: ImportedEntry[];
}

/** Applies what a person typed: each entry is read as a domain, an address or a profile, or named as unreadable. */
export const createChangeExclusions = (deps: {
  lists: GateLists;
  pseudonym: (key: string) => string;
  now: () => number;
}) => {
  const preview = async (request: ChangeExclusionsRequest): Promise<ChangeExclusionsAnswer> => {
    const readings = request.add.map(({ key }) => normaliseExclusionKey(key));
    const removals = request.remove.map(normaliseExclusionKey);
    const keyOf = (reading: NormalisedExclusion): string => (reading.ok ? reading.key : '');
    const stored = await deps.lists.exclusionsOf([...readings, ...removals].map(keyOf));
    const seen = new Set<string>();
    const entries = readings.map((reading, index): ImportedEntry => {
      if (!reading.ok) return { index, outcome: 'unreadable', reason: reading.reason };
      const known = seen.has(reading.key) || stored[index] !== null;
      seen.add(reading.key);
      return { index, outcome: known ? 'known' : 'added' };
    });
    const typed = [...request.add.map(({ key }) => key), ...request.remove];
    const present = removals.filter(
      (reading, index) => reading.ok && stored[readings.length + index] !== null,
    ).length;
    return {
      dryRun: true,
      added: entries.filter(({ outcome }) => outcome === 'added').length,
      known: entries.filter(({ outcome }) => outcome === 'known').length,
      removed: present,
      missing: removals.filter(({ ok }) => ok).length - present,
      unreadable: [...readings, ...removals].flatMap((reading, index) =>
        reading.ok ? [] : [{ key: typed[index] ?? '', reason: reading.reason }],
      ),
      entries,
    };
  };

  return async (request: ChangeExclusionsRequest): Promise<ChangeExclusionsAnswer> => {
    if (request.dryRun) return preview(request);
    const unreadable: { key: string; reason: string }[] = [];
    const read = (typed: string): string | null => {
      const normalised = normaliseExclusionKey(typed);
      if (normalised.ok) return normalised.key;
      unreadable.push({ key: typed, reason: normalised.reason });
      return null;
    };
    const at = new Date(deps.now()).toISOString();
    const add = request.add.flatMap(({ key: typed, kind, note }): Exclusion[] => {
      const key = read(typed);
      return key === null
        ? []
        : [{ key, kind, note, source: request.source, at, by: request.actor, provenance: { via: 'person' } }];
    });
    const remove = request.remove.map(read).filter((key) => key !== null);
    const keys = [...add.map(({ key }) => key), ...remove];
    const counts = await deps.lists.changeExclusions({
      add,
      remove,
      pseudonyms: new Map(keys.map((key) => [key, deps.pseudonym(key)])),
      actor: request.actor,
      correlationId: request.correlationId,
    });
    return { dryRun: false, ...counts, unreadable };
  };
};

export type ChangeExclusions = ReturnType<typeof createChangeExclusions>;
