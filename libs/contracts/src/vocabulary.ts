import { z } from 'zod';

/** The words that several records share. One word, one meaning: docs/glossary.md. */

export const environmentSchema = z.string().regex(/^[a-z][a-z0-9-]{1,40}$/);

/**
 * True where nothing real can happen, so that made-up senders and local-only rules may be used: `local`, or a
 * name starting with `test`. Any other name counts as real: a misspelt `prodution` is refused, not trusted.
 */
export const isLocalEnvironment = (environment: string): boolean =>
  environment === 'local' || environment.startsWith('test');

export const channelSchema = z.enum(['email', 'linkedin']);
export type Channel = z.infer<typeof channelSchema>;

export const motionSchema = z.enum(['outbound', 'cadence', 'revival']);
export type Motion = z.infer<typeof motionSchema>;

export const tierSchema = z.enum(['tier_1', 'tier_2', 'tier_3', 'tier_4']);
export type Tier = z.infer<typeof tierSchema>;

export const deliveryModeSchema = z.enum(['log-only', 'sandbox', 'allow-list', 'live']);
export type DeliveryMode = z.infer<typeof deliveryModeSchema>;

/** Where the sealed mode says a batch's counters and contact records live. */
export const ledgerSchema = z.enum(['log-only', 'sandbox', 'real']);
export type Ledger = z.infer<typeof ledgerSchema>;

export const ledgerOf = (mode: DeliveryMode): Ledger =>
  mode === 'log-only' || mode === 'sandbox' ? mode : 'real';

export const providerNameSchema = z.enum(['log', 'instantly', 'heyreach', 'ghl', 'smtp']);
export type ProviderName = z.infer<typeof providerNameSchema>;

/** The way a message takes: who it is for decides which providers and sender domains it may use. */
export const routeSchema = z.enum(['cold_email', 'warm_email', 'cold_linkedin']);
export type Route = z.infer<typeof routeSchema>;

export const serviceNameSchema = z.enum(['gateway', 'gatekeeper', 'scheduler', 'webhooks']);
export type ServiceName = z.infer<typeof serviceNameSchema>;

export const servicePorts: Readonly<Record<ServiceName, number>> = Object.freeze({
  gateway: 8080,
  gatekeeper: 8081,
  scheduler: 8082,
  webhooks: 8083,
});

/** What a token allows. Held by people and programs, never by request bodies. */
export const permissionSchema = z.enum([
  'read',
  'runs:write',
  'drafts:write',
  'drafts:review',
  'batches:freeze',
  'batches:approve',
  'batches:execute',
  'unknown:decide',
  'batches:activate',
  'halt',
  'halt:lift',
  'ramp:graduate',
  'suppressions:write',
  'suppressions:lift',
  'exclusions:write',
  'audit:retire',
  'subjects:erase',
  'customers:accept',
]);
export type Permission = z.infer<typeof permissionSchema>;

/** Who acts. `name` is what approvals and the audit show; it always comes from the credential. */
export const principalSchema = z.object({
  name: z.string().min(1).max(120),
  permissions: z.array(permissionSchema),
});
export type Principal = z.infer<typeof principalSchema>;
