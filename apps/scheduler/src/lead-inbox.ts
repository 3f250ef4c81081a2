import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder into which people or programs drop lead files. A file that was taken moves to `taken/`. */
export const createLeadInbox = (folder: string) => ({
  list: async (): Promise<string[]> =>
    (await readdir(folder, { withFileTypes: true }))
      .filter((entry) => entry.isFile() && /\.(csv|tsv|txt|json|ndjson|jsonl)$/i.test(entry.name))
      .map((entry) => entry.name)
      .sort(),
  open: (name: string): AsyncIterable<Buffer> => createReadStream(join(folder, name)),
  markTaken: async (name: string, runId: string): Promise<void> => {
    await mkdir(join(folder, 'taken'), { recursive: true });
    await rename(join(folder, name), join(folder, 'taken', `${runId}-${name}`));
  },
});

export type LeadInbox = ReturnType<typeof createLeadInbox>;
