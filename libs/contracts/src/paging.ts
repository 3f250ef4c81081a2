import { z } from 'zod';
import { runIdSchema } from './ids.ts';

/** A cursor is opaque to callers; one of another form is a mistake, and answering the first page to it would hide that. */
const cursorLike = (form: RegExp) =>
  z
    .string()
    .max(64)
    .regex(form, 'this is no nextCursor of an earlier answer; ask without it first')
    .optional();

export const limit = z.coerce.number().int().min(1).max(500).default(50);

/** A place in a list of drafts: when, and which. Empty is the beginning. */
export const draftCursor = cursorLike(/^(?:\d{1,15}\.\w{1,40})?$/);

/** GET /api/reviews. */
export const reviewPageQuerySchema = z.object({ cursor: draftCursor, limit });
/** GET /api/batches: the newest; there is no second page. */
export const newestQuerySchema = z.object({ limit });
/** The actions of one batch, by their position. */
export const batchPageQuerySchema = z.object({ cursor: cursorLike(/^\d{0,9}$/), limit });
/** Suppressions and exclusions: a group of the store and the last entry taken from it. */
export const gateListQuerySchema = z.object({
  cursor: cursorLike(/^(?:\d{1,19}(?:\.[0-9a-f]{16})?)?$/),
  limit,
});
/** Pipeline runs: the last one of the page before. */
export const runPageQuerySchema = z.object({ cursor: runIdSchema.optional(), limit });
