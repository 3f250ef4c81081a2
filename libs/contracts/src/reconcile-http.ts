import { z } from 'zod';
import { receiptSchema } from './action.ts';
import { attemptIdSchema, instantSchema } from './ids.ts';
import { because, type OutcomeReason } from './outcome-reasons.ts';

/** How an action stands of which nobody knows whether it was sent. */
export const unknownStandingSchema = z.enum([
  'at_provider',
  'other_content',
  'provider_silent',
  'may_still_be_sent',
  'absent_so_far',
  'absent',
]);
export type UnknownStanding = z.infer<typeof unknownStandingSchema>;

/** The same in sentences, for whoever has to decide. */
export const unknownStandings = {
  at_provider: because(
    'The provider has the approved message.',
    'Wait; it is recorded as handed over within seconds.',
  ),
  other_content: because(
    'The provider has something else than was approved.',
    'Look at it there and delete it; if you cannot explain it, stop everything and verify the audit.',
  ),
  provider_silent: because(
    'The provider does not say whether it has the message.',
    'See whether it answers and that its key is right; else look at the provider yourself and decide.',
  ),
  may_still_be_sent: because(
    'The provider does not have it, and the process that was sending may still be alive and send it.',
    'Bring the machine of that process back, or make sure that it is gone, then decide.',
  ),
  absent_so_far: because(
    'The provider does not show it, and may be slow to.',
    'Wait; it is released by itself when it stays absent for long enough.',
  ),
  absent: because(
    'The provider was asked repeatedly and long enough, and does not have it.',
    'Wait; it is released by itself within seconds.',
  ),
} as const satisfies Record<UnknownStanding, OutcomeReason>;

/** Of those the system can settle nothing by itself. */
export const waitsForPerson = (standing: UnknownStanding): boolean =>
  standing === 'other_content' || standing === 'provider_silent' || standing === 'may_still_be_sent';

export const unknownDecisionSchema = z.enum(['handed_over', 'left', 'released']);
export type UnknownDecision = z.infer<typeof unknownDecisionSchema>;

/** `allowed`: `despite` takes the name of the person who answers for it. `why` is empty when nothing speaks against it. */
export const unknownOptionSchema = z.object({
  as: unknownDecisionSchema,
  allowed: z.enum(['yes', 'despite', 'no']),
  why: z.string(),
});

/**
 * One action whose fate is unknown. `attemptId` names the attempt a decision is about. `standing` is what the
 * system last found, null before its first look.
 */
export const unknownActionSchema = z.object({
  receipt: receiptSchema,
  attemptId: attemptIdSchema,
  since: instantSchema,
  standing: unknownStandingSchema.nullable(),
  standingSince: instantSchema.nullable(),
  needsPerson: z.boolean(),
});
export type UnknownAction = z.infer<typeof unknownActionSchema>;

/** GET /api/reconcile, those that wait longest first. `count` is all there are; `damaged` are ids whose record cannot be read. */
export const unknownListSchema = z.object({
  count: z.number().int().nonnegative(),
  actions: z.array(unknownActionSchema),
  damaged: z.array(z.string()),
});
export type UnknownList = z.infer<typeof unknownListSchema>;

/**
 * GET /api/reconcile/:actionId: the provider is asked for it. `processGone` says that nobody can be sending it any
 * more; `quietUntil` is when an absence begins to count.
 */
export const unknownDetailSchema = unknownActionSchema.extend({
  /** What the message is called in a list; null when its stored text cannot be read. */
  heading: z.string().nullable(),
  askedAt: instantSchema,
  found: z.object({
    standing: unknownStandingSchema,
    /** The provider's words when it could not be asked. */
    message: z.string().nullable(),
    providerMessageId: z.string().nullable(),
    mailed: z.boolean().nullable(),
  }),
  processGone: z.boolean(),
  quietUntil: instantSchema,
  options: z.array(unknownOptionSchema),
});
export type UnknownDetail = z.infer<typeof unknownDetailSchema>;

const words = (least: number, most: number) =>
  z.string().trim().min(least, `at least ${least} characters`).max(most);

/**
 * What a person says became of it, and how they know. `despite` names the person who answers for a second message,
 * should the provider have taken the first.
 */
export const decideUnknownRequestSchema = z.strictObject({
  attemptId: attemptIdSchema,
  as: unknownDecisionSchema,
  reason: words(10, 500),
  evidence: words(10, 2_000),
  despite: words(2, 120).optional(),
  providerMessageId: words(1, 200).optional(),
});
export type DecideUnknownRequest = z.infer<typeof decideUnknownRequestSchema>;

export const decideUnknownAnswerSchema = z.object({ receipt: receiptSchema });
