import { z } from 'zod';
import { suppressionReasonSchema } from './gate.ts';
import { instantSchema } from './ids.ts';

/** POST /api/suppressions/lift: the one way off the list, with a consent that is younger than every entry it lifts. */
export const liftSuppressionRequestSchema = z.strictObject({
  person: z.string().min(3).max(400),
  /** What shows the consent: a form, a signed letter, a message, and where it is kept. */
  consentEvidence: z.string().min(10).max(1_000),
  obtainedAt: z.union([
    instantSchema,
    z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/)
      .transform((day) => `${day}T00:00:00.000Z`),
  ]),
  reason: z.string().min(3).max(500),
});

/** A suppression that was lifted, and what lifted it. It stays on record; only its effect ended. */
export const liftedSuppressionSchema = z.object({
  reason: suppressionReasonSchema,
  source: z.string(),
  at: instantSchema,
  by: z.string(),
  lifted: z.object({
    at: instantSchema,
    by: z.string(),
    reason: z.string(),
    consentObtainedAt: instantSchema,
    /** Null once the person was erased. */
    consentEvidence: z.string().nullable(),
  }),
});
export type LiftedSuppression = z.infer<typeof liftedSuppressionSchema>;

export const liftedAnswerSchema = z.object({ lifted: z.number().int() });
