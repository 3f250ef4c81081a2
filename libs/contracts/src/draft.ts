import { z } from 'zod';
import {
  correlationIdSchema,
  digestSchema,
  draftIdSchema,
  batchIdSchema,
  instantSchema,
  runIdSchema,
} from './ids.ts';
import { judgementSchema, leadSchema } from './lead.ts';
import { messageSchema, senderSchema } from './message.ts';
import { channelSchema, motionSchema } from './vocabulary.ts';

/** What a factual claim in a draft rests on. A claim without one is refused by the guards. */
export const claimSchema = z.object({
  text: z.string().min(1).max(1_000),
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('lead_field'), field: z.string().min(1).max(60) }),
    z.object({ kind: z.literal('url'), url: z.url({ protocol: /^https?$/ }).max(2_000) }),
    z.object({ kind: z.literal('pack_claim'), claimId: z.string().min(1).max(60) }),
  ]),
});
export type Claim = z.infer<typeof claimSchema>;

export const draftOriginSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('run'), runId: runIdSchema, line: z.number().int().positive() }),
  z.object({ kind: z.literal('agent'), agent: z.string().min(1).max(120) }),
]);

/**
 * A draft as any author hands it in: our copy packs through the `drafts` queue, or an agent through
 * `POST /api/drafts`. `sourceKey` names the author's piece of work: the same key twice is one draft.
 * Leave `footer` and `sender` out to get the copy pack's; what is given is checked, never corrected.
 */
export const draftSubmissionSchema = z.object({
  sourceKey: z.string().min(1).max(200),
  motion: motionSchema.default('outbound'),
  channel: channelSchema.default('email'),
  lead: leadSchema,
  subject: z.string().max(998),
  body: z.string().max(20_000),
  footer: z.string().max(4_000).optional(),
  sender: senderSchema.optional(),
  claims: z.array(claimSchema).max(50).default([]),
  templateId: z.string().max(120).nullable().default(null),
});
export type DraftSubmission = z.infer<typeof draftSubmissionSchema>;

export const postedLeadSchema = z.strictObject(leadSchema.shape);
export const postedSenderSchema = z.strictObject(senderSchema.shape);
/** The same as an author posts it: a field that is not known is a mistake, and nobody states who decided what. */
export const postedDraftSchema = z.strictObject({
  ...draftSubmissionSchema.shape,
  lead: postedLeadSchema,
  sender: postedSenderSchema.optional(),
});

/** One guard's answer. `ruleId` is stable and documented; `message` says what to change. */
export const guardResultSchema = z.object({
  ruleId: z.string().regex(/^[a-z0-9_]+$/),
  passed: z.boolean(),
  message: z.string().max(500),
});
export type GuardResult = z.infer<typeof guardResultSchema>;

/** What the gatekeeper did with a submission. Only `accepted` waits for a reviewer. */
export const intakeAnswerSchema = z.object({
  outcome: z.enum(['accepted', 'duplicate', 'excluded', 'parked', 'disqualified']),
  draftId: draftIdSchema.nullable(),
  reasons: z.array(z.string()),
  tier: z.string().nullable(),
  score: z.number().nullable(),
});
export type IntakeAnswer = z.infer<typeof intakeAnswerSchema>;

export const draftStatusSchema = z.enum([
  'pending',
  'approved',
  'batched',
  'rejected',
  'parked',
  'expired',
  'withdrawn',
]);
export type DraftStatus = z.infer<typeof draftStatusSchema>;

export const rejectionTagSchema = z.enum([
  'personalization_mismatch',
  'icp_mismatch',
  'campaign_mismatch',
  'tone_style_issue',
  'factual_inaccuracy',
  'weak_subject',
  'weak_cta',
  'length_issue',
  'compliance_issue',
  'placeholder_or_rendering_issue',
  'queue_hygiene_non_actionable',
  'other',
]);

export type RejectionTag = z.infer<typeof rejectionTagSchema>;

/** Every rejection tag with its label, in the order a reviewer is offered them. */
export const rejectionTags = [
  { id: 'personalization_mismatch', label: 'Personalization mismatch' },
  { id: 'icp_mismatch', label: 'ICP mismatch' },
  { id: 'campaign_mismatch', label: 'Campaign mismatch' },
  { id: 'tone_style_issue', label: 'Tone/style issue' },
  { id: 'factual_inaccuracy', label: 'Factual inaccuracy' },
  { id: 'weak_subject', label: 'Weak subject line' },
  { id: 'weak_cta', label: 'Weak CTA' },
  { id: 'length_issue', label: 'Length/structure issue' },
  { id: 'compliance_issue', label: 'Compliance issue' },
  { id: 'placeholder_or_rendering_issue', label: 'Placeholder/rendering issue' },
  { id: 'queue_hygiene_non_actionable', label: 'Queue hygiene non-actionable' },
  { id: 'other', label: 'Other' },
] as const satisfies readonly { id: RejectionTag; label: string }[];

/** One decision about a draft; `contentDigest` is the one the draft had when it was taken. */
export const draftDecisionSchema = z.object({
  command: z.string(),
  at: instantSchema,
  by: z.string(),
  reason: z.string(),
  contentDigest: digestSchema,
});
export type DraftDecision = z.infer<typeof draftDecisionSchema>;

/** A draft as stored and shown. `contentDigest` is the SHA-256 of the message's canonical bytes. */
export const draftSchema = z.object({
  draftId: draftIdSchema,
  status: draftStatusSchema,
  revision: z.number().int().positive(),
  contentDigest: digestSchema,
  message: messageSchema,
  lead: leadSchema,
  judgement: judgementSchema,
  claims: z.array(claimSchema),
  guards: z.array(guardResultSchema),
  templateId: z.string().nullable(),
  copyPackVersion: z.string(),
  policyVersion: z.string(),
  origin: draftOriginSchema,
  sourceKey: z.string(),
  correlationId: correlationIdSchema,
  batchId: batchIdSchema.nullable(),
  createdAt: instantSchema,
  reviewedAt: instantSchema.nullable(),
  reviewedBy: z.string().nullable(),
  rejection: z.object({ tag: rejectionTagSchema, reason: z.string() }).nullable(),
  /** What was decided about it and why, oldest first; at most the last 50. */
  decisions: z.array(draftDecisionSchema).default([]),
});
export type Draft = z.infer<typeof draftSchema>;
