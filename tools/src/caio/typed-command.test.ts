// Risk: a message tells somebody to type what does not work where they type it.
import { expect, test } from '@jest/globals';
import { createProgram } from './program.ts';
import { createTypedCommand, invocationOf } from './typed-command.ts';

const typed = createTypedCommand('npm run caio --');

test('every command of ours is shown as it is typed, and nothing else is touched', () => {
  for (const { commands } of [createProgram({ root: '', environment: {} })])
    for (const name of commands.map((command) => command.name()))
      expect(typed(`Look: caio ${name} X`)).toBe(`Look: npm run caio -- ${name} X`);
  expect(typed('Look: caio halt lift, then (caio status).')).toBe(
    'Look: npm run caio -- halt lift, then (npm run caio -- status).',
  );
  for (const text of [
    'npm run caio -- halt',
    'tools/bin/caio.mjs start',
    'the caio command line',
    'caio halts',
  ])
    expect(typed(text)).toBe(text);
});

test.each([
  ['/usr/local/bin/caio', 'caio'],
  ['C:\\tools\\caio.cmd', 'caio'],
  ['/repo/tools/bin/caio.mjs', 'npm run caio --'],
  [undefined, 'npm run caio --'],
])('run as %s it is %s', (path, invocation) => {
  expect(invocationOf(path)).toBe(invocation);
});
