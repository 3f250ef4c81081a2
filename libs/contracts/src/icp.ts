import { z } from 'zod';
import { emailStatusSchema, judgementSchema, rangeSchema, reasonCodeSchema } from './lead.ts';
import { tierSchema } from './vocabulary.ts';

/** How far up a person is, strongest first. `outside` are board members, investors and advisers. */
export const senioritySchema = z.enum([
  'founder',
  'owner',
  'chief',
  'president',
  'managing_partner',
  'managing_director',
  'partner',
  'chief_of_staff',
  'general_manager',
  'vice_president',
  'deputy_chief',
  'head',
  'director',
  'assistant_vice_president',
  'associate_director',
  'manager',
  'lead',
  'staff',
  'assistant',
  'outside',
  'student',
  'unknown',
]);
export type Seniority = z.infer<typeof senioritySchema>;

/**
 * What a person works on. `executive` runs the whole company, `other` is a named field outside this list,
 * `unknown` means the title does not say.
 */
export const jobFunctionSchema = z.enum([
  'executive',
  'operations',
  'field_service',
  'technology',
  'information_technology',
  'engineering',
  'data',
  'ai',
  'digital',
  'innovation',
  'transformation',
  'strategy',
  'revenue',
  'sales',
  'marketing',
  'product',
  'customer',
  'finance',
  'people',
  'legal',
  'risk',
  'security',
  'supply_chain',
  'administration',
  'projects',
  'creative',
  'clinical',
  'research',
  'other',
  'unknown',
]);
export type JobFunction = z.infer<typeof jobFunctionSchema>;

/** What a title says about how a role is held. `former` and `aspiring` roles are not held today. */
export const titleModifierSchema = z.enum([
  'senior',
  'junior',
  'executive',
  'regional',
  'deputy',
  'co',
  'interim',
  'acting',
  'fractional',
  'assistant_to',
  'former',
  'aspiring',
]);
export type TitleModifier = z.infer<typeof titleModifierSchema>;

/** One role a title names. `functions` is never empty; its first entry is the one closest to the rank word. */
export const titleRoleSchema = z.object({
  seniority: senioritySchema,
  functions: z.array(jobFunctionSchema).min(1),
  modifiers: z.array(titleModifierSchema),
  current: z.boolean(),
});
export type TitleRole = z.infer<typeof titleRoleSchema>;

/**
 * A title as the parser read it. `seniority`, `function` and `modifiers` are those of the strongest role
 * held today (of the strongest at all when none is); `roles` keeps every role in the order written.
 */
export const parsedTitleSchema = z.object({
  function: jobFunctionSchema,
  seniority: senioritySchema,
  modifiers: z.array(titleModifierSchema),
  roles: z.array(titleRoleSchema),
  left: z.boolean(),
  tokens: z.array(z.string()),
  reasons: z.array(reasonCodeSchema),
});
export type ParsedTitle = z.infer<typeof parsedTitleSchema>;

const identifier = z.string().regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, 'expected lower-case words joined by _');
const source = z.string().min(1).max(400);
const points = z.number().int().min(0).max(100);
const liveTierSchema = z.enum(['tier_1', 'tier_2', 'tier_3']);

/** Whole words in lower case; `^` anchors them at the start of the text, `$` at its end, both mean all of it. */
const phraseSchema = z
  .string()
  .regex(
    /^\^?[\p{Ll}\p{Lo}\p{N}]+( [\p{Ll}\p{Lo}\p{N}]+)*\$?$/u,
    'expected lower-case words, single spaces, optional ^ and $',
  );

/** Labels of a domain's end, `*` for any one label: `gov`, `gov.*`. There is always one more label in front. */
const domainEndSchema = z
  .string()
  .regex(/^(\*|[a-z0-9-]+)(\.(\*|[a-z0-9-]+))*$/, 'expected labels like gov.*');

const titleSelectorSchema = z.strictObject({
  seniorities: z.array(senioritySchema).min(1),
  functions: z.union([z.literal('any'), z.array(jobFunctionSchema).min(1)]),
});

/** `multiplierPercent` is chosen by the tier of the lead's industry; 130 means the points count 1.3 times. */
const titleGroupSchema = z.strictObject({
  id: identifier,
  tier: liveTierSchema,
  points,
  multiplierPercent: z.strictObject({
    tier_1: z.number().int().positive(),
    tier_2: z.number().int().positive(),
    tier_3: z.number().int().positive(),
  }),
  roles: z.array(titleSelectorSchema).min(1),
  source,
});
export type TitleGroup = z.infer<typeof titleGroupSchema>;

