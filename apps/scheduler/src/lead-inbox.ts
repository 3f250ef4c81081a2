import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface InboxFile {
  readonly name: string;
  readonly bytes: number;
}

const isGone = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * A folder into which people or programs drop lead files. A file that was taken moves to `taken/`, one that is too
 * large to `refused/`. Files that changed less than `settledMs` ago are still being written and are left alone, and
 * so are hidden ones, which programs rename when they are whole.
 */
export const createLeadInbox = (options: { folder: string; now: () => number; settledMs: number }) => {
  const { folder } = options;

  /** Null when it is gone: somebody moved it, or an earlier attempt did. */
  const look = async (name: string): Promise<{ bytes: number; changedAt: number } | null> => {
    try {
      const { size, mtimeMs } = await stat(join(folder, name));
      return { bytes: size, changedAt: mtimeMs };
    } catch (error) {
      if (isGone(error)) return null;
      throw error;
    }
  };

  const move = async (name: string, to: string, newName: string): Promise<void> => {
    await mkdir(join(folder, to), { recursive: true });
    await rename(join(folder, name), join(folder, to, newName));
  };

  return {
    /** The files that can be taken, by name. */
    list: async (): Promise<InboxFile[]> => {
      const names = (await readdir(folder, { withFileTypes: true }))
        .filter((entry) => entry.isFile() && /^[^.].*\.(csv|tsv|txt|json|ndjson|jsonl)$/i.test(entry.name))
        .map((entry) => entry.name)
        .sort();
      const found: InboxFile[] = [];
      for (const name of names) {
        const seen = await look(name);
        if (seen === null || options.now() - seen.changedAt < options.settledMs) continue;
        found.push({ name, bytes: seen.bytes });
      }
      return found;
    },
    holds: async (name: string): Promise<boolean> => (await look(name)) !== null,
    open: (name: string): AsyncIterable<Buffer> => createReadStream(join(folder, name)),
    markTaken: (name: string, runId: string): Promise<void> => move(name, 'taken', `${runId}-${name}`),
    markRefused: (name: string): Promise<void> => move(name, 'refused', `${options.now()}-${name}`),
  };
};

export type LeadInbox = ReturnType<typeof createLeadInbox>;
