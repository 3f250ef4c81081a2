import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { loadPlainFunction } from '../stack/plain-module.ts';
import { isClean } from './comparison.ts';
import { plants } from './plants.ts';
import { failureText, lastLine, pointsText, tallyOf } from './report.ts';
import { runPlant } from './run-plants.ts';
import { brokenOutcome, type Outcome, runScenario } from './run-scenario.ts';
import { measureScaling, scalingLine } from './scaling.ts';
import { scenarioOfSeed } from './scenario.ts';

const builtSchema = z.object({ file: z.string() });
const usageExit = 2;
const seedsMax = 100_000;

const help = `Usage: npm run crash -- [--seeds <n>] [--seed <s>] [--minutes <m>] [--at-a-time <n>] [--points] [--json]
       npm run crash -- --plant <name|all|none>
       npm run crash -- --scaling

Kills, stops and lies to real gatekeeper processes, then compares the provider's log with the ledger.
The last line is: <n> seeds, <p> points, <d> duplicated, <l> lost, <u> unapproved.

  --seeds <n>      how many scenarios (10 when left out), from --seed on
  --seed <s>       the first one (1 when left out); alone it replays that one
  --minutes <m>    begin no further scenario after this long
  --at-a-time <n>  scenarios that run side by side; most of their time is waiting
  --plant <name>   run with a bug planted into the gatekeeper, which has to be caught; all of them with "all";
                   "none" runs their scenarios without a bug
  --scaling        send one batch with one process and with three, and print how much faster three are
  --points         name every place where something is made to go wrong, and run nothing
  --json           the result as JSON on the last line
  --help           this text

Exit code 0 when nothing was wrong, 1 when something was, 2 for wrong usage.
`;

interface CrashOutput {
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
}

const options = {
  seeds: { type: 'string' },
  seed: { type: 'string' },
  minutes: { type: 'string' },
  'at-a-time': { type: 'string' },
  plant: { type: 'string' },
  points: { type: 'boolean', default: false },
  scaling: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

const wholeNumber = (text: string | undefined, fallback: number): number | null => {
  if (text === undefined) return fallback;
  const value = Number(text);
  return Number.isInteger(value) && value >= 1 && value <= seedsMax ? value : null;
};

interface Wanted {
  readonly first: number;
  readonly count: number;
  readonly minutes: number;
  readonly atATime: number;
  readonly plant: string | null;
  readonly what: 'run' | 'points' | 'scaling' | 'help';
  readonly json: boolean;
}

const readWanted = (argv: readonly string[]): Wanted | { problem: string } => {
  let values;
  try {
    values = parseArgs({ args: [...argv], options, allowPositionals: false }).values;
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const first = wholeNumber(values.seed, 1);
  const count = wholeNumber(values.seeds, values.seed === undefined ? 10 : 1);
  const minutes = wholeNumber(values.minutes, 24 * 60);
  const atATime = wholeNumber(values['at-a-time'], cpus().length * 2);
  if (first === null || count === null || minutes === null || atATime === null)
    return { problem: 'A number has to be whole and 1 or more.' };
  const what = values.help ? 'help' : values.points ? 'points' : values.scaling ? 'scaling' : 'run';
  return { first, count, minutes, atATime, plant: values.plant ?? null, what, json: values.json };
};

/** Runs each of them, `atATime` side by side, in order; `isEnough` ends it early. */
export const runSideBySide = async <T, R>(
  all: readonly T[],
  atATime: number,
  run: (one: T) => Promise<R>,
  isEnough: () => boolean = () => false,
): Promise<R[]> => {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < all.length && !isEnough()) {
      const one = all[next];
      next += 1;
      if (one !== undefined) results.push(await run(one));
    }
  };
  await Promise.all(Array.from({ length: Math.min(atATime, all.length) }, lane));
  return results;
};

