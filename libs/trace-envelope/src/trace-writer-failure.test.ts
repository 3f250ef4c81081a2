// Risk: a disk that fails takes the service down, or traces go missing without anybody noticing.
import { rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { TraceEnvelope } from '@caio/contracts';
import { waitFor } from '@caio/test-kit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTraceFolder, envelope, linesOf, namesOf, openWriter } from './testing/trace-files.ts';

let files: Awaited<ReturnType<typeof createTraceFolder>>;
beforeAll(async () => {
  files = await createTraceFolder();
});
afterAll(() => files.remove());

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
    const file = files.freshFile();
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
    const file = files.freshFile();
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
    const file = files.freshFile();
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

  test('what is dropped while a note is being written gets a note of its own', async () => {
    const file = files.freshFile();
    const { writer } = openWriter(file, { queueMax: 1, lingerMs: 60_000 });
    writer.record(envelope(1));
    writer.record(envelope(2));
    const flushed = writer.flush();
    writer.record(envelope(3));
    writer.record(envelope(4));
    await flushed;
    expect(await namesOf(file)).toEqual(['trace-writer:drop', 'tool:1', 'trace-writer:drop', 'tool:3']);
    await writer.close();
  });

  test('a drop nobody waits for does not end the process', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const { writer } = openWriter('/dev/full', { cleanupEnabled: false, attemptsMax: 1 });
    void writer.append(envelope(1));
    await writer.flush();
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(writer.stats().droppedTotal).toBe(1);
    expect(unhandled).toEqual([]);
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
    const file = files.freshFile();
    const { writer } = openWriter(file);
    const broken: TraceEnvelope = JSON.parse('{"tool_name":"broken"}');
    const dropped = expect(writer.append(broken)).rejects.toMatchObject({ code: 'trace_dropped' });
    await writer.append(envelope(1));
    await dropped;
    expect((await namesOf(file)).at(-1)).toBe('tool:1');
    await writer.close();
  });
});
