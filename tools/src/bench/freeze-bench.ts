import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'undici';
import { bundleBenchServers, startReference } from './bench-server.ts';
import type { Bench } from './bench.ts';
import { cpuMicrosOf } from './cpu-time.ts';
import { onGateStack } from './gate-stack.ts';
import { measureRounds } from './rounds.ts';
import { summarise } from './statistics.ts';
import { judgeFigures } from './verdict.ts';

const messages = 10_000;
const timesMax = 3;
const memoryMaxMb = 64;
const stopMs = 5_000;
const reference = 'canonicalise and SHA-256 alone';
const dryRun = 'dry run: choose, render, hash, preview';
const frozen = 'freeze: the same, stored';

const megabytesOf = (pid: number, field: 'VmRSS' | 'VmHWM'): number => {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(
    readFileSync(`/proc/${pid}/status`, 'utf8'),
  )?.[1];
  if (kilobytes === undefined) throw new Error(`the system does not say what process ${pid} holds`);
  return Number(kilobytes) / 1_024;
};

/** CPU in milliseconds of some work in another process, and by how many MB its memory grew at most. */
const measure = async (
  pid: number,
  work: () => Promise<void>,
): Promise<{ cpuMs: number; grewMb: number }> => {
  // 5 begins the peak anew.
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
  const [cpu, resident] = [cpuMicrosOf(pid), megabytesOf(pid, 'VmRSS')];
  await work();
  return { cpuMs: (cpuMicrosOf(pid) - cpu) / 1_000, grewMb: megabytesOf(pid, 'VmHWM') - resident };
};

/** Choosing, freezing, hashing and showing ten thousand messages, against hashing them and nothing else. */
export const freezeBench: Bench = {
  name: 'freeze',
  measures: `CPU of the gatekeeper to freeze, hash and preview ${messages} messages`,
  rounds: 3,
  run: ({ root, rounds, say }) =>
    onGateStack(root, async (gate) => {
      say(`  bringing in and approving ${messages} drafts first`);
      await gate.bringApproved(messages);
      const hashing = await startReference(
        await bundleBenchServers(root),
        { role: 'plain-hashing' },
        gate.recordsDir,
      );
      try {
        const all = (await gate.api.drafts('approved')).map(({ message }) => message);
        const loaded = await request(hashing.url, { method: 'PUT', body: JSON.stringify(all) });
        if ((await loaded.body.text()) !== String(messages))
          throw new Error('the reference has other messages');
        const grew = new Map<string, number[]>();
        const sampleOf = async (part: string, pid: number, work: () => Promise<void>) => {
          const { cpuMs, grewMb } = await measure(pid, work);
          grew.set(part, [...(grew.get(part) ?? []), grewMb]);
          return { [part]: cpuMs };
        };
        const freeze = async (dry: boolean): Promise<string | null> => {
          const answer = await gate.api.freezeBatch({ motion: 'outbound', dryRun: dry, limit: messages });
          if (answer.preview.actions.length !== messages)
            throw new Error(`${answer.preview.actions.length} of ${messages} were frozen`);
          return answer.batch?.batchId ?? null;
        };
        const figures = await measureRounds({
          subjects: [
            {
              name: reference,
              sample: () =>
                sampleOf(reference, hashing.pid, async () => {
                  const answer = await request(hashing.url, { method: 'POST', headersTimeout: 60_000 });
                  await answer.body.dump();
                }),
            },
            {
              name: dryRun,
              sample: () => sampleOf(dryRun, gate.gatekeeperPid, async () => void (await freeze(true))),
            },
            {
              name: frozen,
              sample: async () => {
                let batchId: string | null = null;
                const sample = await sampleOf(frozen, gate.gatekeeperPid, async () => {
                  batchId = await freeze(false);
                });
                // Gives the drafts back for the next round.
                await gate.api.closeBatch(batchId ?? '', 'reject', 'only measured');
                return sample;
              },
            },
          ],
          rounds,
          onSample: (name, done, total) => say(`  ${done} of ${total}: ${name}`),
        });
        const limit = { of: 'ratio' as const, max: timesMax };
        const memory = [dryRun, frozen].map((part) => ({ part, ...summarise(grew.get(part) ?? []) }));
        return {
          ...{ bench: 'freeze', unit: 'ms CPU', rounds },
          verdicts: judgeFigures(figures, [
            { part: dryRun, against: reference, limit },
            { part: frozen, against: reference, limit },
          ]),
          remarks: memory.map(
            ({ part, median, lowest, highest }) =>
              `${part}: memory grew by ${median.toFixed(0)} MB (${lowest.toFixed(0)}–${highest.toFixed(0)}), ${median <= memoryMaxMb ? 'within' : 'OVER'} the ${memoryMaxMb} MB it may`,
          ),
        };
      } finally {
        await hashing.stop(stopMs);
      }
    }),
};
