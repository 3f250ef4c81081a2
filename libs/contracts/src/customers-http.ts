import { z } from 'zod';
import { digestSchema, instantSchema } from './ids.ts';

/** The list of customers that a CRM keeps, as it was last taken over into the exclusions. */

/**
 * How the list stands. All but `fresh` and `not_configured` put every send off (`customers_stale`), and so does
 * `required` where the policy asks for a list and no CRM is set up.
 */
export const customersStateSchema = z.enum([
  'not_configured',
  'required',
  'never_synced',
  'fresh',
  'stale',
  'fallen',
]);

export const customersStatusSchema = z.object({
  state: customersStateSchema,
  /** In a sentence, with what to do. */
  message: z.string(),
  source: z.string().nullable(),
  /** Customers taken over, and the exclusions they are on the list as. */
  customers: z.number().int(),
  exclusions: z.number().int(),
  syncedAt: instantSchema.nullable(),
  goodUntil: instantSchema.nullable(),
  /** A list that is shorter than the policy lets pass: it waits for a person. */
  fallen: z
    .object({ from: z.number().int(), to: z.number().int(), digest: digestSchema, at: instantSchema })
    .nullable(),
  /** Who took a shorter list over last, and why. */
  accepted: z
    .object({ by: z.string(), reason: z.string(), at: instantSchema, customers: z.number().int() })
    .nullable(),
  /** Why the CRM could not be asked the last time; null when it could. */
  failure: z.object({ code: z.string(), at: instantSchema }).nullable(),
});
export type CustomersStatus = z.infer<typeof customersStatusSchema>;

export const customersAnswerSchema = z.object({ customers: customersStatusSchema });

export const syncedCustomersSchema = z.object({
  outcome: z.enum(['applied', 'fallen', 'failed', 'not_configured', 'changed_meanwhile']),
  added: z.number().int(),
  removed: z.number().int(),
  /** Contacts that name neither an address nor a domain. */
  unreadable: z.number().int(),
  customers: customersStatusSchema,
});
export type SyncedCustomers = z.infer<typeof syncedCustomersSchema>;

/** POST /api/customers/accept: exactly the shorter list that the status names. */
export const acceptCustomersRequestSchema = z.strictObject({
  digest: digestSchema,
  reason: z.string().min(3).max(500),
});
