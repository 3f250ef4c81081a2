import { parseArgs } from 'node:util';
import type { Bench } from './bench.ts';
import { dispatchBench } from './dispatch-bench.ts';
import { freezeBench } from './freeze-bench.ts';
import { gatewayBench } from './gateway-bench.ts';
import { memoryBench } from './memory-bench.ts';
import { reportText } from './report.ts';

const roundsMax = 50;
const usageExit = 2;

/** Every measurement there is. */
export const benches: readonly Bench[] = [memoryBench, gatewayBench, dispatchBench, freezeBench];

const help = (): string =>
  [
    'Usage: npm run bench -- <name> [--rounds <n>] [--json]',
    '',
    'Measures on this machine and holds the result against its budget; exit code 1 when it is over.',
    '',
    ...benches.map(({ name, measures }) => `  ${name.padEnd(10)} ${measures}`),
    '',
  ].join('\n');

export interface BenchOutput {
  readonly out: (text: string) => void;
  readonly note: (text: string) => void;
}

type Request = { bench: Bench; rounds: number; json: boolean } | { help: true } | { problem: string };

const readRequest = (argv: readonly string[]): Request => {
  const options = {
    rounds: { type: 'string' },
    json: { type: 'boolean' },
    help: { type: 'boolean' },
  } as const;
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const { values, positionals } = parsed;
  if (values.help === true) return { help: true };
  const [name, ...more] = positionals;
  if (name === undefined || more.length > 0) return { problem: 'Name one bench.' };
  const bench = benches.find((each) => each.name === name);
  if (bench === undefined) return { problem: `There is no bench called ${name}.` };
  const rounds = values.rounds === undefined ? bench.rounds : Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > roundsMax) {
    return { problem: `--rounds takes a whole number from 1 to ${roundsMax}.` };
  }
  return { bench, rounds, json: values.json ?? false };
};

/** Runs one `npm run bench` command line. Returns its exit code: 0 within budget, 1 over it or failed, 2 wrong usage. */
export const runBench = async (
  argv: readonly string[],
  root: string,
  { out, note }: BenchOutput,
): Promise<number> => {
  const request = readRequest(argv);
  if ('help' in request) {
    out(help());
    return 0;
  }
  if ('problem' in request) {
    note(`${request.problem}\n\n${help()}`);
    return usageExit;
  }
  const { bench, rounds, json } = request;
  try {
    const report = await bench.run({ root, rounds, say: (line) => note(`${line}\n`) });
    out(`${json ? JSON.stringify(report) : reportText(report)}\n`);
    return report.verdicts.every(({ within }) => within) ? 0 : 1;
  } catch (error) {
    note(`bench: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
};
