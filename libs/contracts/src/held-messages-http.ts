import { z } from 'zod';
import { batchSchema } from './batch.ts';
import { actionIdSchema, batchIdSchema, draftIdSchema, instantSchema } from './ids.ts';

/** Requests and answers about messages that a provider holds, and about getting anything back. */

const reason = z.string().trim().min(3, 'say why in a few words').max(500, 'at most 500 characters');

export const startedCampaignSchema = z.object({
  provider: z.string(),
  campaignId: z.string(),
  messages: z.number().int().nonnegative(),
  /** What the provider showed afterwards. */
  proof: z.string(),
});
export const activatedBatchSchema = z.object({
  batch: batchSchema,
  /** Empty when everything was mailed before. */
  campaigns: z.array(startedCampaignSchema),
});
export type ActivatedBatch = z.infer<typeof activatedBatchSchema>;

export const removeCampaignsRequestSchema = z.strictObject({ reason });
export const removedCampaignsSchema = z.object({
  batchId: batchIdSchema,
  campaigns: z.array(startedCampaignSchema.pick({ provider: true, campaignId: true, proof: true })),
});
export type RemovedCampaigns = z.infer<typeof removedCampaignsSchema>;

export const pauseProvidersRequestSchema = z.strictObject({ reason });
export const pausedProvidersSchema = z.object({
  providers: z.array(
    z.object({
      provider: z.string(),
      mode: z.string(),
      /** How many campaigns the provider confirmed as paused by this answer. */
      paused: z.number().int().nonnegative(),
      failed: z.array(z.object({ id: z.string(), message: z.string() })),
    }),
  ),
});
export type PausedProviders = z.infer<typeof pausedProvidersSchema>;

/** A draft, a batch or a single action, by its id. */
export const recallRequestSchema = z.strictObject({
  id: z.union([draftIdSchema, batchIdSchema, actionIdSchema], {
    error: 'give the id of a draft (drf_…), a batch (bat_…) or an action (act_…)',
  }),
  reason,
});

/**
 * Where the recall met its subject: an approved draft, a batch before its execution, an execution under way, or
 * messages that were handed over.
 */
export const recallStageSchema = z.enum(['draft', 'batch', 'execution', 'hand_over']);
export type RecallStage = z.infer<typeof recallStageSchema>;

/** What a recall did, in messages, and what it came too late for. */
export const recallAnswerSchema = z.object({
  id: z.string(),
  stage: recallStageSchema,
  /** What became of it in one sentence. */
  done: z.string(),
  /** Never handed over, and now never will be unless they are approved again. */
  stopped: z.number().int().nonnegative(),
  takenBack: z.number().int().nonnegative(),
  /** Wanted back and not given back yet: asked for again by itself. */
  takingBack: z.number().int().nonnegative(),
  /** With a provider at this moment, or of unknown fate: taken back as soon as that is known, if it still can be. */
  inFlight: z.number().int().nonnegative(),
  /** Messages that had left before; nothing brings them back. */
  alreadyLeft: z.array(
    z.object({
      actionId: actionIdSchema,
      email: z.string(),
      at: instantSchema.nullable(),
      proof: z.string().nullable(),
    }),
  ),
});
export type RecallAnswer = z.infer<typeof recallAnswerSchema>;
