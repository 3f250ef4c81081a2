import type { Exclusion } from '@caio/contracts';
import { normaliseExclusionKey } from '@caio/outreach-core';
import type { GateLists } from '@caio/state-store';

export interface ChangeExclusionsRequest {
  readonly add: readonly { readonly key: string; readonly kind: Exclusion['kind']; readonly note: string }[];
  readonly remove: readonly string[];
  readonly source: string;
  readonly actor: string;
  readonly correlationId: string;
}

export interface ChangeExclusionsAnswer {
  readonly added: number;
  readonly known: number;
  readonly removed: number;
  readonly missing: number;
  readonly unreadable: { key: string; reason: string }[];
}

/** Applies what a person typed: each entry is read as a domain, an address or a profile, or named as unreadable. */
export const createChangeExclusions = (deps: {
  lists: GateLists;
  pseudonym: (key: string) => string;
  now: () => number;
}) => {
  return async (request: ChangeExclusionsRequest): Promise<ChangeExclusionsAnswer> => {
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
      return key === null ? [] : [{ key, kind, note, source: request.source, at, by: request.actor }];
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
    return { ...counts, unreadable };
  };
};

export type ChangeExclusions = ReturnType<typeof createChangeExclusions>;
