import { close, constants, fdatasync, fstat, open, write } from 'node:fs';
import { promisify } from 'node:util';
import { dayOf, inodeOf, prepareSegment, removeExpiredSegments, rotateSegment } from './trace-segment.ts';

const openFile = promisify(open);
const closeFile = promisify(close);
const statFile = promisify(fstat);
const syncFile = promisify(fdatasync);
const writeFile = promisify(write);

/** What happened to the file apart from appends; for the log. */
export type TraceFileEvent =
  | { event: 'tail_repaired'; bytes: number }
  | { event: 'rotated'; segment: string }
  | { event: 'expired_removed'; segments: string[] };

export interface TraceFile {
  /** Writes whole lines and makes them durable. Throws on any disk error; call again with what is left. */
  append(lines: Buffer): Promise<void>;
  /** How much of the last failed append is whole in the file, in bytes; those need no second writing. */
  writtenBytes(): number;
  close(): Promise<void>;
}

/** The current segment: opened on first use, rotated by UTC day or size, followed when another process rotates it. */
export const createTraceFile = (options: {
  file: string;
  rotateBytes: number;
  retentionDays: number;
  cleanupEnabled: boolean;
  now: () => number;
  onEvent: (event: TraceFileEvent) => void;
}): TraceFile => {
  const { file, now, onEvent } = options;
  let descriptor: number | null = null;
  let inode = 0;
  let size = 0;
  let day = '';
  let checkedAtMs = 0;
  let written = 0;

  const release = async (): Promise<void> => {
    const held = descriptor;
    descriptor = null;
    if (held !== null) await closeFile(held);
  };

  const rotate = async (ofDay: string): Promise<void> => {
    await release();
    const segment = await rotateSegment(file, ofDay);
    if (segment !== null) onEvent({ event: 'rotated', segment });
  };

  const expire = async (): Promise<void> => {
    if (!options.cleanupEnabled) return;
    const segments = await removeExpiredSegments(file, options.retentionDays, now());
    if (segments.length > 0) onEvent({ event: 'expired_removed', segments });
  };

  const acquire = async (): Promise<number> => {
    const today = dayOf(now());
    const prepared = await prepareSegment(file);
    if (prepared.repairedBytes > 0) onEvent({ event: 'tail_repaired', bytes: prepared.repairedBytes });
    const lastDay = dayOf(prepared.modifiedAtMs);
    if (prepared.size > 0 && lastDay < today) await rotate(lastDay);
    const opened = await openFile(file, constants.O_WRONLY | constants.O_CREAT | constants.O_APPEND, 0o600);
    descriptor = opened;
    const found = await statFile(opened);
    inode = found.ino;
    size = found.size;
    checkedAtMs = now();
    if (day !== today) {
      day = today;
      await expire();
    }
    return opened;
  };

  const current = async (): Promise<number> => {
    if (descriptor === null) return acquire();
    const at = now();
    if (at - checkedAtMs < 1_000 && at >= checkedAtMs && size < options.rotateBytes) return descriptor;
    checkedAtMs = at;
    if ((await inodeOf(file)) !== inode) await release();
    else if (dayOf(at) !== day || size >= options.rotateBytes) await rotate(day);
    return descriptor ?? acquire();
  };

  return {
    append: async (lines) => {
      written = 0;
      try {
        const target = await current();
        while (written < lines.length) {
          const { bytesWritten } = await writeFile(target, lines, written, lines.length - written, null);
          written += bytesWritten;
        }
        await syncFile(target).catch((error: unknown) => {
          // After a failed sync nothing written before it may be believed.
          written = 0;
          throw error;
        });
        size += lines.length;
      } catch (error) {
        await release().catch(() => undefined);
        throw error;
      }
    },
    writtenBytes: () => written,
    close: release,
  };
};
