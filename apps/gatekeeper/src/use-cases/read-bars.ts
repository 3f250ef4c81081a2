import type { Bar, Lead } from '@caio/contracts';
import { exclusionKeysOf, suppressionKeysOf } from '@caio/outreach-core';
import type { GateLists } from '@caio/state-store';

type Named = Pick<Lead, 'email' | 'linkedinUrl' | 'companyDomain'>;

/** Why nobody may write to each of these people, in their order; null for those who may be written to. */
export const createReadBars = (deps: {
  lists: Pick<GateLists, 'suppressionsOf' | 'exclusionsOf'>;
  pseudonym: (key: string) => string;
}) => {
  /** Whether any key of each person is on the list. */
  const onList = async (
    keysOf: readonly (readonly string[])[],
    entriesOf: (keys: readonly string[]) => Promise<readonly unknown[]>,
  ): Promise<boolean[]> => {
    const entries = await entriesOf(keysOf.flat());
    let start = 0;
    return keysOf.map((keys) => {
      const own = entries.slice(start, start + keys.length);
      start += keys.length;
      return own.some((entry) => entry !== null);
    });
  };

  return async (people: readonly Named[]): Promise<(Bar | null)[]> => {
    const suppressed = await onList(
      people.map((person) => suppressionKeysOf(person).map(deps.pseudonym)),
      deps.lists.suppressionsOf,
    );
    const excluded = await onList(people.map(exclusionKeysOf), deps.lists.exclusionsOf);
    return people.map((_, index) =>
      suppressed[index] === true ? 'suppressed' : excluded[index] === true ? 'excluded' : null,
    );
  };
};

export type ReadBars = ReturnType<typeof createReadBars>;
