import { z } from 'zod';
import { rampReasonSchema, rampReasons } from './ramp.ts';
import { tierSchema } from './vocabulary.ts';

const hour = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/);

/** Caps of one channel; every number is a maximum, `gapSeconds` a minimum between two sends of a mailbox. */
const channelCapsSchema = z.object({
  perHour: z.number().int().positive(),
  perDay: z.number().int().positive(),
  perMonth: z.number().int().positive(),
  perDomainPerDay: z.number().int().positive(),
  perMailboxPerDay: z.number().int().positive(),
  gapSeconds: z.number().int().nonnegative(),
});

/**
 * The sending rules of one deployment: versioned data, validated at boot, its version inside every preview
 * hash. `localOnly` packs are refused in staging and production. Days are calendar days in `timezone`.
 */
export const policySchema = z.object({
  name: z.string().regex(/^[a-z0-9-]+$/),
  revision: z.number().int().positive(),
  localOnly: z.boolean(),
  timezone: z.string(),
  window: z.object({ days: z.array(z.number().int().min(1).max(7)).min(1), from: hour, to: hour }),
  caps: z.object({ email: channelCapsSchema, linkedin: channelCapsSchema }),
  ramp: z.object({
    enabled: z.boolean(),
    emailPerDay: z.number().int().positive(),
    tiers: z.array(tierSchema).min(1),
    cleanDaysRequired: z.number().int().positive(),
    lookbackDays: z.number().int().positive(),
    /** What is found on a day after graduation that puts the ramp back in force. An empty list means nothing does. */
    dropsBackOn: z.array(rampReasonSchema).default([...rampReasons]),
  }),
  /**
   * How the daily cap of e-mail grows with the share of drafts a reviewer approves. Without enough decisions, or
   * without this, the cap stays where it is. Steps are read from the highest share down.
   */
  growth: z
    .strictObject({
      lookbackDays: z.number().int().positive(),
      decisionsMin: z.number().int().positive(),
      steps: z
        .array(
          z.strictObject({
            approvedShareMin: z.number().min(0).max(1),
            emailPerDay: z.number().int().positive(),
          }),
        )
        .min(1),
    })
    .optional(),
  tiersAllowed: z.object({
    email: z.array(tierSchema),
    /** Tier 3 is never written to over LinkedIn, whatever a policy says. Source: users.md §4. */
    linkedin: z.array(tierSchema.extract(['tier_1', 'tier_2'])),
  }),
  batch: z.object({ expiryHours: z.number().positive(), sizeMax: z.number().int().positive() }),
  draft: z.object({ staleHours: z.number().positive(), expiryDays: z.number().positive() }),
  recontactDays: z.number().int().nonnegative(),
  rejection: z.object({ memoryDays: z.number().int().positive(), blockAfter: z.number().int().positive() }),
  nurtureDomains: z.array(z.string()),
  /**
   * Which provider serves a route, where messages are handed over at all. GoHighLevel sets no header of ours to
   * unsubscribe by and mails from a domain kept for people who answered, so no first touch resolves to it.
   */
  providers: z
    .strictObject({
      cold_email: z
        .enum(['instantly', 'smtp'], { error: 'a first touch leaves by instantly or smtp alone' })
        .default('instantly'),
      warm_email: z.enum(['instantly', 'smtp', 'ghl']).default('instantly'),
      cold_linkedin: z.enum(['heyreach']).default('heyreach'),
    })
    .default({ cold_email: 'instantly', warm_email: 'instantly', cold_linkedin: 'heyreach' }),
  dispatch: z.object({
    leaseSeconds: z.number().int().positive(),
    sendDeadlineMs: z.number().int().positive(),
    providerTimeoutMs: z.number().int().positive(),
    /** The wait after the first provably unsent try; it doubles up to the maximum until the batch expires. */
    retryFirstSeconds: z.number().int().positive(),
    retryMaxSeconds: z.number().int().positive(),
    latenessMaxHours: z.number().positive(),
    /** After so many provably unsent tries an action is refused. */
    attemptsMax: z.number().int().positive().default(100),
    /** A provider that fails `faultsMax` times in a row rests; each further rest is twice as long, up to the maximum. */
    rest: z
      .object({
        faultsMax: z.number().int().positive(),
        firstSeconds: z.number().int().positive(),
        maxSeconds: z.number().int().positive(),
      })
      .default({ faultsMax: 5, firstSeconds: 5, maxSeconds: 300 }),
  }),
  /**
   * The list of customers kept in a CRM. `required` refuses to send without one; a list older than `staleHours` puts
   * sending off, and one that is shorter by more than `fallPercentMax` is not taken until a person accepts it.
   */
  customers: z
    .object({
      required: z.boolean(),
      staleHours: z.number().positive(),
      fallPercentMax: z.number().min(0).max(100),
    })
    .default({ required: false, staleHours: 24, fallPercentMax: 10 }),
  /** How old a consent may be when it lifts a suppression. */
  consent: z.object({ freshDays: z.number().positive() }).default({ freshDays: 30 }),
});
export type Policy = z.infer<typeof policySchema>;
