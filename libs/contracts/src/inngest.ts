import { z } from 'zod';

/** The header Inngest signs its calls with: `t=<unix seconds>&s=<hex HMAC-SHA256>`. */
export const inngestSignatureHeader = 'x-inngest-signature';

/** The largest call Inngest may make, in bytes. */
export const inngestBytesMax = 4 * 1024 * 1024;

/**
 * GET /inngest without a signature, in the words checks of deployments look for. `cloud` verifies every call; `dev`
 * verifies none and exists on a laptop only.
 */
export const inngestStateSchema = z.object({
  mode: z.enum(['cloud', 'dev']),
  function_count: z.number().int().nonnegative(),
  has_event_key: z.boolean(),
  has_signing_key: z.boolean(),
});
export type InngestState = z.infer<typeof inngestStateSchema>;
