import { z } from 'zod';
import { actionIdSchema, batchIdSchema, digestSchema, draftIdSchema, instantSchema } from './ids.ts';
import { channelSchema, deliveryModeSchema, providerNameSchema, tierSchema } from './vocabulary.ts';

export const actionStatusSchema = z.enum([
  'frozen',
  'queued',
  'sending',
  'handed_over',
  'left',
  'refused',
  'blocked',
  'unknown',
  'taken_back',
]);
export type ActionStatus = z.infer<typeof actionStatusSchema>;

/** What a provider call came to. `unknown` is never retried blindly. */
export const dispatchOutcomeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('accepted'),
    providerMessageId: z.string(),
    holdsBeforeMailing: z.boolean(),
    proof: z.string(),
  }),
  z.object({ outcome: z.literal('refused'), code: z.string(), message: z.string() }),
  z.object({
    outcome: z.literal('released'),
    code: z.string(),
    retryAfterMs: z.number().int().nonnegative(),
  }),
  z.object({ outcome: z.literal('unknown'), code: z.string(), message: z.string() }),
]);
export type DispatchOutcome = z.infer<typeof dispatchOutcomeSchema>;

/** What we show a person about one action. `outcome` is the stored state, never a guess. */
export const receiptSchema = z.object({
  actionId: actionIdSchema,
  draftId: draftIdSchema,
  batchId: batchIdSchema,
  email: z.string(),
  channel: channelSchema,
  tier: tierSchema,
  mode: deliveryModeSchema,
  provider: providerNameSchema,
  outcome: actionStatusSchema,
  reason: z.string().nullable(),
  attempts: z.number().int().nonnegative(),
  contentDigest: digestSchema,
  providerMessageId: z.string().nullable(),
  proof: z.string().nullable(),
  deferredUntil: instantSchema.nullable(),
  settledAt: instantSchema.nullable(),
});
export type Receipt = z.infer<typeof receiptSchema>;
