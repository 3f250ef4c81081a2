import { type Scenario, scenarioOf, soundLife } from './scenario.ts';

/** One fence, the mishap it is there for, and what has to have happened for it to be tried at all. */
interface FenceTrial {
  readonly fence: string;
  readonly scenario: Scenario;
  readonly struck: readonly string[];
}

const trial = (fence: string, struck: readonly string[], changes: Partial<Scenario>): FenceTrial => ({
  fence,
  struck,
  scenario: scenarioOf(fence, changes),
});

const slowly = { endpoint: 'POST /leads', effect: { kind: 'delay', delayMs: 60 } } as const;
const stopAt = (point: string) => [{ ...soundLife, plan: [`stop:${point}`] }];
const tenMinutesMs = 600_000;

/** Every fence of the system, each with a trial of its own. */
export const fenceTrials: readonly FenceTrial[] = [
  trial('an admission that never reached the store', ['lose-request'], {
    mishaps: [{ after: 2, kind: 'lose-request' }],
    provider: [slowly],
  }),
  trial('an admission whose answer was lost', ['lose-reply'], {
    mishaps: [{ after: 2, kind: 'lose-reply' }],
    provider: [slowly],
  }),
  trial('a worker that stood still before it was admitted', ['stop before-admit'], {
    workers: [4, 4],
    lives: [stopAt('before-admit:3'), []],
    stopMs: 3_500,
    healAfterMs: 6_000,
  }),
  trial('a worker that stood still after it was admitted, longer than its lease', ['stop after-admit'], {
    workers: [4, 4],
    lives: [stopAt('after-admit:3'), []],
    stopMs: 5_000,
    healAfterMs: 8_000,
  }),
  trial('three processes that share the work and claim at once', ['claim-again'], {
    workers: [3, 3, 2],
    batches: [30],
    mishaps: [{ after: 3, kind: 'claim-again' }],
    provider: [slowly],
  }),
  trial('a store that came back a second older', ['store-older'], {
    batches: [20],
    mishaps: [{ after: 4, kind: 'store-older' }],
    provider: [slowly],
    healAfterMs: 6_000,
  }),
  trial('a store that was killed, with its file written every second', ['store-restart'], {
    aof: 'everysec',
    batches: [20],
    mishaps: [{ after: 4, kind: 'store-restart' }],
    provider: [slowly],
  }),
  trial('a provider that took the message before the connection broke', ['provider POST /leads cut'], {
    batches: [5],
    provider: [{ endpoint: 'POST /leads', hit: 2, effect: { kind: 'cut', when: 'after_acceptance' } }],
  }),
  trial('clocks ten minutes fast and slow', ['clock-jump', 'clock-skew'], {
    workers: [3, 3, 2],
    lives: [
      [{ ...soundLife, clockOffsetMs: tenMinutesMs }],
      [{ ...soundLife, clockOffsetMs: -tenMinutesMs, clockJumpsAfterMs: 2_000 }],
      [],
    ],
    provider: [slowly],
  }),
];

const steps = ['claim', 'enqueue', 'admit', 'provider-call', 'settle'] as const;
export const killedAt = steps.flatMap((step) => [`before-${step}`, `after-${step}`]);

/** One batch of 300 whose process is killed ten times: before and after each of five steps. */
export const tenDeaths: Scenario = scenarioOf('ten deaths', {
  batches: [300],
  workers: [8],
  lives: [
    killedAt.map((point) => ({
      ...soundLife,
      plan: [`kill:${point}:${/claim|enqueue/.test(point) ? 1 : 25}`],
    })),
  ],
  healAfterMs: 60_000,
});
