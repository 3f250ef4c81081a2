import { constants, fstatSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { errorCodeOf } from './error-code.ts';

const dayMs = 86_400_000;
const tailMax = 4 * 1024 * 1024;
const segmentsPerDayMax = 10_000;

/** The UTC day of an instant, e.g. `2026-11-19`. */
export const dayOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

const partsOf = (file: string): { folder: string; stem: string; extension: string } => {
  const extension = extname(file);
  return { folder: dirname(file), stem: basename(file, extension), extension };
};

const lastLineStart = (descriptor: number, size: number): number => {
  const length = Math.min(size, tailMax);
  const tail = Buffer.alloc(length);
  readSync(descriptor, tail, 0, length, size - length);
  const newline = tail.lastIndexOf(0x0a);
  return newline === -1 && length === size ? 0 : size - length + newline + 1;
};

const stableMs = 100;
const looksMax = 20;

const fragmentLength = (descriptor: number, size: number): number =>
  size === 0 ? 0 : size - lastLineStart(descriptor, size);

/**
 * Removes the fragment that a process left when it died inside a write, so that the next record does not
 * become part of it. A fragment that still grows is another process in the middle of its write and is left
 * alone. It is blanked and ended in place first: bytes another process appends in the same moment then stay
 * whole. Returns the number of bytes removed.
 */
const repairTail = async (descriptor: number): Promise<number> => {
  for (let look = 0; look < looksMax; look += 1) {
    const { size } = fstatSync(descriptor);
    const length = fragmentLength(descriptor, size);
    if (length === 0) return 0;
    await pause(stableMs);
    if (fstatSync(descriptor).size !== size) continue;
    const start = size - length;
    const blank = Buffer.alloc(length, 0x20);
    blank[length - 1] = 0x0a;
    writeSync(descriptor, blank, 0, length, start);
    if (fstatSync(descriptor).size === size) ftruncateSync(descriptor, start);
    return length;
  }
  return 0;
};

/** A new file is durable only once its name is. */
const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Makes the folder, cuts a torn tail, and says how large the file is and which day it was last written. */
export const prepareSegment = async (
  file: string,
): Promise<{ repairedBytes: number; size: number; modifiedAtMs: number }> => {
  await mkdir(dirname(file), { recursive: true });
  // Not append mode: the repair writes at a position.
  const handle = await open(file, constants.O_RDWR | constants.O_CREAT, 0o600);
  try {
    const before = await handle.stat();
    const repairedBytes = await repairTail(handle.fd);
    const after = await handle.stat();
    if (before.size === 0) await syncFolder(dirname(file));
    return { repairedBytes, size: after.size, modifiedAtMs: before.mtimeMs };
  } finally {
    await handle.close();
  }
};

/**
 * Gives the file the name of its day (`traces.2026-11-19.jsonl`, then `.1`, `.2` …). The new name is claimed
 * before the move, so that two processes never move one segment over another. Resolves with the new path, or
 * null when another process had moved the file already.
 */
export const rotateSegment = async (file: string, day: string): Promise<string | null> => {
  const { folder, stem, extension } = partsOf(file);
  for (let number = 0; number < segmentsPerDayMax; number += 1) {
    const target = join(folder, `${stem}.${day}${number === 0 ? '' : `.${number}`}${extension}`);
    try {
      await (await open(target, 'wx', 0o600)).close();
    } catch (error) {
      if (errorCodeOf(error) === 'EEXIST') continue;
      throw error;
    }
    try {
      await rename(file, target);
      return target;
    } catch (error) {
      await rm(target, { force: true });
      if (errorCodeOf(error) === 'ENOENT') return null;
      throw error;
    }
  }
  throw new Error(`there are ${segmentsPerDayMax} trace segments of ${day} already`);
};

/** Deletes segments of days older than `retentionDays`; nothing but this file's own segments. Returns their names. */
export const removeExpiredSegments = async (
  file: string,
  retentionDays: number,
  nowMs: number,
): Promise<string[]> => {
  const { folder, stem, extension } = partsOf(file);
  const oldestKept = dayOf(nowMs - retentionDays * dayMs);
  const removed: string[] = [];
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`${stem}.`) || !name.endsWith(extension)) continue;
    const middle = name.slice(stem.length + 1, name.length - extension.length);
    const day = /^(\d{4}-\d{2}-\d{2})(?:\.\d+)?$/.exec(middle)?.[1];
    if (day === undefined || day >= oldestKept) continue;
    await rm(join(folder, name), { force: true });
    removed.push(name);
  }
  return removed.sort();
};

/** The identity of the file a path names now, or null: tells a writer that another process rotated it. */
export const inodeOf = async (file: string): Promise<number | null> => {
  try {
    return (await stat(file)).ino;
  } catch {
    return null;
  }
};
