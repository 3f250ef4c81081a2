import { z } from 'zod';
import { receiptSchema } from './action.ts';
import { batchSchema } from './batch.ts';
import { draftSchema } from './draft.ts';
import { liftedSuppressionSchema } from './consent-http.ts';
import { exclusionSchema, suppressionSchema } from './gate.ts';

/** Asked in a body, so that no address stands in a path or a log. */
export const findPersonRequestSchema = z.strictObject({ person: z.string().min(3).max(400) });
/** Everything stored about one person. `names` are the keys the person is known under. */
export const personRecordSchema = z.object({
  names: z.array(z.string()),
  drafts: z.array(
    draftSchema
      .pick({
        draftId: true,
        status: true,
        batchId: true,
        createdAt: true,
        reviewedBy: true,
        decisions: true,
      })
      .extend({ email: z.string(), subject: z.string() }),
  ),
  batches: z.array(batchSchema.pick({ batchId: true, status: true, expiresAt: true, approvedBy: true })),
  receipts: z.array(receiptSchema),
  suppressions: z.array(suppressionSchema.extend({ personKey: z.string().nullable() })),
  exclusions: z.array(exclusionSchema),
  /** Suppressions that a fresh consent lifted. */
  liftedSuppressions: z.array(liftedSuppressionSchema).default([]),
});
export type PersonRecord = z.infer<typeof personRecordSchema>;
