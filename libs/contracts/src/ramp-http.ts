import { z } from 'zod';
import { digestSchema, instantSchema } from './ids.ts';
import { dayKeySchema, rampDaySchema, rampReasonSchema, rampStageSchema } from './ramp.ts';

const count = z.number().int().nonnegative();
const signedSchema = z.object({ at: instantSchema, by: z.string(), reason: z.string() });

/** GET /api/ramp: what holds today, which days were clean, and for each other day why not. */
export const rampStatusSchema = z.object({
  stage: rampStageSchema,
  policyVersion: z.string(),
  timezone: z.string(),
  today: dayKeySchema,
  /** What holds for e-mail now. */
  holds: z.object({ emailPerDay: count, tiers: z.array(z.string()), sentToday: count }),
  cleanDays: z.object({
    required: count,
    found: z.array(dayKeySchema),
    lookbackDays: count,
    since: dayKeySchema,
  }),
  /** What stands against graduating now; empty when a person may. */
  against: z.array(z.string()),
  graduated: signedSchema.nullable(),
  droppedBack: z
    .object({ at: instantSchema, day: dayKeySchema, reasons: z.array(rampReasonSchema) })
    .nullable(),
  growth: z.object({ approvedShare: z.number().nullable(), decisions: count, emailPerDay: count }).nullable(),
  /** Newest first, today included. */
  days: z.array(rampDaySchema),
});
export type RampStatus = z.infer<typeof rampStatusSchema>;

export const graduateRampRequestSchema = z.strictObject({ reason: z.string().trim().min(3).max(500) });
export const rampAnswerSchema = z.object({ ramp: rampStatusSchema });

export const rampEvidenceQuerySchema = z.object({ day: dayKeySchema });

/** One number of the evidence and where it comes from. */
export const rampFigureSchema = z.object({ name: z.string(), value: z.number().int(), source: z.string() });

/**
 * GET /api/ramp/evidence: one day on one page. People written to appear by the audit's pseudonyms alone; whoever
 * approved or stopped appears by the name of their credential.
 */
export const rampEvidenceSchema = z.object({
  environment: z.string(),
  timezone: z.string(),
  from: instantSchema,
  to: instantSchema,
  policyVersion: z.string(),
  /** What holds when the page is written, not on the day. */
  stage: rampStageSchema,
  day: rampDaySchema,
  figures: z.array(rampFigureSchema),
  caps: z.array(z.object({ name: z.string(), used: count, max: count, source: z.string() })),
  batches: z.array(
    z.object({
      batchId: z.string(),
      previewHash: digestSchema.nullable(),
      approvedBy: z.string(),
      approvedAt: instantSchema,
    }),
  ),
  reviewers: z.array(z.object({ by: z.string(), approved: count, rejected: count })),
  halts: z.array(z.object({ at: instantSchema, by: z.string(), what: z.string(), code: z.string() })),
  alarms: z.array(z.object({ at: instantSchema, ref: z.string(), code: z.string() })),
  /** At most the first thousand; `sendsTotal` counts all of them. */
  sends: z.array(
    z.object({
      at: instantSchema,
      actionId: z.string(),
      batchId: z.string(),
      who: z.string(),
      outcome: z.string(),
    }),
  ),
  sendsTotal: count,
  /** Rows of the audit that the page was made from. */
  rows: z.object({ first: z.string().nullable(), last: z.string().nullable(), count }),
});
export type RampEvidence = z.infer<typeof rampEvidenceSchema>;
