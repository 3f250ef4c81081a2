import { z } from 'zod';
import { receiptSchema } from './action.ts';
import { batchSchema, batchStatusSchema, leftOutSchema } from './batch.ts';
import { draftSchema, draftStatusSchema, rejectionTagSchema } from './draft.ts';
import { barSchema } from './gate.ts';
import { digestSchema, draftIdSchema, instantSchema } from './ids.ts';
import { messageSchema } from './message.ts';
import { pipelineRunSchema } from './run.ts';
import { environmentSchema, principalSchema, tierSchema } from './vocabulary.ts';

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
  /** The page of the desk where it is done; null where waiting is all there is to do. */
  page: z.enum(['review', 'parked', 'batches', 'system']).nullable().optional(),
});
export type NextActor = z.infer<typeof nextActorSchema>;

/** What GET /api/queue-status says beyond the counts, so that no screen has to guess. */
export const queueStandingShape = {
  /** Parked drafts, which no list of pending ones shows, by the reason that parked them; each counted once. */
  hidden: z.record(z.string(), z.number()).optional(),
  /** Batches that may still be executed. */
  batches: z.object({ pending: z.number(), approved: z.number() }).optional(),
  lastRun: pipelineRunSchema
    .pick({ runId: true, status: true, finishedAt: true, counts: true })
    .nullable()
    .optional(),
  /** What does not go on by itself. */
  stuck: z.object({ unknown: z.number() }).optional(),
  nextActor: nextActorSchema.optional(),
  /** From this age on a draft that waits is called stale, as the policy in force says. */
  draftStaleHours: z.number().positive().optional(),
  /** The store that all of this was read from; when it does not answer, nothing here is answered. */
  store: z.object({ ready: z.boolean(), message: z.string() }).optional(),
} as const;

/** As much of a draft as a list shows: the text and the reasons are asked for by its id. */
export const draftSummarySchema = z.object({
  draftId: draftIdSchema,
  status: draftStatusSchema,
  email: z.string(),
  name: z.string().nullable(),
  company: z.string().nullable(),
  title: z.string().nullable(),
  subject: z.string(),
  tier: tierSchema.nullable(),
  createdAt: instantSchema,
  /** Why nothing goes to this person, whatever state the draft is in. */
  barred: barSchema.nullable().optional(),
});
export type DraftSummary = z.infer<typeof draftSummarySchema>;

/** GET /api/draft-summaries: the pages of GET /api/drafts at a twentieth of their size. */
export const draftSummaryListSchema = z.object({
  drafts: z.array(draftSummarySchema),
  nextCursor: z.string().nullable(),
  counts: z.record(z.string(), z.number()),
});
export type DraftSummaryList = z.infer<typeof draftSummaryListSchema>;

/** The latest decision about a draft, with as much of the draft as a list shows. */
export const reviewSchema = z.object({
  draftId: draftIdSchema,
  command: z.string(),
  at: instantSchema,
  by: z.string(),
  reason: z.string(),
  /** Where the draft is now. */
  status: draftStatusSchema,
  revision: z.number().int().positive(),
  contentDigest: digestSchema,
  email: z.string(),
  name: z.string().nullable(),
  company: z.string().nullable(),
  subject: z.string(),
  tier: tierSchema.nullable(),
  rejection: draftSchema.shape.rejection,
  batchId: draftSchema.shape.batchId,
});
export type Review = z.infer<typeof reviewSchema>;

/** GET /api/reviews: who decided what when, the newest first, one entry a draft. */
export const reviewListSchema = z.object({
  reviews: z.array(reviewSchema),
  nextCursor: z.string().nullable(),
});

/** Answer to an edit: `previous` is the text that was replaced, for showing what changed. */
export const editedDraftSchema = z.object({
  draft: draftSchema,
  previous: z
    .object({
      revision: z.number().int().positive(),
      contentDigest: digestSchema,
      subject: z.string(),
      body: z.string(),
    })
    .optional(),
});

const comparedTextSchema = z.object({ contentDigest: digestSchema, message: messageSchema });

/** GET /api/actions/:actionId/comparison: after a `content_mismatch` the two texts differ, or the seal does not hold. */
export const actionComparisonSchema = z.object({
  receipt: receiptSchema,
  approved: comparedTextSchema,
  stored: comparedTextSchema,
  same: z.boolean(),
  /** False when recipient, mode or anything else of the action was changed in the store. */
  sealHolds: z.boolean(),
});
