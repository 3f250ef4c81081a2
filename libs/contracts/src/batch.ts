import { z } from 'zod';
import {
  actionIdSchema,
  batchIdSchema,
  correlationIdSchema,
  digestSchema,
  draftIdSchema,
  executionIdSchema,
  instantSchema,
} from './ids.ts';
import { personKeySchema } from './message.ts';
import { rampStageSchema } from './ramp.ts';
import {
  channelSchema,
  deliveryModeSchema,
  environmentSchema,
  motionSchema,
  routeSchema,
} from './vocabulary.ts';

export const batchStatusSchema = z.enum([
  'pending',
  'approved',
  'executing',
  'executed',
  'partially_executed',
  'failed',
  'rejected',
  'revoked',
  'expired',
]);
export type BatchStatus = z.infer<typeof batchStatusSchema>;

/** What one action contributes to the preview hash. */
export const previewActionSchema = z.object({
  actionId: actionIdSchema,
  contentDigest: digestSchema,
  channel: channelSchema,
  route: routeSchema,
  recipientKey: personKeySchema,
  senderKey: personKeySchema,
});
export type PreviewAction = z.infer<typeof previewActionSchema>;

/** Exactly what an approver signs: the SHA-256 of this object's RFC 8785 bytes is the preview hash. */
export const previewSchema = z.object({
  version: z.literal(1),
  environment: environmentSchema,
  motion: motionSchema,
  policyVersion: z.string(),
  copyPackVersion: z.string(),
  deliveryModes: z.record(channelSchema, deliveryModeSchema),
  allowListDigest: digestSchema,
  /** The ramp the approver saw; nothing is sent under a looser one. Batches from before the ramp have none. */
  rampStage: rampStageSchema.optional(),
  expiresAt: instantSchema,
  actions: z.array(previewActionSchema),
});
export type Preview = z.infer<typeof previewSchema>;

/** A draft that the freeze did not take, and the rule that kept it out. */
export const leftOutSchema = z.object({ draftId: draftIdSchema, email: z.string(), reason: z.string() });
export type LeftOut = z.infer<typeof leftOutSchema>;

/** A draft by the text it has: one that is asked for in this way is taken with exactly this text or not at all. */
export const scopedDraftSchema = z.strictObject({ draftId: draftIdSchema, contentDigest: digestSchema });
export type ScopedDraft = z.infer<typeof scopedDraftSchema>;

export const batchSchema = z.object({
  batchId: batchIdSchema,
  status: batchStatusSchema,
  motion: motionSchema,
  previewHash: digestSchema,
  policyVersion: z.string(),
  copyPackVersion: z.string(),
  deliveryModes: z.record(channelSchema, deliveryModeSchema),
  allowListDigest: digestSchema,
  rampStage: rampStageSchema.optional(),
  expiresAt: instantSchema,
  createdAt: instantSchema,
  createdBy: z.string(),
  correlationId: correlationIdSchema,
  actionCount: z.number().int().nonnegative(),
  leftOut: z.array(leftOutSchema),
  approvedBy: z.string().nullable(),
  approvedAt: instantSchema.nullable(),
  closedBy: z.string().nullable(),
  closedReason: z.string().nullable(),
  executionId: executionIdSchema.nullable(),
  fence: z.number().int().nonnegative().nullable(),
  counts: z.record(z.string(), z.number().int()),
  /** Whether the providers mail what they hold of it by themselves, and who said so; null until somebody activates it. */
  activation: z
    .object({ state: z.enum(['activating', 'active', 'paused']), by: z.string(), at: instantSchema })
    .nullable()
    .optional(),
  /** Who stopped its execution for good, and why. */
  recalled: z.object({ reason: z.string(), by: z.string(), at: instantSchema }).nullable().optional(),
});
export type Batch = z.infer<typeof batchSchema>;
