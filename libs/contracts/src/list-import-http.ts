import { z } from 'zod';
import { actionStatusSchema } from './action.ts';
import { batchStatusSchema } from './batch.ts';
import { draftStatusSchema } from './draft.ts';
import { actionIdSchema, batchIdSchema, digestSchema, draftIdSchema } from './ids.ts';
import { limit } from './paging.ts';

/** Requests and answers about lists that are read from a file, shown as a difference and then stored. */

export const barredListSchema = z.enum(['exclusions', 'suppressions']);
export type BarredList = z.infer<typeof barredListSchema>;

const whatIfPage = {
  /** Where the page of `wouldBlock.items` begins: a nextCursor of an earlier answer. */
  cursor: z
    .string()
    .regex(/^\d{0,9}$/)
    .optional(),
  limit,
};

/** One message that the change would keep from going out, or fetch back, and the entry that does it. */
export const affectedMessageSchema = z.object({
  draftId: draftIdSchema,
  draftStatus: draftStatusSchema,
  actionId: actionIdSchema.nullable(),
  actionStatus: actionStatusSchema.nullable(),
  batchId: batchIdSchema.nullable(),
  batchStatus: batchStatusSchema.nullable(),
  name: z.string(),
  company: z.string(),
  email: z.string().nullable(),
  subject: z.string(),
  /** What becomes of it. */
  effect: z.enum(['not_approvable', 'left_out', 'blocked', 'taken_back']),
  /** The exclusion or person key that does it. */
  because: z.string(),
});
export type AffectedMessage = z.infer<typeof affectedMessageSchema>;

/** What a change would do to messages that have not left, by count and a page at a time by name. */
export const whatIfSchema = z.object({
  counts: z.object({
    pendingDrafts: z.number().int(),
    approvedDrafts: z.number().int(),
    /** Messages in batches, by the state of the batch. */
    pendingBatchMessages: z.number().int(),
    approvedBatchMessages: z.number().int(),
    executingBatchMessages: z.number().int(),
    handedOver: z.number().int(),
    batches: z.number().int(),
    total: z.number().int(),
  }),
  items: z.array(affectedMessageSchema),
  nextCursor: z.string().nullable(),
});
export type WhatIf = z.infer<typeof whatIfSchema>;

/** POST /api/what-if: what excluding and suppressing these would do; nothing is stored. */
export const whatIfRequestSchema = z.strictObject({
  exclude: z.array(z.string().min(3).max(400)).max(500).default([]),
  suppress: z.array(z.string().min(3).max(400)).max(500).default([]),
  ...whatIfPage,
});

/** `add` leaves what the file does not name; `replace`, for exclusions alone, takes it off the list. */
export const listChoiceSchema = z.enum(['add', 'replace']);

const listFile = {
  /** Shown with every entry as where it comes from. */
  fileName: z.string().min(1).max(120),
  /** The text of the file: CSV, or one entry a line. */
  content: z.string().min(1).max(3_000_000),
  /** Why the list is imported, kept with every entry that has no note of its own. */
  why: z.string().max(300).default(''),
};

const choice = { choice: listChoiceSchema.default('add') };
/** The same file again, and the digest of the difference that was shown. */
const shown = { diffDigest: digestSchema };

/** POST /api/exclusions/imports/preview and POST /api/exclusions/imports. */
export const previewExclusionsImportSchema = z.strictObject({ ...listFile, ...choice, ...whatIfPage });
export const applyExclusionsImportSchema = z.strictObject({ ...listFile, ...choice, ...shown });
/** POST /api/suppressions/imports/preview and POST /api/suppressions/imports: nothing takes anybody off that list. */
export const previewSuppressionsImportSchema = z.strictObject({ ...listFile, ...whatIfPage });
export const applySuppressionsImportSchema = z.strictObject({ ...listFile, ...shown });

/** One entry of the difference. `line` and `column` are null for one that the file does not name. */
export const listDiffEntrySchema = z.object({
  key: z.string(),
  /** The kind of an exclusion, the reason of a suppression. */
  word: z.string(),
  note: z.string(),
  line: z.number().int().nullable(),
  column: z.string().nullable(),
});
export type ListDiffEntry = z.infer<typeof listDiffEntrySchema>;

export const listDiffSchema = z.object({
  list: barredListSchema,
  choice: listChoiceSchema,
  file: z.object({ name: z.string(), digest: digestSchema }),
  /** Names exactly this difference; applying asks for it. */
  diffDigest: digestSchema,
  added: z.array(listDiffEntrySchema),
  removed: z.array(listDiffEntrySchema),
  known: z.array(listDiffEntrySchema),
  unreadable: z.array(
    z.object({ line: z.number().int(), column: z.string(), value: z.string(), reason: z.string() }),
  ),
  /** Customers that the CRM brought; a file never takes them off the list. */
  keptFromCrm: z.number().int(),
  wouldBlock: whatIfSchema,
});
export type ListDiff = z.infer<typeof listDiffSchema>;

export const appliedListImportSchema = z.object({
  list: barredListSchema,
  file: listDiffSchema.shape.file,
  diffDigest: digestSchema,
  added: z.number().int(),
  removed: z.number().int(),
  known: z.number().int(),
  unreadable: z.number().int(),
});
export type AppliedListImport = z.infer<typeof appliedListImportSchema>;
