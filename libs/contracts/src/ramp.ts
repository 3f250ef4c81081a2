import { z } from 'zod';

/** Why a day of sending is not clean, in the order they are told. */
export const rampReasons = ['bounce', 'complaint', 'halt', 'unknown', 'unreviewed'] as const;
export const rampReasonSchema = z.enum(rampReasons);
export type RampReason = z.infer<typeof rampReasonSchema>;

/** `off`: the policy has no ramp. `ramp`: its lower cap and tiers hold. `graduated`: a person ended it. */
export const rampStageSchema = z.enum(['off', 'ramp', 'graduated']);
export type RampStage = z.infer<typeof rampStageSchema>;

/** A day in the policy's zone: `2026-03-08`. */
export const dayKeySchema = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, 'A day is written like 2026-03-08.');

/**
 * `clean`: something left for real and nothing speaks against the day. `missed`: nothing left and nothing went
 * wrong; it neither counts nor takes anything back. `open`: the day is not over.
 */
export const rampDayStatusSchema = z.enum(['clean', 'not_clean', 'missed', 'open']);
export type RampDayStatus = z.infer<typeof rampDayStatusSchema>;

const count = z.number().int().nonnegative();

/** What happened on one day, from the audit. Only messages of the real ledger count; `live` leaves out listed recipients. */
export const rampDayFactsSchema = z.object({
  day: dayKeySchema,
  admitted: count,
  handedOver: count,
  left: count,
  leftLive: count,
  refused: count,
  released: count,
  takenBack: count,
  becameUnknown: count,
  bounces: count,
  complaints: count,
  optOuts: count,
  halts: count,
  /** True when the stop stood at some moment of the day, wherever it came from. */
  stopped: z.boolean(),
  draftsApproved: count,
  draftsRejected: count,
  /** At the end of the day, or now while it is open. */
  unknownAtEnd: count,
  unreviewedAtEnd: count,
  /** Bounces and complaints that came on a later day, about messages that left on this one. */
  lateBounces: count.default(0),
});
export type RampDayFacts = z.infer<typeof rampDayFactsSchema>;

export const rampDaySchema = z.object({
  status: rampDayStatusSchema,
  reasons: z.array(rampReasonSchema),
  facts: rampDayFactsSchema,
});
export type RampDay = z.infer<typeof rampDaySchema>;
