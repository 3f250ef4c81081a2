import { z } from 'zod';
import { rejectionTagSchema } from '../draft.ts';
import { digestSchema, draftIdSchema, instantSchema } from '../ids.ts';

/** The review paths of the system before this one: its names for drafts, on our use cases. */

const flag = z
  .enum(['true', 'false', '1', '0'])
  .default('false')
  .transform((text) => text === 'true' || text === '1');

export const listPendingEmailsQuerySchema = z.object({
  /** Shows parked drafts too, which no approval can release. */
  include_non_dispatchable: flag,
  limit: z.coerce.number().int().min(1).max(500).default(20),
  /** The former dashboard's way around a cache; it says nothing. */
  _ts: z.string().max(40).optional(),
});

export const emailClassifierSchema = z.object({
  queue_stage: z.string(),
  queue_origin: z.string(),
  message_direction: z.literal('outbound'),
  lead_source_class: z.literal('outbound_prospecting'),
  /** The provider that would get it now; `log` writes it down and sends nothing. */
  target_platform: z.string(),
  target_platform_reason: z.string(),
  routing_targets: z.array(z.string()),
  sync_state: z.string(),
});

export const campaignRefSchema = z.object({
  internal_id: z.string(),
  internal_type: z.string(),
  internal_name: z.string(),
  pipeline_run_id: z.string(),
  external_provider: z.string(),
  external_campaign_id: z.string(),
  external_campaign_name: z.string(),
});

export const complianceChecksSchema = z.object({
  unsubscribe_present: z.boolean(),
  signature_present: z.boolean(),
  cta_present: z.boolean(),
  footer_present: z.boolean(),
  normalization_version: z.string(),
});

export const pendingEmailSchema = z.object({
  email_id: draftIdSchema,
  status: z.enum(['pending', 'parked']),
  /** Has to be given with an approval: it names the text that was read. */
  content_digest: digestSchema,
  revision: z.number().int().positive(),
  to: z.string(),
  subject: z.string(),
  /** The whole text as it is sent, footer included. */
  body: z.string(),
  tier: z.string(),
  angle: z.string(),
  priority: z.enum(['high', 'medium', 'normal']),
  source: z.string(),
  direction: z.literal('outbound'),
  delivery_platform: z.string(),
  timestamp: instantSchema,
  created_at: instantSchema,
  recipient_data: z.object({
    name: z.string().nullable(),
    company: z.string().nullable(),
    title: z.string().nullable(),
    location: z.string().nullable(),
    industry: z.string().nullable(),
    employees: z.string().nullable(),
    linkedin_url: z.string().nullable(),
  }),
  context: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
  classifier: emailClassifierSchema,
  campaign_ref: campaignRefSchema,
  proof_status: z.literal('not_started'),
  proof_source: z.literal('none'),
  proof_timestamp: z.null(),
  proof_evidence_id: z.null(),
  deliverability_risk: z.enum(['low', 'medium', 'high']),
  deliverability_reasons: z.array(z.string()),
  model_route: z.string(),
  compliance_checks: complianceChecksSchema,
  /** Why a parked one cannot be approved; none for a pending one. */
  non_dispatchable_reasons: z.array(z.string()),
});
export type PendingEmail = z.infer<typeof pendingEmailSchema>;

export const pendingEmailsSchema = z.object({
  pending_emails: z.array(pendingEmailSchema),
  count: z.number().int(),
  /** All that are pending, and those of them that are older than the ones shown. */
  total_pending: z.number().int(),
  not_shown: z.number().int(),
  synced_from_gatekeeper: z.literal(0),
  refreshed_at: instantSchema,
  _shadow_queue_debug: z.object({
    prefix: z.string(),
    redis_connected: z.literal(true),
    redis_returned: z.number().int(),
    filesystem_pending: z.literal(0),
    filesystem_merge_enabled: z.literal(false),
    merged_count: z.number().int(),
    queue_tier_filter: z.null(),
    queue_max_age_hours: z.null(),
    include_non_dispatchable: z.boolean(),
    excluded_non_actionable_count: z.number().int(),
    excluded_non_actionable_reasons: z.record(z.string(), z.number()),
    excluded_non_actionable_examples: z
      .array(
        z.object({
          email_id: draftIdSchema,
          tier: z.string(),
          to: z.string(),
          timestamp: instantSchema,
          reasons: z.array(z.string()),
        }),
      )
      .max(5),
  }),
});
export type PendingEmails = z.infer<typeof pendingEmailsSchema>;

