import { z } from 'zod';
import { receiptSchema } from './action.ts';
import { batchSchema, leftOutSchema, previewSchema, scopedDraftSchema } from './batch.ts';
import { batchDropSchema, queueStandingShape } from './desk.ts';
import { providerStandingSchema } from './provider-standing.ts';
import { draftSchema, draftStatusSchema, intakeAnswerSchema, rejectionTagSchema } from './draft.ts';
import { barSchema, haltStateSchema } from './gate.ts';
import {
  actionIdSchema,
  batchIdSchema,
  digestSchema,
  draftIdSchema,
  instantSchema,
  runIdSchema,
} from './ids.ts';
import { messageSchema } from './message.ts';
import { draftCursor, limit } from './paging.ts';
import { predecessorQueueShape } from './predecessor/pending-emails.ts';
import { pipelineRunSchema, rowOutcomeSchema } from './run.ts';
import { motionSchema, tierSchema } from './vocabulary.ts';

/** Requests and answers of every HTTP route, parsed on both sides. Paths: docs/api.md. */

const reason = z.string().trim().min(3, 'say why in a few words').max(500, 'at most 500 characters');

export const draftParamsSchema = z.object({ draftId: draftIdSchema });
export const batchParamsSchema = z.object({ batchId: batchIdSchema });
export const actionParamsSchema = z.object({ actionId: actionIdSchema });
export const runParamsSchema = z.object({ runId: runIdSchema });

export const submittedDraftsSchema = z.object({
  results: z.array(
    z.discriminatedUnion('ok', [
      z.object({ ok: z.literal(true), index: z.number(), sourceKey: z.string(), answer: intakeAnswerSchema }),
      z.object({
        ok: z.literal(false),
        index: z.number(),
        error: z.object({ code: z.string(), message: z.string() }),
      }),
    ]),
  ),
});
export type SubmittedDrafts = z.infer<typeof submittedDraftsSchema>;

export const listDraftsQuerySchema = z.object({
  status: draftStatusSchema.default('pending'),
  order: z.enum(['oldest', 'newest']).default('oldest'),
  tier: tierSchema.optional(),
  /** Found in the recipient, company, title or subject, whatever its case. */
  text: z.string().trim().min(1).max(100).optional(),
  cursor: draftCursor,
  limit,
});
/** A draft as it is shown: `barred` says that nothing goes to its person, whatever state the draft is in. */
const barredDraftSchema = draftSchema.extend({ barred: barSchema.nullable().optional() });
export const draftListSchema = z.object({
  drafts: z.array(barredDraftSchema),
  nextCursor: z.string().nullable(),
  counts: z.record(z.string(), z.number()),
});
export type DraftList = z.infer<typeof draftListSchema>;
export const draftAnswerSchema = z.object({ draft: barredDraftSchema });

export const approveDraftRequestSchema = z.strictObject({ contentDigest: digestSchema });
/** The text that was decided about. When given, the decision is refused if the draft has another one by then. */
const decidedDigest = { contentDigest: digestSchema.optional() };
export const rejectDraftRequestSchema = z.strictObject({
  ...decidedDigest,
  tag: rejectionTagSchema,
  reason: z.string().trim().min(20, 'at least 20 characters').max(2_000),
});
export const editDraftRequestSchema = z.strictObject({
  contentDigest: digestSchema,
  /** Empty on a channel whose messages have none. */
  subject: z.string().max(998),
  body: z.string().min(1).max(20_000),
});
export const recallDraftRequestSchema = z.strictObject({ ...decidedDigest, reason });
export const withdrawDraftRequestSchema = z.strictObject({ ...decidedDigest, reason });

export const freezeBatchRequestSchema = z
  .strictObject({
    motion: motionSchema.default('outbound'),
    draftIds: z.array(draftIdSchema).max(20_000).optional(),
    /** `included` of a dry run: exactly what was looked at. Whatever changed since is left out and named. */
    drafts: z.array(scopedDraftSchema).max(20_000).optional(),
    limit: z.number().int().positive().max(20_000).optional(),
    dryRun: z.boolean().default(false),
  })
  .refine(({ draftIds, drafts }) => draftIds === undefined || drafts === undefined, {
    path: ['drafts'],
    error: 'give draftIds or drafts, not both',
  });
export const frozenBatchSchema = z.object({
  dryRun: z.boolean(),
  batch: batchSchema.nullable(),
  previewHash: digestSchema,
  preview: previewSchema,
  /** Who is in it, in the order of the preview's actions. */
  included: z.array(scopedDraftSchema).default([]),
  leftOut: z.array(leftOutSchema),
});
export type FrozenBatch = z.infer<typeof frozenBatchSchema>;

export const batchListSchema = z.object({ batches: z.array(batchSchema) });
export const batchAnswerSchema = z.object({ batch: batchSchema });
export const batchPreviewSchema = z.object({
  batch: batchSchema,
  items: z.array(
    z.object({
      actionId: actionIdSchema,
      draftId: draftIdSchema,
      contentDigest: digestSchema,
      email: z.string(),
      tier: z.string(),
      subject: z.string(),
      body: z.string(),
      footer: z.string(),
      sender: z.string(),
      /** The whole of what is sent: the SHA-256 of its RFC 8785 bytes is `contentDigest`. */
      message: messageSchema,
    }),
  ),
  nextCursor: z.string().nullable(),
});

