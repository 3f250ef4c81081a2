import { z } from 'zod';
import { batchStatusSchema } from '../batch.ts';
import { batchIdSchema, digestSchema, instantSchema } from '../ids.ts';
import { motionSchema } from '../vocabulary.ts';

/** The operator paths of the system before this one: its names for freezing, approving and executing a batch. */

const count = z.number().int().nonnegative();

const warmupSchema = z.object({ email_daily_limit: count, linkedin_daily_limit: count });

export const operatorBatchSchema = z.object({
  batch_id: batchIdSchema,
  created_at: instantSchema,
  motion: motionSchema,
  status: batchStatusSchema,
  warmup_schedule: warmupSchema,
  /** The first hundred messages; `preview_path` has all of them with their whole texts. */
  leads_preview: z.array(
    z.object({
      email: z.string(),
      name: z.string().nullable(),
      company: z.string().nullable(),
      tier: z.string(),
      channel: z.string(),
      shadow_email_id: z.string(),
    }),
  ),
  preview_path: z.string(),
  total_email_leads: count,
  total_linkedin_leads: count,
  total_revival_candidates: count,
  total_cadence_due: count,
  tier_breakdown: z.record(z.string(), count),
  approved_shadow_email_ids: z.array(z.string()),
  /** Has to be given with an approval. It covers every byte that is sent, not only who gets it. */
  preview_hash: digestSchema,
  expires_at: instantSchema,
  approved_at: instantSchema.nullable(),
  approved_by: z.string().nullable(),
  rejected_at: instantSchema.nullable(),
  rejected_reason: z.string().nullable(),
  executed_at: instantSchema.nullable(),
  execution_report: z
    .object({ run_id: z.string(), motion: motionSchema, counts: z.record(z.string(), z.number()) })
    .nullable(),
});
export type OperatorBatch = z.infer<typeof operatorBatchSchema>;

export const operatorStatusSchema = z.object({
  enabled: z.literal(true),
  emergency_stop: z.boolean(),
  date: z.string(),
  warmup_schedule: warmupSchema,
  ramp: z.object({
    enabled: z.boolean(),
    mode: z.literal('clean_days'),
    active: z.boolean(),
    email_limit_override: count.nullable(),
    tier_filter: z.string().nullable(),
    clean_days_required: count,
    /** None while the delivery mode rehearses, because no mail left on any day; null where nobody counts them. */
    clean_days_completed: count.nullable(),
    /** What ends the ramp. */
    ends: z.string(),
  }),
  today: z.object({
    outbound_email: count,
    outbound_linkedin: count,
    total_leads: count,
    runs: count,
    last_run: instantSchema.nullable(),
  }),
  limits: z.object({ email_remaining: count, linkedin_remaining: count }),
  gatekeeper: z.object({ required: z.literal(true), pending_batch: operatorBatchSchema.nullable() }),
  config: z.object({
    tier_routing: z.record(z.string(), z.array(z.string())),
    delivery_modes: z.record(z.string(), z.string()),
  }),
});

/** Live needs the boolean `false`; nothing else is taken for it. */
export const triggerOperatorRequestSchema = z.strictObject({
  dry_run: z.boolean('true or false, without quotes').default(true),
  motion: z.enum([...motionSchema.options, 'all'], 'one of outbound, cadence, revival, all').default('all'),
});

export const motionReportSchema = z.object({
  motion: motionSchema,
  outcome: z.enum(['would_send', 'nothing', 'pending_approval', 'executing', 'refused']),
  messages: count,
  batch_id: batchIdSchema.nullable(),
  preview_hash: digestSchema.nullable(),
  left_out: z.record(z.string(), count),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});
export type MotionReport = z.infer<typeof motionReportSchema>;

export const operatorReportSchema = z.object({
  /** The execution that was started; null when none was. */
  run_id: z.string().nullable(),
  started_at: instantSchema,
  completed_at: instantSchema,
  dry_run: z.boolean(),
  motion: z.enum([...motionSchema.options, 'all']),
  motions: z.array(motionReportSchema),
  revival_candidates_found: count,
  cadence_actions_due: count,
  warmup_schedule: warmupSchema,
  errors: z.array(z.string()),
  pending_approval: z.boolean(),
  batch_id: batchIdSchema.nullable(),
});

export const pendingOperatorBatchSchema = z.union([
  operatorBatchSchema,
  z.object({ status: z.literal('no_pending_batch'), message: z.string() }),
]);

/** Who decides comes from the credential. A name that is given all the same is ignored, and the answer says so. */
export const approveOperatorBatchRequestSchema = z.strictObject({
  previewHash: z
    .string('give the preview_hash of the batch that was read, from GET /api/operator/pending-batch')
    .regex(/^[0-9a-f]{64}$/, 'give the preview_hash of the batch that was read'),
  approved_by: z.unknown().optional(),
});
export const rejectOperatorBatchRequestSchema = z.strictObject({
  reason: z.string('say why in a few words').trim().min(3, 'say why in a few words').max(500),
  approved_by: z.unknown().optional(),
});
export const decidedOperatorBatchSchema = z.object({
  status: z.enum(['approved', 'rejected']),
  batch: operatorBatchSchema,
  ignored: z.array(z.string()),
});

export const operatorHistoryQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export const operatorHistorySchema = z.object({
  history: z.array(
    z.object({
      run_id: z.string().nullable(),
      batch_id: batchIdSchema,
      timestamp: instantSchema,
      started_at: instantSchema.nullable(),
      completed_at: instantSchema.nullable(),
      dry_run: z.literal(false),
      motion: motionSchema,
      dispatched: count,
      platform: z.string(),
      result: batchStatusSchema,
      counts: z.record(z.string(), z.number()),
      approved_by: z.string().nullable(),
      reason: z.string().nullable(),
    }),
  ),
});