/** Who decides comes from the credential. A name that is given all the same is ignored, and the answer says so. */
const givenNames = { approver: z.unknown().optional(), approved_by: z.unknown().optional() };
const ignored = z.array(z.string());

export const decideEmailQuerySchema = z.object({
  approver: z.string().max(500).optional(),
  reason: z.string().max(2_000).optional(),
  rejection_tag: z.string().max(100).optional(),
});
export const rejectEmailQuerySchema = decideEmailQuerySchema.extend({
  content_digest: z.string().max(100).optional(),
});

export const approveEmailRequestSchema = z.strictObject({
  content_digest: z
    .string('give the content_digest that the item has in GET /api/pending-emails')
    .regex(/^[0-9a-f]{64}$/, 'give the content_digest that the item has in GET /api/pending-emails'),
  /** The text to send instead. The footer may be part of it or left out; it stays as it is. */
  edited_body: z.string().min(1).max(24_000).nullish(),
  feedback: z.string().trim().max(2_000).nullish(),
  ...givenNames,
});
export const approvedEmailSchema = z.object({
  status: z.literal('approved'),
  email_id: draftIdSchema,
  edited: z.boolean(),
  message: z.string(),
  content_digest: digestSchema,
  revision: z.number().int().positive(),
  approver: z.string(),
  ignored,
});

/** In the body, or as before in the query; the body wins. */
export const rejectEmailRequestSchema = z.strictObject({
  reason: z
    .string('reason is required for a rejection, at least 20 characters')
    .trim()
    .min(20, 'at least 20 characters')
    .max(2_000),
  rejection_tag: z
    .string(`rejection_tag is required, one of ${rejectionTagSchema.options.join(', ')}`)
    .trim()
    .toLowerCase()
    .pipe(z.enum(rejectionTagSchema.options, `not one of ${rejectionTagSchema.options.join(', ')}`)),
  /** The text that was read. When given, the rejection is refused if the item has another one by then. */
  content_digest: digestSchema.optional(),
  ...givenNames,
});
export const rejectedEmailSchema = z.object({
  status: z.literal('rejected'),
  email_id: draftIdSchema,
  reason: z.string(),
  rejection_tag: rejectionTagSchema,
  approver: z.string(),
  timestamp: instantSchema,
  ignored,
});

export const emailHistoryQuerySchema = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  /** Given by the former dashboard; the history holds what was decided, whatever it is. */
  include_non_dispatchable: flag,
});
export const emailHistorySchema = z.object({
  emails: z.array(
    z.object({
      email_id: draftIdSchema,
      to: z.string(),
      subject: z.string(),
      /** The draft's state; of one in a batch, what became of its message. */
      status: z.string(),
      status_reason: z.string().nullable(),
      reviewed_at: instantSchema,
      reviewer: z.string(),
      feedback: z.string(),
      rejection_reason: z.string().nullable(),
      rejection_tag: rejectionTagSchema.nullable(),
      campaign_ref: campaignRefSchema,
      classifier: emailClassifierSchema,
    }),
  ),
  count: z.number().int(),
});

export const rejectionTagsSchema = z.object({
  tags: z.array(z.object({ id: rejectionTagSchema, label: z.string() })),
});

/** What GET /api/queue-status answered before, beside what it answers now. */
export const predecessorQueueShape = {
  shadow_mode_emails: z
    .object({ total: z.number(), pending: z.number(), approved: z.number(), rejected: z.number() })
    .optional(),
  /** Batches that wait for an approval or an execution. */
  gatekeeper_queue: z.object({ total: z.number() }).optional(),
  daily_limits: z
    .object({
      date: z.string(),
      queued_today: z.number(),
      sent_today: z.number(),
      limit: z.number(),
      remaining: z.number(),
      last_queued_at: instantSchema.nullable(),
    })
    .optional(),
  recent_queue_events: z
    .array(z.object({ event: z.string(), email_id: z.string(), at: instantSchema, by: z.string() }))
    .optional(),
  /** False when the last lead file failed, when the store is being compared, or when messages are of unknown fate. */
  pipeline_healthy: z.boolean().optional(),
} as const;
