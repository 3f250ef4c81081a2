import { z } from 'zod';
import { exclusionSchema, suppressionReasonSchema, suppressionSchema } from './gate.ts';

/** Requests and answers about people who may not be written to: suppressions and exclusions. */

export const suppressRequestSchema = z.strictObject({
  person: z.string().min(3).max(400),
  reason: suppressionReasonSchema.default('manual'),
  source: z.string().min(1).max(120).default('api'),
});
/** One entry a line of the request, in its order. */
export const importedEntrySchema = z.discriminatedUnion('outcome', [
  z.object({ index: z.number().int(), outcome: z.enum(['added', 'known']) }),
  z.object({ index: z.number().int(), outcome: z.literal('unreadable'), reason: z.string() }),
]);
export type ImportedEntry = z.infer<typeof importedEntrySchema>;
export const suppressAnswerSchema = z.object({ added: z.number(), known: z.number() });
export const suppressionListSchema = z.object({
  suppressions: z.array(suppressionSchema.extend({ personKey: z.string().nullable() })),
  nextCursor: z.string().nullable(),
  total: z.number(),
});

export const exclusionInputSchema = z.strictObject({
  key: z.string().min(3).max(400),
  kind: exclusionSchema.shape.kind.default('other'),
  note: z.string().max(300).default(''),
});
export const changeExclusionsRequestSchema = z.strictObject({
  add: z.array(exclusionInputSchema).max(10_000).default([]),
  remove: z.array(z.string().max(400)).max(10_000).default([]),
  source: z.string().min(1).max(120).default('api'),
  /** Answers what the change would do and stores nothing. */
  dryRun: z.boolean().default(false),
});
export const changeExclusionsAnswerSchema = z.object({
  dryRun: z.boolean().default(false),
  added: z.number(),
  known: z.number(),
  removed: z.number(),
  missing: z.number(),
  unreadable: z.array(z.object({ key: z.string(), reason: z.string() })),
  /** With `dryRun`: every entry to add, in its order. */
  entries: z.array(importedEntrySchema).optional(),
});
export const exclusionListSchema = z.object({
  exclusions: z.array(exclusionSchema),
  nextCursor: z.string().nullable(),
  total: z.number(),
});
