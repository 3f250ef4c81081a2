import { z } from 'zod';
import { jobFunctionSchema } from './icp.ts';
import { leadSchema } from './lead.ts';
import { sendingScheduleSchema } from './message.ts';
import { motionSchema, tierSchema } from './vocabulary.ts';

const identifier = z
  .string()
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens');
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{Cc}]*$/u, 'expected a single line');
const phrase = line(120).regex(/[\p{L}\p{N}]/u, 'expected at least one word');
const webAddress = z.url({ protocol: /^https?$/ }).max(300);

/**
 * A field of the lead (`company`) or a sourced fact handed in with the request (`evidence:hiring`) without
 * which a template must not be used.
 */
export const needSchema = z.union([
  z.keyof(leadSchema),
  z.string().regex(/^evidence:[a-z0-9]+(-[a-z0-9]+)*$/, 'expected a lead field or evidence:<kind>'),
]);

/**
 * People a text can be written for, told by what the parsed title says they work on; the first group that
 * fits counts. `impact` are the words a text for them has to use: what the subject means for their work.
 */
export const audienceSchema = z.strictObject({
  id: identifier,
  functions: z.array(jobFunctionSchema).min(1),
  impact: z.array(phrase).min(1),
});
export type Audience = z.infer<typeof audienceSchema>;

/** A line of business, told by whole words of the lead's industry; `phrase` is how a text calls it. */
export const copyIndustrySchema = z.strictObject({
  id: identifier,
  names: z.array(phrase).min(1),
  phrase,
});
export type CopyIndustry = z.infer<typeof copyIndustrySchema>;

/** A statement about the company that a named role signed off; texts may make it in these words only. */
export const approvedClaimSchema = z.strictObject({
  id: identifier,
  text: line(400),
  approvedBy: line(120),
  basis: line(400),
});
export type ApprovedClaim = z.infer<typeof approvedClaimSchema>;

const templateConditions = {
  id: identifier,
  angle: line(120),
  motion: motionSchema,
  step: z.number().int().positive(),
  tiers: z.array(tierSchema).min(1),
  audiences: z.array(identifier).default([]),
  industries: z.array(identifier).default([]),
  needs: z.array(needSchema).default([]),
  claims: z.array(identifier).default([]),
  priority: z.number().int().min(1).max(1000),
  subject: line(400),
};

/** A message text in Liquid. Empty `audiences` or `industries` mean any; a lower `priority` is tried first. */
export const copyTemplateSchema = z.strictObject({
  ...templateConditions,
  body: z.string().min(1).max(20_000),
});
export type CopyTemplate = z.infer<typeof copyTemplateSchema>;

/** The numbers and word lists the guards apply to every draft of the company, whoever wrote it. */
export const guardSettingsSchema = z.strictObject({
  bannedOpeners: z.array(phrase).min(1),
  bannedPhrases: z.array(phrase),
  bannedInSubject: z.array(phrase).default([]),
  fillers: z.array(phrase).min(1),
  fillerDensityMax: z.number().min(0).max(0.4),
  bodyWords: z
    .strictObject({ min: z.number().int().min(1), max: z.number().int().max(1000) })
    .refine(({ min, max }) => min <= max, 'min is above max'),
  subjectCharactersMax: z.number().int().min(10).max(200),
  asksMax: z.number().int().min(1).max(5),
  evidence: z.strictObject({
    leadFields: z.array(z.enum(['company', 'companyDomain', 'city', 'industry', 'title'])).min(1),
    leadFieldsMin: z.number().int().min(1),
    roleImpactMin: z.number().int().min(1),
  }),
  signatureRequired: z.boolean(),
  linkDomains: z.array(line(253)).default([]),
});
export type GuardSettings = z.infer<typeof guardSettingsSchema>;

const packBase = {
  id: identifier,
  revision: z.number().int().positive(),
  company: z.strictObject({ name: line(120), website: webAddress, postalAddress: line(300) }),
  senders: z
    .array(
      z.strictObject({ name: line(120), email: z.email().max(254), default: z.boolean().default(false) }),
    )
    .min(1),
  bookingUrl: webAddress,
  unsubscribe: z.strictObject({ lineText: line(300) }),
  audiences: z.array(audienceSchema).min(1),
  industries: z.array(copyIndustrySchema).min(1),
  claims: z.array(approvedClaimSchema),
  guards: guardSettingsSchema,
  rendering: z.strictObject({
    trackOpens: z.boolean(),
    trackClicks: z.boolean(),
    stopOnReply: z.boolean(),
    followUps: z.number().int().min(0),
    schedule: sendingScheduleSchema,
  }),
};

/** `pack.json` as a person writes it: long texts live beside it in `.liquid` files named here. */
export const copyPackFileSchema = z.strictObject({
  ...packBase,
  footerFile: z.string().min(1).max(200),
  templates: z.array(z.strictObject({ ...templateConditions, bodyFile: z.string().min(1).max(200) })).min(1),
});
export type CopyPackFile = z.infer<typeof copyPackFileSchema>;

/** A whole copy pack with every text inlined: what its version is computed over. */
export const copyPackSchema = z.strictObject({
  ...packBase,
  footer: z.string().min(1).max(4_000),
  templates: z.array(copyTemplateSchema).min(1),
});
export type CopyPack = z.infer<typeof copyPackSchema>;

/** `<id>@<revision>+<first 12 hex of the SHA-256 of its canonical bytes>`. */
export const copyPackVersionSchema = z.string().regex(/^[a-z0-9-]+@\d+\+[0-9a-f]{12}$/);
