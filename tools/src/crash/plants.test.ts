// Risk: a planted bug is not in the code that is run, so that its being caught, or not, says nothing.
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { plantedSource } from '../../build/planted-bundle.mjs';
import { plants } from './plants.ts';

const root = join(__dirname, '../../..');

test('there are 25 or more, each with a name of its own', () => {
  const names = new Set(plants.map(({ name }) => name));
  expect(names.size).toBe(plants.length);
  expect(names.size).toBeGreaterThanOrEqual(25);
});

test.each(plants)('$name changes one place of the code as it is', (plant) => {
  expect(plantedSource(root, plant).text).toContain(plant.replace);
});

test('a place that is not there, or twice, is refused by name', () => {
  const file = 'tools/src/crash/plants.ts';
  for (const find of ['no such text anywhere'.toUpperCase(), 'readonly '])
    expect(() => plantedSource(root, { file, find, replace: '' })).toThrow(
      /the place of a planted bug is \d+ times/,
    );
});
