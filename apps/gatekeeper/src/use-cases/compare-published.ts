import type { PublishedHead, PublishedHeads } from '../published-heads.ts';
import type { AuditCursor } from './verify-audit-cursor.ts';

/** Looks at published heads in the order in which they were published. */
export const createHeadReader = (published: PublishedHeads, cursor: AuditCursor) => {
  let heads: readonly { head: PublishedHead; next: number }[] = [];
  let readTo = cursor.publishedAt;
  return {
    peek: async (): Promise<PublishedHead | null> => {
      while (heads.length === 0 && readTo < cursor.publishedEnd) {
        const some = await published.read(readTo, cursor.publishedEnd);
        heads = some.heads;
        readTo = some.next;
      }
      return heads[0]?.head ?? null;
    },
    skip: (): void => {
      cursor.publishedAt = heads[0]?.next ?? cursor.publishedAt;
      heads = heads.slice(1);
    },
  };
};
export type HeadReader = ReturnType<typeof createHeadReader>;

/** The longest of them says how much is gone. */
export const lose = (cursor: AuditCursor, { at, rows }: PublishedHead): void => {
  if (rows >= (cursor.lostHead?.rows ?? 0)) cursor.lostHead = { at, rows };
};

export const noteOther = (cursor: AuditCursor, { at, rows, storeId }: PublishedHead): void => {
  if (rows >= (cursor.otherStore?.rows ?? 0)) cursor.otherStore = { at, rows, storeId };
};

/** Compares what was published up to the rows that hold by now with the head they lead to. */
export const comparePublished = async (
  cursor: AuditCursor,
  heads: HeadReader,
  passedBefore: number,
): Promise<void> => {
  for (let one = await heads.peek(); one !== null; one = await heads.peek()) {
    if (one.storeId !== cursor.start.storeId) {
      noteOther(cursor, one);
    } else if (one.rows > cursor.sealed) {
      return;
    } else if (one.rows > passedBefore && (one.rows !== cursor.sealed || one.head !== cursor.mac)) {
      lose(cursor, one);
    }
    heads.skip();
  }
};
