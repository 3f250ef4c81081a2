import { z } from 'zod';
import { draftSchema } from './draft.ts';
import { personRecordSchema } from './person-record.ts';
import { rowOutcomeSchema } from './run.ts';

/** A place in the store, by its key, and how many entries of it name the person. */
const placeSchema = z.object({ place: z.string(), entries: z.number().int().positive() });

/** POST /api/subjects/export: asked in a body, so that no address stands in a path or a log. */
export const exportSubjectRequestSchema = z.strictObject({ person: z.string().min(3).max(400) });
/** Everything stored about one person. Where others stand beside them, only the place is named. */
export const subjectExportSchema = z.object({
  record: personRecordSchema,
  drafts: z.array(draftSchema),
  messages: z.array(z.object({ actionId: z.string(), message: z.string() })),
  evidence: z.array(z.object({ actionId: z.string(), contentType: z.string(), content: z.string() })),
  runRows: z.array(rowOutcomeSchema),
  places: z.array(placeSchema),
});
export type SubjectExport = z.infer<typeof subjectExportSchema>;

export const erasureReasonSchema = z.enum(['requested', 'expired', 'mistake']);

export const eraseSubjectRequestSchema = z.strictObject({
  person: z.string().min(3).max(400),
  /** A code and no text: it stands in the audit, which holds nothing personal. */
  reason: erasureReasonSchema,
  /** False shows what would be erased and changes nothing. */
  apply: z.boolean().default(false),
});
export const erasedSubjectSchema = z.object({
  applied: z.boolean(),
  drafts: z.number().int(),
  actions: z.number().int(),
  places: z.array(placeSchema),
  /** Places that still name the person after an erasure; empty when it is complete. */
  left: z.array(placeSchema),
});
export type ErasedSubject = z.infer<typeof erasedSubjectSchema>;
