import { recall, remember } from './theme.ts';

const prefix = 'desk ';

export interface TabStorage {
  readonly read: (person: string, name: string) => string | null;
  /** Null takes it away. */
  readonly keep: (person: string, name: string, text: string | null) => void;
  /** Takes away what belongs to anybody else; with null, everything. */
  readonly clearExcept: (person: string | null) => void;
}

const ownPrefix = (person: string): string => `${prefix}${encodeURIComponent(person)} `;

/** What this tab keeps between two loads of the page, each entry under the name of the person it belongs to. */
export const createTabStorage = (storage: () => Storage): TabStorage => ({
  read: (person, name) => recall(storage, `${ownPrefix(person)}${name}`),
  keep: (person, name, text) => remember(storage, `${ownPrefix(person)}${name}`, text),
  clearExcept: (person) => {
    for (const key of recallKeys(storage))
      if (key.startsWith(prefix) && (person === null || !key.startsWith(ownPrefix(person))))
        remember(storage, key, null);
  },
});

const recallKeys = (storage: () => Storage): readonly string[] => {
  try {
    return Object.keys(storage());
  } catch {
    return [];
  }
};
