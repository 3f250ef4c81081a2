import { isClean } from './comparison.ts';
import { failureText } from './report.ts';
import { runScenario } from './run-scenario.ts';
import { scenarioOf } from './scenario.ts';

const messages = 120;
const rounds = 3;
const processes = [1, 3] as const;
/** Each process has few jobs in hand and the provider takes its time, as providers do; so it is the workers that bound it. */
const jobsEach = 2;
const providerMs = 60;

const medianOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

interface Scaling {
  /** Messages a second at the provider, one number a round. */
  readonly perSecond: Readonly<Record<number, readonly number[]>>;
  readonly ratio: number;
  readonly failures: readonly string[];
}

/** Sends the same batch with one process and with three that share the work, in turn, so that both meet the same machine. */
export const measureScaling = async (
  where: { root: string; bundle: string },
  say: (line: string) => void,
): Promise<Scaling> => {
  const perSecond: Record<number, number[]> = { 1: [], 3: [] };
  const failures: string[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    for (const count of processes) {
      const outcome = await runScenario(
        scenarioOf(`${count} processes`, {
          batches: [messages],
          workers: Array.from({ length: count }, () => jobsEach),
          provider: [{ endpoint: 'POST /leads', effect: { kind: 'delay', delayMs: providerMs } }],
          healAfterMs: 60_000,
        }),
        where,
      );
      if (!isClean(outcome.verdict)) failures.push(failureText(outcome));
      const rate = (messages * 1_000) / outcome.sendingMs;
      perSecond[count]?.push(rate);
      say(`round ${round}, ${count} process${count === 1 ? '' : 'es'}: ${rate.toFixed(1)} messages/s`);
    }
  }
  return { perSecond, failures, ratio: medianOf(perSecond[3] ?? []) / medianOf(perSecond[1] ?? []) };
};

const spreadOf = (values: readonly number[]): string =>
  `${medianOf(values).toFixed(1)} messages/s (${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)})`;

export const scalingLine = ({ perSecond, ratio }: Scaling): string =>
  `1 process ${spreadOf(perSecond[1] ?? [])}, 3 processes ${spreadOf(perSecond[3] ?? [])}, ratio ${ratio.toFixed(2)}`;
