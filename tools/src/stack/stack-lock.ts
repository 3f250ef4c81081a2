import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { systemErrorCode } from './system-error-code.ts';

const holderSchema = z.object({
  id: z.string().regex(/^[0-9a-f-]{36}$/),
  pid: z.number().int().positive(),
  birth: z.string(),
  port: z.number().int(),
});

/** The process a lock belongs to and the port of its gateway. */
export type LockHolder = Readonly<z.infer<typeof holderSchema>>;

export type LockOutcome =
  | { readonly outcome: 'taken'; readonly release: () => void }
  | { readonly outcome: 'held'; readonly holder: LockHolder };

/**
 * What tells a process from a later one that was given the same number, as happens after a reboot and in
 * containers, which count from 1. Empty where the kernel does not say (then the number alone decides).
 */
const birthOf = (pid: number): string => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const startTicks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${startTicks}`;
  } catch {
    return '';
  }
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemErrorCode(error) === 'EPERM';
  }
};

const lives = ({ pid, birth }: LockHolder): boolean => exists(pid) && birthOf(pid) === birth;

/** Who holds the lock; `unreadable` for a file nobody of ours wrote whole, null when there is none. */
const readHolder = (file: string): LockHolder | 'unreadable' | null => {
  try {
    return holderSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? null : 'unreadable';
  }
};

const idOf = (holder: LockHolder | 'unreadable'): string =>
  holder === 'unreadable' ? 'unreadable' : holder.id;

/** A hard link appears with its whole content or not at all, and only if nothing is there. */
const linkOnce = (from: string, to: string): boolean => {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  }
};

/**
 * The lock of a dead holder may be replaced only by whoever holds the lock named after it; so of several that find
 * the same dead holder one replaces it, and nobody removes the lock of a living one.
 */
const take = (file: string, draft: string): LockHolder | null => {
  for (;;) {
    if (linkOnce(draft, file)) return null;
    const holder = readHolder(file);
    if (holder === null) continue;
    if (holder !== 'unreadable' && lives(holder)) return holder;
    const succession = `${file}.${idOf(holder)}`;
    const successor = take(succession, draft);
    if (successor !== null) return successor;
    const unchanged = readHolder(file);
    const mayReplace = unchanged !== null && idOf(unchanged) === idOf(holder);
    // The link that won the succession becomes the lock itself, so nothing is left to tidy up.
    if (mayReplace) renameSync(succession, file);
    else rmSync(succession, { force: true });
    if (mayReplace) return null;
  }
};

/** Takes the folders away that were made for the lock, from the innermost up, as far as nothing else came into them. */
const removeEmpty = (innermost: string, outermost: string | undefined): void => {
  if (outermost === undefined) return;
  try {
    for (let folder = innermost; ; folder = dirname(folder)) {
      rmdirSync(folder);
      if (folder === outermost) return;
    }
  } catch (error) {
    if (systemErrorCode(error) === null) throw error;
  }
};

/**
 * Takes `file` as the sign that this process alone works in its folder. The lock of a process that is gone is taken
 * over, by one taker only. `release` takes it away if it is still this process's, and the folders made for it unless
 * they came to be used.
 *
 * @throws when the folder cannot be written
 */
export const takeStackLock = (file: string, port: number): LockOutcome => {
  const mine: LockHolder = { id: randomUUID(), pid: process.pid, birth: birthOf(process.pid), port };
  const made = mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.draft-${mine.id}`;
  writeFileSync(draft, `${JSON.stringify(mine)}\n`, { mode: 0o600 });
  try {
    const holder = take(file, draft);
    if (holder !== null) return { outcome: 'held', holder };
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    outcome: 'taken',
    release: () => {
      const holder = readHolder(file);
      if (holder !== null && idOf(holder) === mine.id) rmSync(file, { force: true });
      removeEmpty(dirname(file), made);
    },
  };
};
