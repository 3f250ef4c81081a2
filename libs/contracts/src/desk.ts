import { z } from 'zod';
import { batchSchema, batchStatusSchema, leftOutSchema } from './batch.ts';
import { draftStatusSchema, rejectionTagSchema } from './draft.ts';
import { draftIdSchema, instantSchema } from './ids.ts';
import { environmentSchema, principalSchema } from './vocabulary.ts';

/**
 * GET /api/session: who the caller is. `csrfToken` goes into X-CSRF-Token of every change made with a session;
 * null for callers with a token of their own, who need none.
 */
export const sessionAnswerSchema = z.object({
  principal: principalSchema,
  via: z.enum(['session', 'token']),
  csrfToken: z.string().nullable(),
  expiresAt: instantSchema.nullable(),
  environment: environmentSchema,
  version: z.string(),
});
export type SessionAnswer = z.infer<typeof sessionAnswerSchema>;

/**
 * Events `progress` and `end` of GET /api/batches/:batchId/events; `counts` are actions by state, `handedOver` those
 * that a provider has or had mailed.
 */
export const batchProgressSchema = z.object({
  status: batchStatusSchema,
  counts: z.record(z.string(), z.number().int()),
  handedOver: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  updatedAt: instantSchema,
});
export type BatchProgress = z.infer<typeof batchProgressSchema>;

/** Event `unavailable` of the same stream: nothing is known at the moment. A `progress` follows when it is again. */
export const progressTroubleSchema = z.object({ code: z.string(), message: z.string(), fix: z.string() });

/** A draft that a reviewer takes out of a batch, and why. */
export const batchDropSchema = z.strictObject({
  draftId: draftIdSchema,
  tag: rejectionTagSchema,
  reason: z.string().trim().min(20, 'at least 20 characters').max(2_000),
});
export type BatchDrop = z.infer<typeof batchDropSchema>;

/**
 * Answer to a rejected batch: with drafts dropped, `replacement` is the new batch with the others. It is null when
 * none of the others could be frozen; `leftOut` says why.
 */
export const rejectedBatchSchema = z.object({
  batch: batchSchema,
  replacement: batchSchema.nullable().default(null),
  /** What became of each dropped draft; `rejected` unless somebody decided about it in between. */
  dropped: z.array(z.object({ draftId: draftIdSchema, status: draftStatusSchema })).default([]),
  leftOut: z.array(leftOutSchema).default([]),
});
export type RejectedBatch = z.infer<typeof rejectedBatchSchema>;

/** Whose turn it is, so that an empty screen never leaves its reader guessing. */
export const nextActorSchema = z.object({
  who: z.enum(['reviewer', 'approver', 'operator', 'nobody']),
  sentence: z.string(),
});
export type NextActor = z.infer<typeof nextActorSchema>;
