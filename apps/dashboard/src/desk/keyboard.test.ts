// Risk: a letter typed into a reason approves a message, or a shortcut the help names does nothing.
import { describe, expect, test } from '@jest/globals';
import { commandOf, type KeyPress, reviewCommands, shortcuts } from './keyboard.ts';

const press = (key: string, how: Partial<KeyPress> = {}) =>
  commandOf({ key, withModifier: false, whileTyping: false, inDialog: false, ...how });
const everyKey = shortcuts.flatMap(({ keys }) => keys);

test('every key of the help gives its command, capital or not', () => {
  for (const { command, keys } of shortcuts)
    for (const key of keys)
      expect([press(key), press(key.length === 1 ? key.toUpperCase() : key)]).toEqual([command, command]);
});

test('every command has a key, and no key has two', () => {
  expect(shortcuts.map(({ command }) => command)).toEqual([...reviewCommands]);
  expect(new Set(everyKey).size).toBe(everyKey.length);
});

describe('no key is a command', () => {
  test.each([{ whileTyping: true }, { withModifier: true }, { inDialog: true }])('when %j', (how) => {
    expect(everyKey.map((key) => press(key, how)).filter((command) => command !== null)).toEqual([]);
  });
});

test('other keys do nothing, and up and down scroll', () => {
  const others = ['Enter', ' ', 'x', 'Tab', 'Escape', 'ArrowDown', 'ArrowUp'];
  expect(others.filter((key) => press(key) !== null)).toEqual([]);
});
