import { existsSync } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';

/** A head of the audit's chain as it was made known outside the store. */
const publishedHeadSchema = z.object({
  at: z.string(),
  environment: z.string(),
  storeId: z.string(),
  rows: z.number().int().nonnegative(),
  lastRow: z.string(),
  head: z.string(),
});
export type PublishedHead = z.infer<typeof publishedHeadSchema>;

/** Heads in the order they were published. A place is a number between two of them; places only grow. */
export interface PublishedHeads {
  readonly last: () => PublishedHead | null;
  readonly publish: (head: PublishedHead) => Promise<void>;
  /** The place after the last head. */
  readonly end: () => Promise<number>;
  /** Some heads from a place on, each with the place after it; `next` is where to go on. */
  readonly read: (
    from: number,
    to: number,
  ) => Promise<{ heads: readonly { head: PublishedHead; next: number }[]; next: number }>;
}

const rememberedMax = 1_000;

/** What one process remembers when it is given no file: the last thousand heads. */
export const rememberPublishedHeads = (): PublishedHeads => {
  const heads: PublishedHead[] = [];
  let forgotten = 0;
  return {
    last: () => heads.at(-1) ?? null,
    publish: (head) => {
      heads.push(head);
      if (heads.length > rememberedMax) forgotten += heads.splice(0, heads.length - rememberedMax).length;
      return Promise.resolve();
    },
    end: () => Promise.resolve(forgotten + heads.length),
    read: (from, to) => {
      const first = Math.max(0, from - forgotten);
      const some = heads.slice(first, Math.max(0, to - forgotten));
      return Promise.resolve({
        heads: some.map((head, index) => ({ head, next: forgotten + first + index + 1 })),
        next: to,
      });
    },
  };
};

const chunkBytes = 65_536;

const parseHead = (line: string): PublishedHead | null => {
  try {
    return publishedHeadSchema.parse(JSON.parse(line));
  } catch {
    // Half a line after a crash says nothing; the chain is judged by the whole ones.
    return null;
  }
};

/** One head a line, durable before `publish` is done, in a file that whoever can write the store cannot reach. */
export const openPublishedHeads = async (options: {
  file: string;
  environment: string;
}): Promise<PublishedHeads> => {
  const { file, environment } = options;
  await mkdir(dirname(file), { recursive: true });
  // Now, and not when the first head has to be kept.
  await (await open(file, 'a', 0o600)).close();

  const size = async (): Promise<number> => {
    // Whoever moved it away said what they meant.
    if (!existsSync(file)) return 0;
    const handle = await open(file, 'r');
    try {
      return (await handle.stat()).size;
    } finally {
      await handle.close();
    }
  };

  const read: PublishedHeads['read'] = async (from, to) => {
    if (from >= to || !existsSync(file)) return { heads: [], next: to };
    const handle = await open(file, 'r');
    try {
      const buffer = Buffer.alloc(Math.min(chunkBytes, to - from));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
      const end = buffer.lastIndexOf(0x0a, bytesRead - 1) + 1;
      // No whole line: its rest is not there yet, or it is too long to be one of ours.
      if (end === 0) return { heads: [], next: bytesRead === chunkBytes ? from + chunkBytes : to };
      const heads: { head: PublishedHead; next: number }[] = [];
      for (let start = 0; start < end;) {
        const stop = buffer.indexOf(0x0a, start) + 1;
        const head = parseHead(buffer.toString('utf8', start, stop - 1));
        if (head !== null && head.environment === environment) heads.push({ head, next: from + stop });
        start = stop;
      }
      return { heads, next: from + end };
    } finally {
      await handle.close();
    }
  };

  let newest: PublishedHead | null = null;
  const endAtStart = await size();
  for (let place = 0; place < endAtStart;) {
    const { heads, next } = await read(place, endAtStart);
    newest = heads.at(-1)?.head ?? newest;
    place = next;
  }

  return {
    last: () => newest,
    publish: async (head) => {
      const handle = await open(file, 'a+', 0o600);
      try {
        const { size: before } = await handle.stat();
        const lastByte = Buffer.alloc(1);
        if (before > 0) await handle.read(lastByte, 0, 1, before - 1);
        const torn = before > 0 && lastByte[0] !== 0x0a;
        await handle.appendFile(`${torn ? '\n' : ''}${JSON.stringify(head)}\n`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
      newest = head;
    },
    end: size,
    read,
  };
};
