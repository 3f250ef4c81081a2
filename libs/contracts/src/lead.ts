import { z } from 'zod';
import { tierSchema } from './vocabulary.ts';

/** Inclusive bounds of a count or an amount of US dollars; null is an open end ("10,000+"). */
export const rangeSchema = z.object({
  min: z.number().nonnegative().nullable(),
  max: z.number().nonnegative().nullable(),
});
export type Range = z.infer<typeof rangeSchema>;

/** What the exporting tool says about the address. `unknown` is a file without such a column. */
export const emailStatusSchema = z.enum(['verified', 'unverified', 'catch_all', 'invalid', 'unknown']);
export type EmailStatus = z.infer<typeof emailStatusSchema>;

const text = z.string().max(500).nullable();

/** A person we may contact, as one recognised row of a lead file or one posted draft states it. */
export const leadSchema = z.object({
  email: z.string().max(320).nullable(),
  emailStatus: emailStatusSchema,
  firstName: text,
  lastName: text,
  fullName: text,
  title: text,
  company: text,
  companyDomain: text,
  industry: text,
  employees: rangeSchema.nullable(),
  revenueUsd: rangeSchema.nullable(),
  linkedinUrl: text,
  city: text,
  country: text,
  externalId: text,
});
export type Lead = z.infer<typeof leadSchema>;

/** A stable lower-case code of the code path that was taken, e.g. `title_unknown`. */
export const reasonCodeSchema = z.string().regex(/^[a-z0-9]+(_[a-z0-9]+)*$/);

/** The outcome of judging a lead against one company's ICP. `score` is 0–100. */
export const judgementSchema = z.object({
  verdict: z.enum(['qualified', 'parked', 'disqualified']),
  tier: tierSchema.nullable(),
  score: z.number().min(0).max(100),
  reasons: z.array(reasonCodeSchema),
});
export type Judgement = z.infer<typeof judgementSchema>;
