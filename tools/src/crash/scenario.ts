import { createRandom, type Fault } from '@caio/test-kit';
import { type MarkedStep, markedSteps } from './points.ts';

/** What one process meets between its start and its end, and how wrong its clock is. */
export interface Life {
  /** As FAULT_PLAN takes it: `kill:<point>:<hit>` or `stop:<point>:<hit>`. */
  readonly plan: readonly string[];
  readonly clockOffsetMs: number;
  /** The clock is right for this long and then jumps. */
  readonly clockJumpsAfterMs: number;
}

export type StoreMishap = 'store-restart' | 'store-older';

/** What happens once `after` messages are at the provider, whatever the processes are doing. */
export interface Mishap {
  readonly after: number;
  readonly kind:
    | StoreMishap
    | 'halt'
    | 'opt-out'
    | 'pending-opt-out'
    | 'exclusion'
    | 'lose-request'
    | 'lose-reply'
    | 'late-job'
    | 'claim-again'
    | 'change-bytes'
    | 'person-elsewhere'
    | 'change-mode'
    | 'change-policy'
    | 'expire'
    | 'take-back';
}

export interface Scenario {
  /** What replays it. */
  readonly name: string;
  readonly seed: number;
  readonly aof: 'always' | 'everysec';
  /** Messages of each batch. */
  readonly batches: readonly number[];
  /** One person has a message in two batches, under two addresses. */
  readonly sharedPerson: boolean;
  /** Jobs each process works on at a time; the number of lists is the number of processes. */
  readonly workers: readonly number[];
  /** Of each process, one life after the other; after the last it lives unharmed. */
  readonly lives: readonly (readonly Life[])[];
  /** How long a process that stopped itself stands still. */
  readonly stopMs: number;
  /** What happens to the store while a process stands still. */
  readonly whileStopped: 'nothing' | StoreMishap;
  /** Also a person who is there already is taken: nothing but our own ledger keeps anybody from being written to twice. */
  readonly twins: boolean;
  readonly provider: readonly Fault[];
  readonly mishaps: readonly Mishap[];
  /** Faults of the provider end and clocks are set right after this. */
  readonly healAfterMs: number;
}

export const soundLife: Life = Object.freeze({ plan: [], clockOffsetMs: 0, clockJumpsAfterMs: 0 });

/** A scenario in which nothing goes wrong, with what `changes` say. */
export const scenarioOf = (name: string, changes: Partial<Scenario> = {}): Scenario => ({
  name,
  seed: 1,
  aof: 'always',
  batches: [12],
  sharedPerson: false,
  workers: [4],
  lives: [],
  stopMs: 3_500,
  whileStopped: 'nothing',
  twins: true,
  provider: [],
  mishaps: [],
  healAfterMs: 4_000,
  ...changes,
});

const tenMinutesMs = 600_000;

/** What the provider does to single calls. None lasts: each names one call. */
const providerEffects: readonly (readonly [Fault['endpoint'], Fault['effect']])[] = [
  ['POST /leads', { kind: 'cut', when: 'after_acceptance' }],
  ['POST /leads', { kind: 'cut', when: 'before_acceptance' }],
  ['POST /leads', { kind: 'hang', when: 'after_acceptance' }],
  ['POST /leads', { kind: 'hang', when: 'before_acceptance' }],
  ['POST /leads', { kind: 'status', status: 429 }],
  ['POST /leads', { kind: 'status', status: 429, retryAfter: '1' }],
  ['POST /leads', { kind: 'status', status: 503 }],
  ['POST /leads', { kind: 'status', status: 500, when: 'after_acceptance' }],
  ['POST /leads', { kind: 'malformed_json' }],
  ['POST /leads', { kind: 'wrong_content_type' }],
  ['POST /leads', { kind: 'partial' }],
  ['POST /leads', { kind: 'delay', delayMs: 400 }],
  ['POST /leads', { kind: 'hide', visibilityMs: 700 }],
  ['POST /leads/list', { kind: 'status', status: 503 }],
  ['POST /leads/list', { kind: 'malformed_json' }],
  ['POST /leads/list', { kind: 'empty_page' }],
  ['POST /campaigns', { kind: 'cut', when: 'after_acceptance' }],
  ['POST /campaigns', { kind: 'status', status: 503 }],
  ['GET /campaigns', { kind: 'status', status: 429 }],
  ['GET /campaigns', { kind: 'hang', when: 'before_acceptance' }],
];

