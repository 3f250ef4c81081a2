// Risk: a record that was acknowledged is lost or unreadable after a crash, or a full disk takes the service down.
import { spawnSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { traceEnvelopeSchema } from '@caio/contracts';
import type { TraceEnvelope } from '@caio/contracts';
import { createManualClock, startProcess, waitFor } from '@caio/test-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRedactor } from './redactor.ts';
import { createTraceWriter } from './trace-writer.ts';
import type { TraceReport, TraceWriter } from './trace-writer.ts';

let folder = '';
let count = 0;
const freshFile = (): string => join(folder, `case-${(count += 1)}`, 'traces.jsonl');

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'caio-trace-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const envelope = (number: number): TraceEnvelope => ({
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

const openWriter = (
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

const linesOf = async (file: string): Promise<TraceEnvelope[]> => {
  const text = await readFile(file, 'utf8');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => traceEnvelopeSchema.parse(JSON.parse(line)));
};

const namesOf = async (file: string): Promise<string[]> =>
  (await linesOf(file)).map((line) => line.tool_name);

describe('appending', () => {
  test('an acknowledged line is in the file, in the order of the format', async () => {
    const file = freshFile();
    const { writer } = openWriter(file);
    await writer.append(envelope(1));
    const text = await readFile(file, 'utf8');
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(traceEnvelopeSchema.shape));
    expect(await namesOf(file)).toEqual(['tool:1']);
    await writer.close();
  });

  test('lines that arrive together share one sync and keep their order', async () => {
    const file = freshFile();
    const { writer } = openWriter(file);
    await Promise.all(Array.from({ length: 500 }, (_, index) => writer.append(envelope(index))));
    expect(writer.stats()).toEqual({ writtenTotal: 500, droppedTotal: 0, groupsTotal: 1, queued: 0 });
    expect(await namesOf(file)).toEqual(Array.from({ length: 500 }, (_, index) => `tool:${index}`));
    await writer.close();
  });

  test('a recorded line follows by itself', async () => {
    const file = freshFile();
    const { writer } = openWriter(file, { lingerMs: 5 });
    writer.record(envelope(1));
    await waitFor(() => writer.stats().writtenTotal === 1, { timeoutMs: 5_000, describe: 'the line' });
    expect(await namesOf(file)).toEqual(['tool:1']);
    await writer.close();
  });

  test('closing writes what is queued; what comes later is refused and counted', async () => {
    const file = freshFile();
    const { writer, reports } = openWriter(file, { lingerMs: 60_000 });
    writer.record(envelope(1));
    await writer.close();
    expect(await namesOf(file)).toEqual(['tool:1']);
    await expect(writer.append(envelope(2))).rejects.toMatchObject({ code: 'trace_dropped' });
    expect(reports).toContainEqual({ event: 'dropped', dropped: 1, droppedTotal: 1, reason: 'closed' });
  });

  test('switched off, nothing is made and nothing is written', async () => {
    const file = freshFile();
    const { writer } = openWriter(file, { enabled: false });
    await writer.append(envelope(1));
    writer.record(envelope(2));
    await writer.close();
    await expect(readdir(dirname(file))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('what the caller forgot to redact is cut at the file', async () => {
    const file = freshFile();
    const { writer } = openWriter(file, { redactor: createRedactor({ secrets: ['open sesame'] }) });
    await writer.append({
      ...envelope(1),
      tool_input_summary: '{"to":"jo@firm.example"}',
      tool_output_summary: '"open sesame"',
      error_message: `mailbox jo@firm.example is full ${'y'.repeat(900)}`,
    });
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/jo@firm|open sesame/);
    expect(text.length).toBeLessThan(1_200);
    await writer.close();
  });
});

describe('a file left by a crash', () => {
  test('a torn last line is cut and the next record stays whole', async () => {
    const file = freshFile();
    const first = openWriter(file);
    await first.writer.append(envelope(1));
    await first.writer.close();
    await appendFile(file, JSON.stringify(envelope(2)).slice(0, 100));
    const { writer, reports } = openWriter(file);
    await writer.append(envelope(3));
    await writer.close();
    expect(await namesOf(file)).toEqual(['tool:1', 'tool:3']);
    expect(reports).toEqual([{ event: 'tail_repaired', bytes: 100 }]);
  });

  test('a file that is nothing but a fragment becomes an ordinary one', async () => {
    const file = freshFile();
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '{"timestamp":"2026');
    const { writer } = openWriter(file);
    await writer.append(envelope(1));
    await writer.close();
    expect(await namesOf(file)).toEqual(['tool:1']);
  });
});

const bundle = (name: string, source: string): string => {
  const outfile = join(folder, `${name}.cjs`);
  const esbuild = createRequire(__filename).resolve('esbuild/bin/esbuild');
  const built = spawnSync(
    esbuild,
    ['--bundle', '--platform=node', '--format=cjs', '--loader=ts', `--outfile=${outfile}`],
    { input: source, cwd: join(__dirname, '..'), encoding: 'utf8' },
  );
  if (built.status !== 0) throw new Error(built.stderr);
  return outfile;
};

const childSource = `
import { createRedactor, createTraceWriter } from './src/index.ts';
const [file, name, total, rotateBytes] = process.argv.slice(2);
const writer = createTraceWriter({
  file, enabled: true, retentionDays: 30, cleanupEnabled: true, redactor: createRedactor(),
  now: Date.now, onReport: () => {}, rotateBytes: Number(rotateBytes),
});
let next = 0;
const lane = async () => {
  while (next < Number(total)) {
    const number = (next += 1);
    await writer.append({ ...${JSON.stringify(envelope(0))}, tool_name: name + ':' + number });
    process.stdout.write(number + '\\n');
  }
};
void Promise.all(Array.from({ length: 32 }, lane)).then(() => writer.close());
`;

describe('real processes', () => {
  let program = '';
  beforeAll(() => {
    program = bundle('writer', childSource);
  });

  test('everything acknowledged before kill -9 is in the file, whole', async () => {
    for (let round = 0; round < 3; round += 1) {
      const file = freshFile();
      const child = await startProcess({
        command: process.execPath,
        args: [program, file, 'a', '100000000', '1000000000'],
        readyWhen: ({ stdout }) => stdout().length > 4_000 + round * 3_000,
      });
      await child.kill9();
      const acknowledged = child.stdout().slice(0, child.stdout().lastIndexOf('\n')).split('\n');
      expect(acknowledged.length).toBeGreaterThan(500);

      const { writer } = openWriter(file);
      await writer.append(envelope(0));
      await writer.close();
      const found = new Set(await namesOf(file));
      expect(acknowledged.filter((number) => !found.has(`a:${number}`))).toEqual([]);
      expect(found.has('tool:0')).toBe(true);
    }
  });

  test('two processes writing and rotating one file lose and mix nothing', async () => {
    const file = freshFile();
    const children = await Promise.all(
      ['a', 'b'].map((name) =>
        startProcess({ command: process.execPath, args: [program, file, name, '4000', '100000'] }),
      ),
    );
    const ends = await Promise.all(children.map((child) => child.exit));
    expect(ends).toEqual([
      { code: 0, signal: null },
      { code: 0, signal: null },
    ]);
    const segments = await readdir(dirname(file));
    expect(segments.length).toBeGreaterThan(3);
    const names = (
      await Promise.all(segments.map((segment) => namesOf(join(dirname(file), segment))))
    ).flat();
    expect(names).toHaveLength(8_000);
    expect(new Set(names).size).toBe(8_000);
  });
});

describe('rotation and retention', () => {
  test('a new day starts a new file and the old one carries its day', async () => {
    const file = freshFile();
    const clock = createManualClock('2026-03-01T23:59:59.000Z');
    const { writer } = openWriter(file, { now: clock.nowMs });
    await writer.append(envelope(1));
    clock.advance(2_000);
    await writer.append(envelope(2));
    await writer.close();
    expect(await namesOf(join(dirname(file), 'traces.2026-03-01.jsonl'))).toEqual(['tool:1']);
    expect(await namesOf(file)).toEqual(['tool:2']);
  });

  test('a file last written on an earlier day is rotated before the first line', async () => {
    const file = freshFile();
    const first = openWriter(file);
    await first.writer.append(envelope(1));
    await first.writer.close();
    await utimes(file, new Date('2026-02-27T10:00:00Z'), new Date('2026-02-27T10:00:00Z'));
    const { writer } = openWriter(file, { now: createManualClock('2026-03-01T00:00:00.000Z').nowMs });
    await writer.append(envelope(2));
    await writer.close();
    expect(await namesOf(join(dirname(file), 'traces.2026-02-27.jsonl'))).toEqual(['tool:1']);
    expect(await namesOf(file)).toEqual(['tool:2']);
  });

  test('a full file is set aside without touching an older segment of the day', async () => {
    const file = freshFile();
    const clock = createManualClock();
    const { writer } = openWriter(file, { now: clock.nowMs, rotateBytes: 10 });
    for (const number of [1, 2, 3]) await writer.append(envelope(number));
    await writer.close();
    expect(await namesOf(join(dirname(file), 'traces.2026-01-05.jsonl'))).toEqual(['tool:1']);
    expect(await namesOf(join(dirname(file), 'traces.2026-01-05.1.jsonl'))).toEqual(['tool:2']);
    expect(await namesOf(file)).toEqual(['tool:3']);
  });

  const withSegments = async (names: readonly string[]): Promise<string> => {
    const file = freshFile();
    await mkdir(dirname(file), { recursive: true });
    for (const name of names) await writeFile(join(dirname(file), name), '');
    return file;
  };
  const segments = [
    'traces.2025-12-05.jsonl',
    'traces.2025-12-06.jsonl',
    'traces.2025-11-01.3.jsonl',
    'other.2020-01-01.jsonl',
    'traces.2020-01-01.jsonl.bak',
    'traces.notes.jsonl',
  ];

  test('segments past the retention are deleted, and nothing else is', async () => {
    const file = await withSegments(segments);
    const { writer, reports } = openWriter(file, { now: createManualClock().nowMs });
    await writer.append(envelope(1));
    await writer.close();
    expect((await readdir(dirname(file))).sort()).toEqual(
      [
        'other.2020-01-01.jsonl',
        'traces.2020-01-01.jsonl.bak',
        'traces.2025-12-06.jsonl',
        'traces.jsonl',
        'traces.notes.jsonl',
      ].sort(),
    );
    expect(reports).toContainEqual({
      event: 'expired_removed',
      segments: ['traces.2025-11-01.3.jsonl', 'traces.2025-12-05.jsonl'],
    });
  });

  test('with cleanup off everything is kept', async () => {
    const file = await withSegments(segments);
    const { writer } = openWriter(file, { now: createManualClock().nowMs, cleanupEnabled: false });
    await writer.append(envelope(1));
    await writer.close();
    expect(await readdir(dirname(file))).toHaveLength(segments.length + 1);
  });
});

describe('a disk that fails', () => {
  test('lines are dropped, counted and reported; nobody crashes', async () => {
    const { writer, reports } = openWriter('/dev/full', { cleanupEnabled: false, attemptsMax: 2 });
    await expect(writer.append(envelope(1))).rejects.toMatchObject({ code: 'trace_dropped' });
    await expect(writer.append(envelope(2))).rejects.toMatchObject({ code: 'trace_dropped' });
    expect(writer.stats()).toMatchObject({ writtenTotal: 0, droppedTotal: 2 });
    expect(reports).toEqual([
      expect.objectContaining({ event: 'write_failing', code: 'ENOSPC' }),
      { event: 'dropped', dropped: 1, droppedTotal: 1, reason: 'disk_failed' },
    ]);
    await writer.close();
  });

  test('when it works again, the file itself says how many lines are missing', async () => {
    const file = freshFile();
    await writeFile(dirname(file), 'in the way');
    const { writer, reports } = openWriter(file, { attemptsMax: 1 });
    for (const number of [1, 2, 3]) {
      await expect(writer.append(envelope(number))).rejects.toMatchObject({ code: 'trace_dropped' });
    }
    await rm(dirname(file));
    await writer.append(envelope(4));
    await writer.close();
    const [note, line] = await linesOf(file);
    expect(note).toMatchObject({ tool_name: 'trace-writer:drop', tool_output_summary: '{"dropped":3}' });
    expect(line?.tool_name).toBe('tool:4');
    expect(reports.at(-1)).toEqual({ event: 'write_recovered', droppedTotal: 3 });
  });

  test('a short failure costs nothing: the group is tried again', async () => {
    const file = freshFile();
    await writeFile(dirname(file), 'in the way');
    const { writer, reports } = openWriter(file, { attemptsMax: 200 });
    const written = writer.append(envelope(1));
    await waitFor(() => reports.length > 0, { timeoutMs: 5_000, describe: 'the first failure' });
    await rm(dirname(file));
    await written;
    await writer.close();
    expect(await namesOf(file)).toEqual(['tool:1']);
    expect(writer.stats().droppedTotal).toBe(0);
  });

  test('the queue is bounded', async () => {
    const file = freshFile();
    const { writer, reports } = openWriter(file, { queueMax: 10, lingerMs: 60_000 });
    for (let number = 0; number < 15; number += 1) writer.record(envelope(number));
    await writer.flush();
    const names = await namesOf(file);
    expect(names[0]).toBe('trace-writer:drop');
    expect(names).toHaveLength(11);
    expect(writer.stats().droppedTotal).toBe(5);
    expect(reports[0]).toEqual({ event: 'dropped', dropped: 1, droppedTotal: 1, reason: 'queue_full' });
    await writer.close();
  });

  test('a report that throws stops nothing', async () => {
    const { writer } = openWriter('/dev/full', {
      cleanupEnabled: false,
      attemptsMax: 1,
      onReport: () => {
        throw new Error('no log either');
      },
    });
    await expect(writer.append(envelope(1))).rejects.toMatchObject({ code: 'trace_dropped' });
    await writer.close();
  });

  test('an envelope that is none costs only itself', async () => {
    const file = freshFile();
    const { writer } = openWriter(file);
    const broken: TraceEnvelope = JSON.parse('{"tool_name":"broken"}');
    const dropped = expect(writer.append(broken)).rejects.toMatchObject({ code: 'trace_dropped' });
    await writer.append(envelope(1));
    await dropped;
    expect((await namesOf(file)).at(-1)).toBe('tool:1');
    await writer.close();
  });
});
