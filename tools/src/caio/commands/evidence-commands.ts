import { createReadStream, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type TraceEnvelope, traceEnvelopeSchema } from '@caio/contracts';
import type { Command } from 'commander';
import { printNote, printRows } from '../output.ts';
import type { Shell } from '../shell.ts';
import { addAuditCommands } from './audit-commands.ts';

/** caio audit …, trace …: what happened. */
export const addEvidenceCommands = (
  program: Command,
  connect: Shell['connect'],
  tracesDir: () => string,
): void => {
  addAuditCommands(program, connect);

  program
    .command('trace <correlationId>')
    .description('every traced call of one request or run, across the services, in order')
    .option('--dir <folder>', 'where the trace files are; without it those of the local stack')
    .option('--json', 'one JSON value')
    .action(async (correlationId: string, options: { dir?: string; json?: boolean }) => {
      const folder = options.dir ?? tracesDir();
      if (!existsSync(folder)) {
        program.error(`error: there is no folder ${folder}; name it with --dir`, { exitCode: 1 });
      }
      const calls = await readTraces(folder, correlationId);
      printRows({ json: options.json ?? false }, calls, {
        head: ['time', 'agent', 'call', 'status', 'ms', 'error'],
        rows: calls.map((call) => [
          call.timestamp,
          call.agent,
          call.tool_name,
          call.status,
          call.duration_ms,
          call.error_code ?? '–',
        ]),
        empty: `No traced call carries ${correlationId}.`,
      });
      if (calls.length === 0) process.exitCode = 1;
    });
};

const readTraces = async (folder: string, correlationId: string): Promise<TraceEnvelope[]> => {
  const calls: TraceEnvelope[] = [];
  let unreadable = 0;
  for (const name of readdirSync(folder).filter((file) => file.includes('.jsonl'))) {
    for await (const line of createInterface({
      input: createReadStream(join(folder, name)),
      crlfDelay: Infinity,
    })) {
      if (!line.includes(correlationId)) continue;
      try {
        const call = traceEnvelopeSchema.parse(JSON.parse(line));
        if (call.correlation_id === correlationId) calls.push(call);
      } catch {
        unreadable += 1;
      }
    }
  }
  if (unreadable > 0) printNote(`${unreadable} trace lines could not be read.`);
  return calls.sort((a, b) => (a.timestamp < b.timestamp ? -1 : 1));
};
