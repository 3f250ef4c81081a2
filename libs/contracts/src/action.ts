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

/** Of a held message that has to come back, or had to: since when, who wants it and why, and the provider's last answer. */
export const takeBackStandingSchema = z.object({
  state: z.enum(['open', 'done', 'too_late']),
  since: instantSchema,
  reason: z.string(),
  by: z.string(),
  tries: z.number().int().nonnegative(),
  answer: z.string().nullable(),
  triedAt: instantSchema.nullable(),
});
export type TakeBackStanding = z.infer<typeof takeBackStandingSchema>;

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
  takeBack: takeBackStandingSchema.nullable().optional(),
  /** Of a message that its provider held first: when it was known to be mailed, and how. `proof` is that of the hand-over. */
  mailed: z.object({ at: instantSchema, proof: z.string() }).nullable().optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;
