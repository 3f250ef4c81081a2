import { createReadStream } from 'node:fs';
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { types } from 'node:util';

/** A file that can be imported. `claim` is set when an import of it began and nothing was heard of it since. */
export interface InboxFile {
  readonly name: string;
  readonly bytes: number;
  readonly claim: string | null;
}

const isGone = (error: unknown): boolean =>
  types.isNativeError(error) && Reflect.get(error, 'code') === 'ENOENT';

/** The answer, or null when what it is about is gone: somebody moved it, or another attempt did. */
const unlessGone = async <T>(answer: Promise<T>): Promise<T | null> => {
  try {
    return await answer;
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
};

/**
 * A folder into which people or programs drop lead files. An import claims a file by moving it to `taking/`, which
 * only one can do and which has to work before anything is imported; then it goes to `taken/`, and one that is too
 * large to `refused/`. Files that changed less than `settledMs` ago are still being written and are left alone, and
 * so are hidden ones, which programs rename when they are whole. A claim older than `abandonedMs` is listed again.
 */
export const createLeadInbox = (options: {
  folder: string;
  now: () => number;
  settledMs: number;
  abandonedMs: number;
}) => {
  const { folder, now } = options;

  const filesIn = async (sub: string): Promise<string[]> =>
    ((await unlessGone(readdir(join(folder, sub), { withFileTypes: true }))) ?? [])
      .filter((entry) => entry.isFile() && /^[^.].*\.(csv|tsv|txt|json|ndjson|jsonl)$/i.test(entry.name))
      .map((entry) => entry.name)
      .sort();

  /** The path of a file in a sub-folder, which is made when it is not there. */
  const placeIn = async (sub: string, name: string): Promise<string> => {
    await mkdir(join(folder, sub), { recursive: true });
    return join(sub, name);
  };

  const move = (from: string, to: string): Promise<void> => rename(join(folder, from), join(folder, to));

  const dropped = async (): Promise<InboxFile[]> => {
    const found: InboxFile[] = [];
    for (const name of await filesIn('')) {
      const seen = await unlessGone(stat(join(folder, name)));
      if (seen === null || now() - seen.mtimeMs < options.settledMs) continue;
      found.push({ name, bytes: seen.size, claim: null });
    }
    return found;
  };

  const abandoned = async (): Promise<InboxFile[]> => {
    const found: InboxFile[] = [];
    for (const file of await filesIn('taking')) {
      const claim = join('taking', file);
      const seen = await unlessGone(stat(join(folder, claim)));
      if (seen === null || now() - seen.ctimeMs < options.abandonedMs) continue;
      found.push({ name: file.replace(/^\d+-/, ''), bytes: seen.size, claim });
    }
    return found;
  };

  return {
    /** The files that can be imported, by name. Throws when the folder is not there. */
    list: async (): Promise<InboxFile[]> => {
      await stat(folder);
      return [...(await abandoned()), ...(await dropped())];
    },
    /** Makes a file ours; null when it is gone. */
    claim: async (file: InboxFile): Promise<string | null> => {
      const claim = file.claim ?? (await placeIn('taking', `${now()}-${file.name}`));
      const claimed =
        file.claim === null
          ? unlessGone(move(file.name, claim).then(() => true))
          : unlessGone(stat(join(folder, claim)));
      return (await claimed) === null ? null : claim;
    },
    open: (claim: string): AsyncIterable<Buffer> => createReadStream(join(folder, claim)),
    /** Puts a file back whose import failed, unless another of its name came meanwhile. */
    release: async (claim: string, name: string): Promise<void> => {
      if ((await unlessGone(stat(join(folder, name)))) === null) await move(claim, name);
    },
    markTaken: async (claim: string, name: string, runId: string): Promise<void> =>
      move(claim, await placeIn('taken', `${runId}-${name}`)),
    markRefused: async (claim: string, name: string): Promise<void> =>
      move(claim, await placeIn('refused', `${now()}-${name}`)),
  };
};

export type LeadInbox = ReturnType<typeof createLeadInbox>;
