import { z } from 'zod';
import { instantSchema } from './ids.ts';
import { inngestStateSchema } from './inngest.ts';
import { providerStandingSchema } from './provider-standing.ts';

/** Something the system needs. `ready` false of a required one means that the whole is not ready. */
export const dependencySchema = z.object({
  name: z.string(),
  required: z.boolean(),
  configured: z.boolean(),
  ready: z.boolean(),
  status: z.enum(['healthy', 'degraded', 'unhealthy', 'not_configured']),
  message: z.string(),
});

/**
 * GET /api/runtime/dependencies. The names of the fields are those that checks of deployments look for;
 * `session_secret_source` is `server_side`, because a session is a record in the store and nothing is signed.
 */
export const runtimeDependenciesSchema = z.object({
  status: z.enum(['ready', 'not_ready']),
  ready: z.boolean(),
  checked_at: instantSchema,
  dependencies: z.object({
    redis: dependencySchema.extend({ connected: z.boolean(), latency_ms: z.number().nullable() }),
    /** `mode` and `function_count` as GET /inngest has them; null where Inngest is not set up or nobody could say. */
    inngest: dependencySchema.extend({
      mode: inngestStateSchema.shape.mode.nullable(),
      function_count: inngestStateSchema.shape.function_count.nullable(),
    }),
    webhooks: dependencySchema,
    /** `jobs` by queue and state; null where the asker may not read them or nobody could say. */
    queues: dependencySchema.extend({
      jobs: z.record(z.string(), z.record(z.string(), z.number())).nullable(),
    }),
    /** `standings`: each provider; null where the asker may not read them or nobody could say. */
    providers: dependencySchema.extend({ standings: z.array(providerStandingSchema).nullable() }),
  }),
  required_failures: z.array(z.string()),
  auth: z.object({
    strict_mode: z.boolean(),
    query_token_enabled: z.boolean(),
    token_header: z.literal('X-Dashboard-Token'),
    token_configured: z.boolean(),
    session_secret_explicit: z.boolean(),
    session_secret_source: z.literal('server_side'),
    webhook_signature_required: z.boolean(),
    environment: z.string(),
  }),
});
export type Dependency = z.infer<typeof dependencySchema>;
export type RuntimeDependencies = z.infer<typeof runtimeDependenciesSchema>;
