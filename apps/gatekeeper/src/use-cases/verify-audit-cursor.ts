import { auditCheckpointSchema } from '@caio/state-store';
import { z } from 'zod';

const idOrEmptySchema = z.string().regex(/^(\d{1,19}-\d{1,19})?$/);
const lostHeadSchema = z.object({ at: z.string(), rows: z.number() });

/**
 * How far a verification is. It travels through whoever asks: they can only deceive themselves with it, since it
 * holds nothing that is not in the store or was not published.
 */
const auditCursorSchema = z.object({
  start: z.object({
    rows: z.number(),
    rowsAdded: z.number().nullable(),
    lastDeletedId: idOrEmptySchema,
    head: z.string(),
    lastId: z.string(),
    count: z.number(),
    keyMark: z.string(),
    lastSealId: idOrEmptySchema,
    oldestUnsealedId: z.string(),
    storeId: z.string(),
    genesisId: idOrEmptySchema,
    nowMs: z.number(),
    checkpoint: auditCheckpointSchema.or(z.literal('damaged')).nullable(),
  }),
  mac: z.string(),
  sealed: z.number().int().nonnegative(),
  lastRowId: idOrEmptySchema,
  sealId: idOrEmptySchema,
  publishedAt: z.number().int().nonnegative(),
  publishedEnd: z.number().int().nonnegative(),
  genesisSeen: z.boolean(),
  names: z.number(),
  secondName: z.string().nullable(),
  otherStore: lostHeadSchema.extend({ storeId: z.string() }).nullable(),
  lostHead: lostHeadSchema.nullable(),
  wanted: z.string(),
  wantedSeen: z.boolean(),
});
export type AuditCursor = z.infer<typeof auditCursorSchema>;

export const writeCursor = (cursor: AuditCursor): string =>
  Buffer.from(JSON.stringify(cursor), 'utf8').toString('base64url');

export const readCursor = (text: string): AuditCursor | null => {
  try {
    return auditCursorSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch {
    return null;
  }
};
