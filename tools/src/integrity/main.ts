import { parseArgs } from 'node:util';
import { type PlantedDifference, plantedDifferences } from './planted-differences.ts';

interface Outcome {
  readonly failures: readonly string[];
}

/** The checks, as the parts of the system that they check offer them. */
export interface IntegrityParts {
  readonly checkApprovals: (options: {
    root: string;
    mutations: number;
    encodings: number;
    seed: number;
    onProgress: (what: string, done: number) => void;
  }) => Promise<{
    mutations: Outcome & { readonly sent: number; readonly refusals: Readonly<Record<string, number>> };
    encodings: Outcome & { readonly refused: number };
  }>;
  /** With a mistake planted in the scripts of the store, when one is given. */
  readonly checkLifeCycle: (options: {
    operations: number;
    seed: number;
    onProgress: (done: number) => void;
    planted?: PlantedDifference;
  }) => Promise<{ readonly operations: number; readonly differences: number; readonly story: string | null }>;
}

export interface IntegrityOutput {
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
}

const usageExit = 2;
const plantedOperationsMax = 40_000;
const noteEvery = 1_000;

const help = (): string =>
  [
    'Usage: npm run integrity -- [--mutations <n>] [--encodings <n>] [--operations <n>] [--seed <n>] [--json]',
    '       npm run integrity -- --plant all|<name>',
    '',
    'Holds what an approval binds against changed batches and equal spellings, and the stores against a model of the life',
    'cycle; exit code 1 when anything was sent, refused or different that should not be. 10000, 10000 and 100000 unless given.',
    '',
    '--plant puts a known mistake into the scripts of the store and ends with 1 unless the model finds it:',
    ...plantedDifferences.map(({ name }) => `  ${name}`),
    '',
  ].join('\n');

const options = {
  mutations: { type: 'string', default: '10000' },
  encodings: { type: 'string', default: '10000' },
  operations: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
  plant: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Request =
  | { kind: 'help' }
  | { kind: 'problem'; problem: string }
  | { kind: 'plant'; plants: readonly PlantedDifference[]; seed: number; json: boolean }
  | { kind: 'check'; mutations: number; encodings: number; operations: number; seed: number; json: boolean };

const readRequest = (argv: readonly string[]): Request => {
  let values;
  try {
    ({ values } = parseArgs({ args: [...argv], options }));
  } catch (error) {
    return { kind: 'problem', problem: error instanceof Error ? error.message : String(error) };
  }
  if (values.help) return { kind: 'help' };
  const numbers = [values.mutations, values.encodings, values.operations, values.seed].map(Number);
  if (!numbers.every((number) => Number.isSafeInteger(number) && number >= 0))
    return {
      kind: 'problem',
      problem: '--mutations, --encodings, --operations and --seed take whole numbers.',
    };
  const [mutations = 0, encodings = 0, operations = 0, seed = 0] = numbers;
  const { plant, json } = values;
  if (plant === undefined) return { kind: 'check', mutations, encodings, operations, seed, json };
  const plants = plantedDifferences.filter(({ name }) => plant === 'all' || plant === name);
  return plants.length === 0
    ? { kind: 'problem', problem: `There is no planted mistake called ${plant}.` }
    : { kind: 'plant', plants, seed, json };
};

const runPlants = async (
  { plants, seed, json }: Extract<Request, { kind: 'plant' }>,
  parts: IntegrityParts,
  { out, note }: IntegrityOutput,
): Promise<number> => {
  const missed: string[] = [];
  for (const planted of plants) {
    const found = await parts.checkLifeCycle({
      ...{ operations: plantedOperationsMax, seed, planted },
      onProgress: () => undefined,
    });
    if (found.differences === 0) missed.push(planted.name);
    note(
      `${found.differences === 0 ? 'MISSED' : 'caught'}  ${planted.name}, after ${found.operations} operations\n`,
    );
    if (found.story !== null && plants.length === 1) note(`${found.story}\n`);
  }
  const caught = plants.length - missed.length;
  out(
    json
      ? `${JSON.stringify({ planted: plants.length, caught, missed })}\n`
      : `${caught} of ${plants.length} caught\n`,
  );
  return missed.length === 0 ? 0 : 1;
};

/** Runs one `npm run integrity` command line. Returns its exit code: 0 as promised, 1 not so, 2 wrong usage. */
export const runIntegrity = async (
  argv: readonly string[],
  root: string,
  parts: IntegrityParts,
  { out, note }: IntegrityOutput,
): Promise<number> => {
  const request = readRequest(argv);
  if (request.kind === 'help') {
    out(help());
    return 0;
  }
  if (request.kind === 'problem') {
    note(`${request.problem}\n\n${help()}`);
    return usageExit;
  }
  if (request.kind === 'plant') return runPlants(request, parts, { out, note });
  const { seed, json } = request;
  const progress = (what: string, done: number): void => {
    if (done % noteEvery === 0) note(`  ${done} ${what}\n`);
  };
  const { mutations, encodings } = await parts.checkApprovals({ ...request, root, onProgress: progress });
  let noted = 0;
  const lifeCycle =
    request.operations === 0
      ? { operations: 0, differences: 0, story: null }
      : await parts.checkLifeCycle({
          ...{ operations: request.operations, seed },
          onProgress: (done) => {
            if (done - noted < noteEvery * 10) return;
            noted = done;
            note(`  ${done} operations\n`);
          },
        });
  const failures = [
    ...mutations.failures,
    ...encodings.failures,
    ...(lifeCycle.story === null ? [] : [lifeCycle.story]),
  ];
  failures.forEach((failure) => note(`${failure}\n`));
  const report = {
    mutations: request.mutations,
    sent: mutations.sent,
    encodings: request.encodings,
    refused: encodings.refused,
    operations: lifeCycle.operations,
    differences: lifeCycle.differences,
    seed,
  };
  if (json) out(`${JSON.stringify({ ...report, refusals: mutations.refusals, failures })}\n`);
  else
    out(
      `${report.mutations} mutations, ${report.sent} sent; ${report.encodings} equal encodings, ${report.refused} refused; ${report.operations} operations, ${report.differences} differences\n`,
    );
  return failures.length === 0 ? 0 : 1;
};
