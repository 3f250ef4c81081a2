import { request } from 'undici';
import { untilFinished } from '../once/run-once.ts';
import { bundleBenchServers, startReference } from './bench-server.ts';
import type { Bench } from './bench.ts';
import { cpuMicrosOf } from './cpu-time.ts';
import { type GateStack, onGateStack } from './gate-stack.ts';
import { measureRounds, type Subject } from './rounds.ts';
import { summarise } from './statistics.ts';
import { judgeFigures } from './verdict.ts';

const messages = 1_000;
/** As many calls at a time as the gatekeeper makes. */
const atOnce = 16;
const timesMax = 2;
const stopMs = 5_000;
const ours = 'dispatch: admit, hand over, read back, settle';
const naive = 'naive loop: reserve, post, commit';

/** Microseconds of CPU a process and its Redis took for each message of a piece of work, and messages a second. */
const measure = async (pid: number, redisPid: number, work: () => Promise<void>) => {
  const [before, redisBefore, startedAt] = [cpuMicrosOf(pid), cpuMicrosOf(redisPid), performance.now()];
  await work();
  const seconds = (performance.now() - startedAt) / 1_000;
  return {
    cpu: (cpuMicrosOf(pid) - before) / messages,
    redisCpu: (cpuMicrosOf(redisPid) - redisBefore) / messages,
    perSecond: messages / seconds,
  };
};

const approvedBatchOf = async ({ api }: GateStack, draftIds: readonly string[]): Promise<string> => {
  const { batch } = await api.freezeBatch({ motion: 'outbound', dryRun: false, draftIds });
  if (batch === null) throw new Error('nothing was frozen');
  await api.approveBatch(batch.batchId, batch.previewHash);
  return batch.batchId;
};

/** From execute to the last settlement, against the least that anybody would write. */
export const dispatchBench: Bench = {
  name: 'dispatch',
  measures: `CPU of the gatekeeper for each of ${messages} messages, execute to settled, AOF always`,
  rounds: 5,
  run: ({ root, rounds, say }) =>
    onGateStack(root, async (gate) => {
      const reference = await startReference(
        await bundleBenchServers(root),
        {
          ...{ role: 'naive-dispatch', redisUrl: gate.redis.url, keyPrefix: '{bench}:' },
          ...{ providerUrl: gate.simulatorUrl, apiKey: gate.sandboxApiKey },
        },
        gate.recordsDir,
      );
      try {
        const rates = new Map<string, number[]>([
          [ours, []],
          [naive, []],
        ]);
        let sent = 0;
        const subjectOf = (
          part: string,
          pid: number,
          prepare: () => Promise<() => Promise<void>>,
        ): Subject => ({
          name: part,
          sample: async () => {
            const work = await prepare();
            const { cpu, redisCpu, perSecond } = await measure(pid, gate.redis.pid(), work);
            rates.get(part)?.push(perSecond);
            return { [part]: cpu, [`${part}, its Redis`]: redisCpu };
          },
        });
        const figures = await measureRounds({
          subjects: [
            subjectOf(naive, reference.pid, () => {
              const from = sent;
              sent += messages;
              return Promise.resolve(async () => {
                const body = JSON.stringify({ from, count: messages, atOnce });
                const answer = await request(reference.url, {
                  method: 'POST',
                  body,
                  headersTimeout: 120_000,
                });
                if (answer.statusCode !== 200) throw new Error(await answer.body.text());
                await answer.body.dump();
              });
            }),
            subjectOf(ours, gate.gatekeeperPid, async () => {
              const batchId = await approvedBatchOf(gate, await gate.bringApproved(messages));
              return async () => {
                await gate.api.executeBatch(batchId);
                const { status } = await untilFinished(gate.api, batchId, () => undefined);
                if (status !== 'executed') throw new Error(`the batch ended ${status}`);
              };
            }),
          ],
          rounds,
          onSample: (name, done, total) => say(`  ${done} of ${total}: ${name}`),
        });
        const limit = { of: 'ratio' as const, max: timesMax };
        const rateText = (part: string): string => {
          const { median, lowest, highest } = summarise(rates.get(part) ?? []);
          return `${part}: ${median.toFixed(0)} messages/s (${lowest.toFixed(0)}–${highest.toFixed(0)}) by the clock of this machine`;
        };
        return {
          ...{ bench: 'dispatch', unit: 'µs CPU a message', rounds },
          verdicts: judgeFigures(figures, [
            { part: ours, against: naive, limit },
            { part: `${ours}, its Redis`, against: `${naive}, its Redis`, limit },
          ]),
          remarks: [rateText(ours), rateText(naive)],
        };
      } finally {
        await reference.stop(stopMs);
      }
    }),
};