/** Plants every bug that is asked for, one bundle each. With `none` their scenarios run on the gatekeeper as it is. */
const runPlants = async (
  { plant: name, atATime, json }: Wanted,
  { root, bundle }: { root: string; bundle: string },
  { out, note }: CrashOutput,
): Promise<number> => {
  const chosen = plants.filter((plant) => name === 'all' || name === 'none' || plant.name === name);
  if (chosen.length === 0) {
    note(`There is no plant called ${name}. There is: ${plants.map((plant) => plant.name).join(', ')}.\n`);
    return usageExit;
  }
  if (name === 'none') {
    const outcomes = await runSideBySide(chosen, atATime, async ({ scenario }) => {
      const outcome = await runScenario(scenario, { root, bundle }).catch((error: unknown) =>
        brokenOutcome(scenario, error),
      );
      out(isClean(outcome.verdict) ? `PASS ${scenario.name}\n` : `${failureText(outcome)}\n`);
      return isClean(outcome.verdict);
    });
    out(`${outcomes.filter((passed) => passed).length} of ${outcomes.length} pass without a bug\n`);
    return outcomes.every((passed) => passed) ? 0 : 1;
  }
  const results = await runSideBySide(chosen, atATime, async (plant) => {
    const result = await runPlant(plant, root);
    const { caughtBy, problem } = result;
    out(
      caughtBy === null
        ? `MISSED ${plant.name}${problem === undefined ? '' : `: ${problem}`}\n`
        : `caught ${plant.name}: ${caughtBy}\n`,
    );
    return result;
  });
  const caught = results.filter(({ caughtBy }) => caughtBy !== null).length;
  const line = `${caught} of ${results.length} caught`;
  out(`${json ? JSON.stringify({ results, line }) : line}\n`);
  return caught === results.length ? 0 : 1;
};

/** Runs one `npm run crash` command line. Returns its exit code. */
export const runCrash = async (
  argv: readonly string[],
  root: string,
  { out, note }: CrashOutput,
): Promise<number> => {
  const wanted = readWanted(argv);
  if ('problem' in wanted) {
    note(`${wanted.problem}\n\n${help}`);
    return usageExit;
  }
  if (wanted.what === 'help' || wanted.what === 'points') {
    out(wanted.what === 'help' ? help : `${pointsText()}\n`);
    return 0;
  }
  const bundleTarget = await loadPlainFunction(root, 'build/bundle.mjs', 'bundleTarget');
  const target = { name: 'gatekeeper', entry: 'apps/gatekeeper/src/main.ts' };
  const { file: bundle } = builtSchema.parse(await bundleTarget({ root, target, mode: 'when-stale' }));
  if (wanted.what === 'scaling') {
    const scaling = await measureScaling({ root, bundle }, (line) => note(`${line}\n`));
    scaling.failures.forEach((failure) => out(`${failure}\n`));
    out(
      `${wanted.json ? JSON.stringify({ ...scaling, line: scalingLine(scaling) }) : scalingLine(scaling)}\n`,
    );
    return scaling.failures.length === 0 && scaling.ratio > 1 ? 0 : 1;
  }
  if (wanted.plant !== null) return runPlants(wanted, { root, bundle }, { out, note });
  const startedAt = performance.now();
  const seeds = Array.from({ length: wanted.count }, (_, place) => wanted.first + place);
  const outcomes = await runSideBySide<number, Outcome>(
    seeds,
    wanted.atATime,
    async (seed) => {
      const outcome = await runScenario(scenarioOfSeed(seed), { root, bundle }).catch((error: unknown) =>
        brokenOutcome(scenarioOfSeed(seed), error),
      );
      const { verdict, struck, messages, tookMs } = outcome;
      if (isClean(verdict))
        note(
          `PASS --seed ${seed}: ${messages} messages, ${(tookMs / 1_000).toFixed(1)} s: ${struck.join(', ')}\n`,
        );
      else out(`${failureText(outcome)}\n`);
      return outcome;
    },
    () => performance.now() - startedAt > wanted.minutes * 60_000,
  );
  const tally = tallyOf(outcomes);
  if (tally.contradictions > 0)
    out(`${tally.contradictions} contradictions between ledger, counters and audit\n`);
  out(`${wanted.json ? JSON.stringify({ ...tally, line: lastLine(tally) }) : lastLine(tally)}\n`);
  return tally.failed.length === 0 ? 0 : 1;
};
