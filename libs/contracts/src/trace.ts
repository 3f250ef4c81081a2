import { z } from 'zod';

/** One redacted record of one service or provider call; field names and order are the JSONL format. */
export const traceEnvelopeSchema = z.object({
  timestamp: z.string(),
  correlation_id: z.string(),
  case_id: z.string().nullable(),
  agent: z.string(),
  tool_name: z.string(),
  tool_input_summary: z.string(),
  tool_output_summary: z.string(),
  retrieved_context_refs: z.array(z.string()),
  status: z.enum(['success', 'failure', 'error']),
  duration_ms: z.number(),
  error_code: z.string().nullable(),
  error_message: z.string().nullable(),
});
export type TraceEnvelope = z.infer<typeof traceEnvelopeSchema>;
