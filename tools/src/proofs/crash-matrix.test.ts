// Risk: a process dies, stands still or meets a store that came back, and a message is sent twice, lost, or sent unapproved.
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { isClean } from '../crash/comparison.ts';
import { fenceTrials, killedAt, tenDeaths } from '../crash/fences.ts';
import { failureText } from '../crash/report.ts';
import { type Outcome, runScenario } from '../crash/run-scenario.ts';
import { type Scenario, scenarioOfSeed } from '../crash/scenario.ts';
import { buildBundles } from './testing/bundles.ts';

const root = join(__dirname, '../../..');
const bundle = join(root, 'dist/gatekeeper/main.cjs');

beforeAll(() => buildBundles('gatekeeper'), 60_000);

const pass = async (scenario: Scenario): Promise<Outcome> => {
  const outcome = await runScenario(scenario, { root, bundle });
  expect(isClean(outcome.verdict) ? '' : failureText(outcome)).toBe('');
  return outcome;
};

test.concurrent(
  'kill -9 before and after claiming, enqueuing, admitting, calling and settling while 300 messages leave: each once',
  async () => {
    const { struck, messages } = await pass(tenDeaths);
    expect(messages).toBe(300);
    expect(struck).toEqual(killedAt.map((point) => `kill ${point}`).sort());
  },
  90_000,
);

test.concurrent.each(fenceTrials)(
  '$fence: each message once, none lost, none unapproved',
  async ({ scenario, struck }) => {
    expect((await pass(scenario)).struck).toEqual(expect.arrayContaining([...struck]));
  },
  90_000,
);

/** A handful of those that `npm run crash -- --seeds 300` runs. */
test.concurrent.each([9, 20].map((seed) => ({ seed })))(
  'npm run crash -- --seed $seed',
  async ({ seed }) => {
    await pass(scenarioOfSeed(seed));
  },
  90_000,
);
