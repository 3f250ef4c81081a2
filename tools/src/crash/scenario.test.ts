// Risk: a seed that failed cannot be replayed, or points where nothing ever goes wrong are counted as tried.
import { expect, test } from '@jest/globals';
import { markedSteps, pointsOf } from './points.ts';
import { scenarioOfSeed } from './scenario.ts';

const seeds = Array.from({ length: 400 }, (_, place) => scenarioOfSeed(place + 1));

test('the same seed is the same scenario, another one is another', () => {
  expect(scenarioOfSeed(17)).toEqual(scenarioOfSeed(17));
  expect(new Set(seeds.map((scenario) => JSON.stringify({ ...scenario, name: '', seed: 0 }))).size).toBe(400);
});

test('every point of every step is struck at by some seed, and there are more than thirty', () => {
  const planned = new Set(
    seeds.flatMap(({ lives }) => lives.flat().flatMap(({ plan }) => plan.map((part) => part.split(':')[1]))),
  );
  expect(pointsOf(markedSteps).filter((point) => !planned.has(point))).toEqual([]);
  expect(planned.size).toBeGreaterThanOrEqual(30);
});

test('one to eight workers, five to forty messages, every kind of mishap', () => {
  for (const { workers, batches } of seeds) {
    const [inAll, messages] = [workers, batches].map((list) => list.reduce((sum, one) => sum + one, 0));
    expect(inAll).toBeGreaterThanOrEqual(1);
    expect(inAll).toBeLessThanOrEqual(8);
    expect(messages).toBeGreaterThanOrEqual(5);
    expect(messages).toBeLessThanOrEqual(40);
  }
  const kinds = new Set(seeds.flatMap(({ mishaps }) => mishaps.map(({ kind }) => kind)));
  for (const kind of [
    'store-restart',
    'store-older',
    'halt',
    'opt-out',
    'pending-opt-out',
    'exclusion',
    'lose-reply',
    'lose-request',
  ])
    expect([...kinds]).toContain(kind);
  const offsets = new Set(
    seeds.flatMap(({ lives }) => lives.flat().map(({ clockOffsetMs }) => clockOffsetMs)),
  );
  expect([...offsets].sort()).toEqual([-600_000, 0, 600_000]);
});
