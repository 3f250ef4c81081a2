import { z } from 'zod';
import { draftSubmissionSchema } from './draft.ts';
import { exclusionKeySchema } from './gate.ts';
import { jobFunctionSchema, leadJudgementSchema, senioritySchema, titleModifierSchema } from './icp.ts';
import { leadSchema, reasonCodeSchema } from './lead.ts';
import { tierSchema } from './vocabulary.ts';

const frame = {
  id: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'expected lower-case words joined by hyphens'),
  /** The section of the user research the expected values come from, or `authored: <why>`. */
  provenance: z.string().regex(/^(users\.md .+|authored: .+)$/, 'expected "users.md §…" or "authored: …"'),
  note: z.string().min(1).max(400).optional(),
};

/** What a title is worth in one company's document: a tier, `none` for nothing, `unclear` for a person to say. */
const titleCeilingSchema = z.enum(['tier_1', 'tier_2', 'tier_3', 'none', 'unclear']);

export const titleCaseSchema = z.strictObject({
  ...frame,
  kind: z.literal('title'),
  input: z.strictObject({ title: z.string().nullable() }),
  expected: z.strictObject({
    seniority: senioritySchema,
    function: jobFunctionSchema,
    modifiers: z.array(titleModifierSchema).default([]),
    left: z.boolean().default(false),
    /** How many roles the parser keeps; leave out when the case is not about that. */
    roles: z.number().int().nonnegative().optional(),
    /** Company folder under config/copy-pack to the title's ceiling there. */
    ceilings: z.record(z.string(), titleCeilingSchema),
  }),
});

export const judgementCaseSchema = z.strictObject({
  ...frame,
  kind: z.literal('judgement'),
  input: z.strictObject({
    icp: z.string(),
    /** Fields that differ from the schema-valid empty lead (`emailStatus` verified, all else null). */
    lead: leadSchema.partial().strict(),
  }),
  expected: z.strictObject({
    verdict: leadJudgementSchema.shape.verdict,
    decidedBy: leadJudgementSchema.shape.decidedBy,
    tier: tierSchema.nullable(),
    score: z.number().int().optional(),
    ceiling: tierSchema.optional(),
    scoreTier: tierSchema.optional(),
    /** Codes that have to be among the reasons. */
    reasons: z.array(reasonCodeSchema).min(1),
    /** Codes that must not be. */
    notReasons: z.array(reasonCodeSchema).default([]),
  }),
});

export const exclusionCaseSchema = z.strictObject({
  ...frame,
  kind: z.literal('exclusion'),
  input: z.strictObject({
    exclusions: z.array(exclusionKeySchema).min(1),
    person: leadSchema.pick({ email: true, linkedinUrl: true, companyDomain: true }).strict(),
  }),
  expected: z.strictObject({ excludedBy: z.array(exclusionKeySchema) }),
});

/**
 * A draft by any author and every guard rule it breaks. What is left out of `lead` is null (`emailStatus`
 * verified); footer and sender left out are the pack's. Each recipient's link is
 * `https://mail.harborpine.example/u/golden`.
 */
export const copyCaseSchema = z.strictObject({
  ...frame,
  kind: z.literal('copy'),
  input: z.strictObject({
    pack: z.string(),
    lead: leadSchema.partial().strict(),
    draft: draftSubmissionSchema
      .pick({
        motion: true,
        channel: true,
        subject: true,
        body: true,
        footer: true,
        sender: true,
        claims: true,
      })
      .strict(),
    /** Texts a reviewer rejected for this person within the memory. */
    rejected: z.array(z.strictObject({ subject: z.string(), body: z.string() })).default([]),
    sentSubjects: z.array(z.string()).default([]),
  }),
  expected: z.strictObject({ fails: z.array(z.string().regex(/^[a-z0-9_]+$/)) }),
});

/** One line of golden-set/*.jsonl: reviewed input with an expected outcome written from the source, not the code. */
export const goldenCaseSchema = z.discriminatedUnion('kind', [
  titleCaseSchema,
  judgementCaseSchema,
  exclusionCaseSchema,
  copyCaseSchema,
]);
export type GoldenCase = z.infer<typeof goldenCaseSchema>;
export type TitleCase = z.infer<typeof titleCaseSchema>;
export type JudgementCase = z.infer<typeof judgementCaseSchema>;
export type ExclusionCase = z.infer<typeof exclusionCaseSchema>;
export type CopyCase = z.infer<typeof copyCaseSchema>;
