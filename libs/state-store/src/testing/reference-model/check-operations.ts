import { createRandom } from '@caio/test-kit';
import type { GateFixture } from '../gate-fixture.ts';
import { drawOperations, type Operation, operationText } from './operation.ts';
import { type Difference, replay } from './replay.ts';

export interface OperationReport {
  readonly operations: number;
  readonly differences: number;
  /** How often each kind of operation came to each answer. */
  readonly reached: Readonly<Record<string, number>>;
  /** The shortest story found that shows the difference, with the seed that repeats it; null when there is none. */
  readonly story: string | null;
}

const operationsPerWorld = 400;
const shrinkReplaysMax = 300;

/** Tells the operations to an environment where nothing has happened yet. */
const replayAnew = async (
  fixture: GateFixture,
  operations: readonly Operation[],
  onStep?: Parameters<typeof replay>[2],
): Promise<Difference | null> => {
  const gate = await fixture.createGate();
  try {
    return await replay(gate, operations, onStep);
  } finally {
    await gate.redis.flushdb();
  }
};

/** Leaves out whatever the difference does not need, in ever smaller pieces. */
const shrink = async (
  fixture: GateFixture,
  operations: readonly Operation[],
  found: Difference,
): Promise<{ operations: readonly Operation[]; difference: Difference }> => {
  let shortest = { operations: operations.slice(0, found.at + 1), difference: found };
  let replays = 0;
  for (
    let piece = Math.ceil(shortest.operations.length / 2);
    piece >= 1;
    piece = piece === 1 ? 0 : Math.ceil(piece / 2)
  ) {
    for (let start = 0; start < shortest.operations.length && replays < shrinkReplaysMax;) {
      const left = shortest.operations.filter((_, at) => at < start || at >= start + piece);
      replays += 1;
      const difference = await replayAnew(fixture, left);
      if (difference === null) start += piece;
      else shortest = { operations: left.slice(0, difference.at + 1), difference };
    }
  }
  return shortest;
};

/**
 * Random operations on the real stores, each world from empty, held against the model after every one of them. Stops at
 * the first difference and tells the shortest story that shows it. The same seed tells the same story.
 */
export const checkOperations = async (options: {
  fixture: GateFixture;
  operations: number;
  seed: number;
  onProgress?: (done: number) => void;
}): Promise<OperationReport> => {
  const { fixture } = options;
  const reached: Record<string, number> = {};
  let done = 0;
  for (let world = 0; done < options.operations; world += 1) {
    const seed = options.seed + world;
    const operations = drawOperations(createRandom(seed), operationsPerWorld);
    const difference = await replayAnew(fixture, operations, (kind, answer) => {
      done += 1;
      const entry = `${kind}: ${answer}`;
      reached[entry] = (reached[entry] ?? 0) + 1;
    });
    if (difference !== null) {
      const short = await shrink(fixture, operations, difference);
      const story = [
        `seed ${seed}, after ${short.operations.length} operations:`,
        ...short.operations.map((operation) => `  ${operationText(operation)}`),
        `the model says: ${short.difference.model}`,
        `the store says: ${short.difference.store}`,
      ].join('\n');
      return { operations: done, differences: 1, reached, story };
    }
    options.onProgress?.(done);
  }
  return { operations: done, differences: 0, reached, story: null };
};
