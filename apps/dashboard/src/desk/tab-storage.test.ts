// Risk: what one person began to write or decided is shown to, or taken back by, whoever signs in after them.
import { expect, test } from '@jest/globals';
import { createTabStorage } from './tab-storage.ts';

/** A storage as browsers have it: what is kept is a property of it. */
const inMemory = (): Storage => {
  const kept: Record<string, string> = {};
  const methods = {
    getItem: (key: string) => kept[key] ?? null,
    setItem: (key: string, value: string) => {
      kept[key] = value;
      Object.defineProperty(storage, key, { value, enumerable: true, configurable: true });
    },
    removeItem: (key: string) => {
      delete kept[key];
      Reflect.deleteProperty(storage, key);
    },
    clear: () => undefined,
    key: () => null,
    length: 0,
  };
  const storage: Storage = Object.create(methods);
  return storage;
};

test('each person reads only what was kept under their name', () => {
  const storage = createTabStorage(inMemory);
  expect(storage.read('rowan', 'edit-1')).toBeNull();
  const kept = inMemory();
  const tab = createTabStorage(() => kept);
  tab.keep('rowan', 'edit-1', 'of rowan');
  tab.keep('rowan ellery', 'edit-1', 'of rowan ellery');
  expect([tab.read('rowan', 'edit-1'), tab.read('imke', 'edit-1')]).toEqual(['of rowan', null]);
  tab.clearExcept('rowan');
  expect([tab.read('rowan', 'edit-1'), tab.read('rowan ellery', 'edit-1')]).toEqual(['of rowan', null]);
  tab.clearExcept(null);
  expect(tab.read('rowan', 'edit-1')).toBeNull();
});

test('a browser that keeps nothing is a browser in which nothing is kept', () => {
  const refusing = createTabStorage(() => {
    throw new Error('storage is blocked');
  });
  refusing.keep('rowan', 'edit-1', 'text');
  refusing.clearExcept(null);
  expect(refusing.read('rowan', 'edit-1')).toBeNull();
});
