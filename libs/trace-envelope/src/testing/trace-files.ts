import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { traceEnvelopeSchema } from '@caio/contracts';
import type { TraceEnvelope } from '@caio/contracts';
import { createRedactor } from '../redactor.ts';
import { createTraceWriter } from '../trace-writer.ts';
import type { TraceReport, TraceWriter } from '../trace-writer.ts';

export const envelope = (number: number): TraceEnvelope => ({
  timestamp: '2026-01-05T12:00:00.000Z',
  correlation_id: 'cor-00000001',
  case_id: null,
  agent: 'gatekeeper',
  tool_name: `tool:${number}`,
  tool_input_summary: '{}',
  tool_output_summary: '{}',
  retrieved_context_refs: [],
  status: 'success',
  duration_ms: 1.5,
  error_code: null,
  error_message: null,
});

export const openWriter = (
  file: string,
  overrides: Partial<Parameters<typeof createTraceWriter>[0]> = {},
): { writer: TraceWriter; reports: TraceReport[] } => {
  const reports: TraceReport[] = [];
  const writer = createTraceWriter({
    file,
    enabled: true,
    retentionDays: 30,
    cleanupEnabled: true,
    redactor: createRedactor(),
    now: () => Date.now(),
    onReport: (report) => reports.push(report),
    retryDelayMs: 5,
    ...overrides,
  });
  return { writer, reports };
};

/** Every line of the file, each of them whole and in the format, or an error. */
export const linesOf = async (file: string): Promise<TraceEnvelope[]> => {
  const text = await readFile(file, 'utf8');
  if (text !== '' && !text.endsWith('\n')) throw new Error(`the last line of ${file} is torn`);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => traceEnvelopeSchema.parse(JSON.parse(line)));
};

export const namesOf = async (file: string): Promise<string[]> =>
  (await linesOf(file)).map((line) => line.tool_name);

/** Paths in a temporary folder, each in a directory of its own that does not exist yet. */
export const createTraceFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'caio-trace-'));
  let count = 0;
  return {
    folder,
    freshFile: (): string => join(folder, `case-${(count += 1)}`, 'traces.jsonl'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
};