const industryGroupSchema = z.strictObject({
  id: identifier,
  tier: liveTierSchema,
  points,
  phrases: z.array(phraseSchema).min(1),
  source,
});
export type IndustryGroup = z.infer<typeof industryGroupSchema>;

/** A kind of organisation that is never contacted, told by any one of four places. */
const neverContactSchema = z.strictObject({
  code: identifier,
  industryPhrases: z.array(phraseSchema).default([]),
  companyPhrases: z.array(phraseSchema).default([]),
  titlePhrases: z.array(phraseSchema).default([]),
  domainEnds: z.array(domainEndSchema).default([]),
  source,
});
export type NeverContact = z.infer<typeof neverContactSchema>;

const sizeBandSchema = z.strictObject({
  min: z.number().int().nonnegative(),
  max: z.number().int().positive().nullable(),
  points,
});
export type SizeBand = z.infer<typeof sizeBandSchema>;

const mailboxRuleSchema = z.enum(['accept', 'park', 'disqualify']);

const companyBoundsSchema = z.strictObject({
  employees: rangeSchema.optional(),
  revenueUsd: rangeSchema.optional(),
});

const isUnique = (values: readonly string[]): boolean => new Set(values).size === values.length;

const areApart = (bands: readonly SizeBand[]): boolean =>
  bands.every((band, index) => {
    const next = bands[index + 1];
    return (band.max ?? Infinity) >= band.min && (next === undefined || (band.max ?? Infinity) < next.min);
  });

/**
 * Whom one company wants to talk to: the only place such a rule may live. `employees` and `revenueUsd` are
 * inclusive bounds outside of which nobody is contacted; `tierBounds` narrows a single tier. Amounts are US
 * dollars a year. A lead's tier is the lower of what this document allows and what its score earns.
 */
export const icpSchema = z
  .strictObject({
    company: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/),
    revision: z.number().int().positive(),
    employees: rangeSchema,
    revenueUsd: rangeSchema,
    tierBounds: z.strictObject({
      tier_1: companyBoundsSchema.optional(),
      tier_2: companyBoundsSchema.optional(),
      tier_3: companyBoundsSchema.optional(),
    }),
    cutOffs: z.strictObject({ tier_1: points, tier_2: points, tier_3: points }),
    sizeBands: z.array(sizeBandSchema).min(1),
    titleGroups: z.array(titleGroupSchema).min(1),
    industryGroups: z.array(industryGroupSchema).min(1),
    neverContact: z.array(neverContactSchema),
    mailboxes: z.strictObject({
      freeMail: mailboxRuleSchema,
      disposable: mailboxRuleSchema,
      role: mailboxRuleSchema,
      otherDomain: mailboxRuleSchema,
    }),
    acceptedEmailStatuses: z.array(emailStatusSchema).min(1),
    modifierCeilings: z.partialRecord(titleModifierSchema, liveTierSchema),
  })
  .refine(({ cutOffs }) => cutOffs.tier_1 > cutOffs.tier_2 && cutOffs.tier_2 > cutOffs.tier_3, {
    path: ['cutOffs'],
    error: 'cut-offs have to fall from tier_1 to tier_3',
  })
  .refine(({ sizeBands }) => areApart(sizeBands), {
    path: ['sizeBands'],
    error: 'size bands have to rise and must not overlap; only the last may be open',
  })
  .refine(({ titleGroups }) => isUnique(titleGroups.map(({ id }) => id)), {
    path: ['titleGroups'],
    error: 'two title groups have the same id',
  })
  .refine(({ industryGroups }) => isUnique(industryGroups.map(({ id }) => id)), {
    path: ['industryGroups'],
    error: 'two industry groups have the same id',
  })
  .refine(({ neverContact }) => isUnique(neverContact.map(({ code }) => code)), {
    path: ['neverContact'],
    error: 'two kinds of organisation never to contact have the same code',
  });
export type Icp = z.infer<typeof icpSchema>;

/**
 * A judgement with what led to it. `decidedBy` names the stage that ended the path: only `score` computed a
 * score, a ceiling and a score tier; before it `score` is 0 and the two tiers are null.
 */
export const leadJudgementSchema = judgementSchema.extend({
  decidedBy: z.enum(['disqualifiers', 'parks', 'score']),
  ceiling: tierSchema.nullable(),
  scoreTier: tierSchema.nullable(),
  title: parsedTitleSchema,
});
export type LeadJudgement = z.infer<typeof leadJudgementSchema>;