export const approveBatchRequestSchema = z.strictObject({ previewHash: digestSchema });
export const closeBatchRequestSchema = z.strictObject({ reason });
/** With `drop` only these drafts are refused, each for its reason; the others come back as a new batch. */
export const rejectBatchRequestSchema = z.strictObject({
  reason,
  drop: z
    .array(batchDropSchema)
    .min(1, 'name the drafts to drop, or leave drop out to reject the whole batch')
    .max(500, 'at most 500 drafts; reject the whole batch instead')
    .refine((drop) => new Set(drop.map(({ draftId }) => draftId)).size === drop.length, 'each draft once')
    .optional(),
});
export const executedBatchSchema = z.object({ batch: batchSchema, enqueued: z.number() });

export const receiptListSchema = z.object({
  batch: batchSchema,
  receipts: z.array(receiptSchema),
  nextCursor: z.string().nullable(),
});
export const evidenceSchema = z.object({ contentType: z.string(), content: z.string(), savedAt: z.string() });

export const takeBackRequestSchema = z.strictObject({ reason });
export const takeBackAnswerSchema = z.object({ receipt: receiptSchema });

export const haltRequestSchema = z.strictObject({ reason });
export const haltAnswerSchema = z.object({ halt: haltStateSchema, changed: z.boolean() });

export const queueStatusSchema = z.object({
  drafts: z.record(z.string(), z.number()),
  oldestPendingAt: z.string().nullable(),
  halt: haltStateSchema,
  recovering: z.boolean(),
  deliveryModes: z.record(z.string(), z.string()),
  environment: z.string(),
  policyVersion: z.string(),
  copyPackVersion: z.string(),
  jobs: z.record(z.string(), z.record(z.string(), z.number())),
  /** Actions that wait to be sent, by what they wait for; null is their turn. `nextAt`: when the first is tried again. */
  queued: z
    .array(z.object({ reason: z.string().nullable(), count: z.number(), nextAt: instantSchema }))
    .default([]),
  /** The newest lead files, with what became of their rows: an empty queue can say what was never written. */
  latestRuns: z
    .array(
      pipelineRunSchema.pick({
        runId: true,
        fileName: true,
        status: true,
        createdAt: true,
        rowsRead: true,
        counts: true,
        withoutDraft: true,
      }),
    )
    .default([]),
  /** Actions of which nobody knows whether they were sent: how many, and those that wait longest. */
  unknown: z
    .object({
      count: z.number(),
      longest: z.array(
        z.object({
          actionId: actionIdSchema,
          batchId: batchIdSchema,
          reason: z.string().nullable(),
          since: instantSchema,
        }),
      ),
    })
    .default({ count: 0, longest: [] }),
  /** How those are who are handed messages; a provider that rests holds up what waits for it. */
  providers: z.array(providerStandingSchema).default([]),
  ...queueStandingShape,
  ...predecessorQueueShape,
});
export type QueueStatus = z.infer<typeof queueStatusSchema>;

/** Scheduler → gatekeeper: what the gate said to the rows of a run, and to which it has said nothing yet. */
export const intakeAnswersQuerySchema = z.object({ view: z.enum(['count', 'all']).default('all') });
export const intakeAnswersSchema = z.object({
  count: z.number().int(),
  answers: z.array(z.object({ line: z.number().int(), answer: intakeAnswerSchema })),
});

/** Scheduler → gatekeeper: whom of these leads an exclusion names or a suppression, so that it is said before a lead is parked. */
export const excludedLeadsRequestSchema = z.strictObject({
  leads: z
    .array(
      z.strictObject({
        line: z.number().int().positive(),
        email: z.string().nullable(),
        linkedinUrl: z.string().nullable(),
        companyDomain: z.string().nullable(),
      }),
    )
    .max(1_000),
});
export const excludedLeadsSchema = z.object({
  lines: z.array(z.number().int().positive()),
  /** Those who opted out or bounced; they are not among `lines`. */
  suppressed: z.array(z.number().int().positive()).default([]),
});

export const startRunQuerySchema = z.object({
  fileName: z.string().min(1).max(200).default('leads.csv'),
  strict: z.enum(['true', 'false']).default('false'),
  /** `field=Header` pairs, as given to --map. */
  map: z.union([z.string(), z.array(z.string())]).optional(),
});
export const runAnswerSchema = z.object({ run: pipelineRunSchema });
export const runListSchema = z.object({
  runs: z.array(pipelineRunSchema),
  nextCursor: z.string().nullable().default(null),
});
export const rowsQuerySchema = z.object({
  after: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(2_000).default(500),
});
export const runRowsSchema = z.object({ rows: z.array(rowOutcomeSchema), nextAfter: z.number().nullable() });
