import { z } from 'zod';
import {
  actionIdSchema,
  batchIdSchema,
  correlationIdSchema,
  executionIdSchema,
  instantSchema,
  runIdSchema,
} from './ids.ts';
import { draftOriginSchema, draftSubmissionSchema } from './draft.ts';
import { personKeySchema } from './message.ts';

export const submitDraftJobSchema = z.object({
  submission: draftSubmissionSchema,
  origin: draftOriginSchema,
  correlationId: correlationIdSchema,
});
export type SubmitDraftJob = z.infer<typeof submitDraftJobSchema>;

/**
 * Drafts that are taken in together: a job has its price, whatever is in it. A job of the version before, which held
 * one draft, is read as well.
 */
export const submitDraftsJobSchema = z.union([
  z.object({ drafts: z.array(submitDraftJobSchema).min(1).max(100) }),
  submitDraftJobSchema.transform((draft) => ({ drafts: [draft] })),
]);
export type SubmitDraftsJob = z.infer<typeof submitDraftsJobSchema>;

export const dispatchActionJobSchema = z.object({
  actionId: actionIdSchema,
  batchId: batchIdSchema,
  executionId: executionIdSchema,
  fence: z.number().int().positive(),
  attempt: z.number().int().positive(),
  correlationId: correlationIdSchema,
});
export type DispatchActionJob = z.infer<typeof dispatchActionJobSchema>;

export const runPipelineJobSchema = z.object({ runId: runIdSchema, correlationId: correlationIdSchema });
export type RunPipelineJob = z.infer<typeof runPipelineJobSchema>;

/** What an inbound delivery means for a person. Suppression is written before anything else. */
export const signalSchema = z.object({
  kind: z.enum(['unsubscribed', 'complained', 'bounced', 'replied']),
  personKeys: z.array(personKeySchema).min(1),
  source: z.string().max(120),
  deliveryId: z.string().min(1).max(200),
  occurredAt: instantSchema,
  correlationId: correlationIdSchema,
});
export type Signal = z.infer<typeof signalSchema>;

/**
 * Every queue and job. `backoff` is the wait before another try, growing or always the same. `attempts` counts tries at the queue's edge, the only layer that retries this work;
 * `keepCompletedSeconds` bounds how long a finished job id blocks its twin. `keepFinishedMax` bounds how many finished jobs are
 * kept; null where every one matters. A queued action gets a job a second while it is deferred, so that a stop of an hour
 * would fill the store with jobs that found nothing to do.
 */
export const jobCatalogue = {
  drafts: {
    name: 'submit-drafts',
    schema: submitDraftsJobSchema,
    attempts: 8,
    backoff: { type: 'exponential', delayMs: 500 },
    timeoutMs: 30_000,
    keepCompletedSeconds: 3_600,
    keepFinishedMax: null,
  },
  dispatch: {
    name: 'dispatch-action',
    schema: dispatchActionJobSchema,
    attempts: 1,
    backoff: { type: 'exponential', delayMs: 500 },
    timeoutMs: 60_000,
    keepCompletedSeconds: 3_600,
    keepFinishedMax: 1_000,
  },
  pipeline: {
    name: 'run-pipeline',
    schema: runPipelineJobSchema,
    attempts: 5,
    backoff: { type: 'exponential', delayMs: 500 },
    timeoutMs: 900_000,
    keepCompletedSeconds: 86_400,
    keepFinishedMax: null,
  },
  signals: {
    name: 'apply-signal',
    schema: signalSchema,
    // A wish is never given up: it is tried again every few seconds until whatever hinders it is mended.
    attempts: 1_000_000,
    backoff: { type: 'fixed', delayMs: 5_000 },
    timeoutMs: 30_000,
    keepCompletedSeconds: 86_400,
    keepFinishedMax: null,
  },
} as const satisfies Record<
  string,
  {
    name: string;
    schema: z.ZodType;
    attempts: number;
    backoff: { type: 'fixed' | 'exponential'; delayMs: number };
    timeoutMs: number;
    keepCompletedSeconds: number;
    keepFinishedMax: number | null;
  }
>;

export type QueueName = keyof typeof jobCatalogue;
export type JobPayload<Q extends QueueName> = z.infer<(typeof jobCatalogue)[Q]['schema']>;
