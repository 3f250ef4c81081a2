// Risk: an acknowledged trace is not on disk, or traces are kept for ever, overwritten or deleted too early.
import { mkdir, readdir, readFile, rename, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { traceEnvelopeSchema } from '@caio/contracts';
import { createManualClock, waitFor } from '@caio/test-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRedactor } from './redactor.ts';
import { createTraceFolder, envelope, namesOf, openWriter } from './testing/trace-files.ts';

let files: Awaited<ReturnType<typeof createTraceFolder>>;
beforeAll(async () => {
  files = await createTraceFolder();
});
afterAll(() => files.remove());

describe('appending', () => {
  test('an acknowledged line is in the file, in the order of the format', async () => {
    const file = files.freshFile();
    const { writer } = openWriter(file);
    await writer.append(envelope(1));
    const text = await readFile(file, 'utf8');
    expect(Object.keys(JSON.parse(text))).toEqual(Object.keys(traceEnvelopeSchema.shape));
    expect(await namesOf(file)).toEqual(['tool:1']);
    await writer.close();
  });

  test('lines that arrive together share one sync and keep their order', async () => {
    const file = files.freshFile();
    const { writer } = openWriter(file);
    await Promise.all(Array.from({ length: 500 }, (_, index) => writer.append(envelope(index))));
    expect(writer.stats()).toEqual({ writtenTotal: 500, droppedTotal: 0, groupsTotal: 1, queued: 0 });
    expect(await namesOf(file)).toEqual(Array.from({ length: 500 }, (_, index) => `tool:${index}`));
    await writer.close();
  });

  test('a recorded line follows by itself', async () => {
    const file = files.freshFile();
    const { writer } = openWriter(file, { lingerMs: 5 });
    writer.record(envelope(1));
    await waitFor(() => writer.stats().writtenTotal === 1, { timeoutMs: 5_000, describe: 'the line' });
    expect(await namesOf(file)).toEqual(['tool:1']);
    await writer.close();
  });

  test('closing writes what is queued; what comes later is refused and counted', async () => {
    const file = files.freshFile();
    const { writer, reports } = openWriter(file, { lingerMs: 60_000 });
    writer.record(envelope(1));
    await writer.close();
    expect(await namesOf(file)).toEqual(['tool:1']);
    await expect(writer.append(envelope(2))).rejects.toMatchObject({ code: 'trace_dropped' });
    expect(reports).toContainEqual({ event: 'dropped', dropped: 1, droppedTotal: 1, reason: 'closed' });
  });

  test('switched off, nothing is made and nothing is written', async () => {
    const file = files.freshFile();
    const { writer } = openWriter(file, { enabled: false });
    await writer.append(envelope(1));
    writer.record(envelope(2));
    await writer.close();
    await expect(readdir(dirname(file))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test('what the caller forgot to redact is cut at the file', async () => {
    const file = files.freshFile();
    const { writer } = openWriter(file, { redactor: createRedactor({ secrets: ['open sesame'] }) });
    await writer.append({
      ...envelope(1),
      tool_input_summary: '{"to":"jo@firm.example"}',
      tool_name: 'say open sesame',
      error_message: `mailbox jo@firm.example is full ${'y'.repeat(900)}`,
    });
    const text = await readFile(file, 'utf8');
    expect(text).not.toMatch(/jo@firm|open sesame/);
    expect(text.length).toBeLessThan(1_200);
    await writer.close();
  });
});

describe('rotation and retention', () => {
  test('a new day starts a new file and the old one carries its day', async () => {
    const file = files.freshFile();
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
    const file = files.freshFile();
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

  test('a file moved away by another process is not followed', async () => {
    const file = files.freshFile();
    const clock = createManualClock();
    const { writer } = openWriter(file, { now: clock.nowMs });
    await writer.append(envelope(1));
    await rename(file, `${file}.moved`);
    clock.advance(1_000);
    await writer.append(envelope(2));
    await writer.close();
    expect(await namesOf(`${file}.moved`)).toEqual(['tool:1']);
    expect(await namesOf(file)).toEqual(['tool:2']);
  });

  test('a full file is set aside without touching an older segment of the day', async () => {
    const file = files.freshFile();
    const clock = createManualClock();
    const { writer } = openWriter(file, { now: clock.nowMs, rotateBytes: 10 });
    for (const number of [1, 2, 3]) await writer.append(envelope(number));
    await writer.close();
    expect(await namesOf(join(dirname(file), 'traces.2026-01-05.jsonl'))).toEqual(['tool:1']);
    expect(await namesOf(join(dirname(file), 'traces.2026-01-05.1.jsonl'))).toEqual(['tool:2']);
    expect(await namesOf(file)).toEqual(['tool:3']);
  });

  const withSegments = async (names: readonly string[]): Promise<string> => {
    const file = files.freshFile();
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
