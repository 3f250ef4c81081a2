import { z } from 'zod';
import { digestSchema, instantSchema } from './ids.ts';
import { personKeySchema } from './message.ts';

/**
 * What a provider answered when it was asked to pause everything of ours that it mails by itself. `paused` counts what
 * it confirmed since the stop; while anything is in `failed` it is asked again.
 */
export const providerPauseSchema = z.object({
  provider: z.string(),
  mode: z.string(),
  paused: z.number().int().nonnegative(),
  failed: z.array(z.object({ id: z.string(), message: z.string() })),
  /** When it last answered, and how often it was asked for this stop. */
  at: instantSchema,
  asked: z.number().int().positive(),
});
export type ProviderPause = z.infer<typeof providerPauseSchema>;

/** The operator's stop. `stored` is the durable switch; `environment` is EMERGENCY_STOP of the process asked. */
export const haltStateSchema = z.object({
  active: z.boolean(),
  stored: z.boolean(),
  environment: z.boolean(),
  by: z.string().nullable(),
  reason: z.string().nullable(),
  at: instantSchema.nullable(),
  /** Who else asked for the stop while it stood, and why; oldest first, at most the last 20. */
  also: z.array(z.object({ by: z.string(), reason: z.string(), at: instantSchema })).default([]),
  /** One entry for each provider that was asked to pause since this stop; empty until the first has answered. */
  providers: z.array(providerPauseSchema).default([]),
});
export type HaltState = z.infer<typeof haltStateSchema>;

/**
 * How an entry came onto a list: from which file, by which signal, or out of the CRM, and why. `by`, `at` and `source`
 * of the entry say who and when. Entries older than this have none.
 */
export const provenanceSchema = z.object({
  via: z.enum(['file', 'person', 'signal', 'crm']),
  file: z.object({ name: z.string().max(120), digest: digestSchema }).optional(),
  /** The delivery, or the synchronisation, that brought it. */
  reference: z.string().max(200).optional(),
  why: z.string().max(300).optional(),
});
export type Provenance = z.infer<typeof provenanceSchema>;

export const suppressionReasonSchema = z.enum(['unsubscribed', 'complained', 'bounced', 'manual', 'erased']);
export const suppressionSchema = z.object({
  personKey: personKeySchema,
  reason: suppressionReasonSchema,
  source: z.string().max(120),
  at: instantSchema,
  by: z.string(),
  provenance: provenanceSchema.optional(),
});
export type Suppression = z.infer<typeof suppressionSchema>;

/** `domain:acme.example` covers its sub-domains; `email:` and `linkedin:` name one person. */
export const exclusionKeySchema = z
  .string()
  .regex(/^(domain|email|linkedin):\S+$/)
  .max(400);
export const exclusionSchema = z.object({
  key: exclusionKeySchema,
  kind: z.enum(['customer', 'competitor', 'own', 'personal', 'other']),
  note: z.string().max(300),
  source: z.string().max(120),
  at: instantSchema,
  by: z.string(),
  provenance: provenanceSchema.optional(),
});
export type Exclusion = z.infer<typeof exclusionSchema>;

/** Why nobody may write to a person, whatever else is open about them; who opted out comes first. */
export const barSchema = z.enum(['suppressed', 'excluded']);
export type Bar = z.infer<typeof barSchema>;