/** The first person of the first batch. */
export const firstAddress = 'ada.holm.0@company-1.example';

const otherWords: Fault['effect'] = { kind: 'alter', subject: 'Words that nobody approved' };

const cutAfterAcceptance = (hit: number): Fault => ({
  endpoint: 'POST /leads',
  hit,
  effect: { kind: 'cut', when: 'after_acceptance' },
});

/** The same seed is the same scenario on every machine. */
export const scenarioOfSeed = (seed: number): Scenario => {
  const random = createRandom(seed);
  const upTo = (most: number): number => 1 + Math.floor(random() * most);
  const chance = (probability: number): boolean => random() < probability;
  const pick = <T>(from: readonly T[]): T => {
    const one = from[Math.floor(random() * from.length)];
    if (one === undefined) throw new TypeError('there is nothing to pick from');
    return one;
  };

  const batches = Array.from({ length: pick([1, 1, 2, 2, 3]) }, () => upTo(pick([4, 8, 12])));
  batches[0] = (batches[0] ?? 0) + 4;
  const total = batches.reduce((sum, count) => sum + count, 0);
  const processes = pick([1, 1, 2, 2, 3]);
  const workersMax = Math.floor(8 / processes);
  const workers = Array.from({ length: processes }, () => upTo(workersMax));

  const provider: Fault[] = [];
  const mishaps: Mishap[] = [];
  /** Sees to it that the step is taken. */
  const provide = ({ needs }: MarkedStep): void => {
    const after = Math.floor(random() * total * 0.6);
    if (needs === 'lost') provider.push(cutAfterAcceptance(upTo(Math.min(4, total))));
    else if (needs === 'store')
      mishaps.push({ after, kind: pick(['store-restart', 'store-older'] as const) });
    else if (needs === 'stop') mishaps.push({ after, kind: 'halt' });
    else if (needs === 'opt-out') mishaps.push({ after, kind: 'opt-out' });
    else if (needs === 'exclusion') mishaps.push({ after, kind: 'exclusion' });
  };
  const planned = (kind: 'kill' | 'stop'): string => {
    const step = pick(markedSteps);
    provide(step);
    const hit = step.needs === 'message' ? upTo(Math.max(1, Math.floor(total / processes / 2))) : 1;
    return `${kind}:${pick(['before', 'after'])}-${step.step}:${hit}`;
  };

  const lives = workers.map((_, index): Life[] => {
    if (index > 0 && chance(0.4)) return [];
    return Array.from({ length: pick([1, 1, 2]) }, (): Life => {
      const kind = chance(0.7) ? 'kill' : 'stop';
      const skewed = chance(0.12);
      return {
        plan: [planned(kind)],
        clockOffsetMs: skewed ? pick([-tenMinutesMs, tenMinutesMs]) : 0,
        clockJumpsAfterMs: skewed ? pick([0, 1_500]) : 0,
      };
    });
  });
  if (chance(0.5)) {
    const [endpoint, effect] = pick(providerEffects);
    provider.push({ endpoint, hit: upTo(3), effect });
  }

  if (chance(0.25)) {
    mishaps.push({
      after: Math.floor(random() * total * 0.6),
      kind: pick([
        'halt',
        'opt-out',
        'pending-opt-out',
        'exclusion',
        'lose-request',
        'lose-reply',
        'claim-again',
      ]),
    });
  }
  const whileStopped = pick(['nothing', 'nothing', 'store-restart', 'store-older'] as const);
  // What a person has to decide about keeps a recovered store closed, so it is not mixed with anything that strikes one.
  if (mishaps.length === 0 && whileStopped === 'nothing' && chance(0.12))
    provider.push({ endpoint: 'POST /leads', hit: 'every', email: firstAddress, effect: otherWords });
  return {
    name: `--seed ${seed}`,
    seed,
    aof: pick(['always', 'everysec']),
    batches,
    sharedPerson: batches.length > 1 && chance(0.5),
    workers,
    lives,
    stopMs: 3_300 + Math.floor(random() * 1_400),
    whileStopped,
    twins: chance(0.75),
    provider,
    mishaps,
    healAfterMs: 3_500,
  };
};
