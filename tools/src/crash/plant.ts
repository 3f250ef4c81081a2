import type { Fault } from '@caio/test-kit';
import type { Scenario } from './scenario.ts';

/** A bug, as one change of one source, and what happens in a run that has to notice it. */
export interface Plant {
  readonly name: string;
  /** From the repository root; `*` stands for the number in a script's name. */
  readonly file: string;
  /** Stands there exactly once; otherwise the plant is refused. */
  readonly find: string;
  readonly replace: string;
  readonly scenario: Scenario;
}

export const scriptFolder = 'libs/state-store/src/scripts';

/** So slow that the others still wait when something happens. */
export const slowly = (delayMs: number): Fault => ({
  endpoint: 'POST /leads',
  effect: { kind: 'delay', delayMs },
});
export const oneByOne = { workers: [1], batches: [16], provider: [slowly(60)] } as const;

export const onPost = (hit: number, effect: Fault['effect']): Fault => ({
  endpoint: 'POST /leads',
  hit,
  effect,
});
export const tooMany = (hit: number): Fault => onPost(hit, { kind: 'status', status: 429, retryAfter: '1' });
