import { z } from 'zod';

/**
 * Every error a caller can meet: HTTP status, whether trying again can help, what happened and what to do.
 * docs/errors.md is generated from this table.
 */
export const errorCatalogue = {
  bad_request: {
    status: 400,
    retryable: false,
    message: 'The request could not be read.',
    fix: 'Correct the fields that the message names; docs/api.md lists what each takes, and on the command line --help does.',
  },
  digest_required: {
    status: 400,
    retryable: false,
    message: 'A large upload needs its digest.',
    fix: 'Send a Content-Digest header: sha-256=:<base64>:.',
  },
  digest_mismatch: {
    status: 400,
    retryable: false,
    message: 'The bytes received are not the bytes announced.',
    fix: 'Send the file again.',
  },
  unauthenticated: {
    status: 401,
    retryable: false,
    message: 'A valid credential is needed.',
    fix: 'Send your token in the X-Dashboard-Token header; on the command line set it as CAIO_TOKEN.',
  },
  forbidden: {
    status: 403,
    retryable: false,
    message: 'This credential does not allow that.',
    fix: 'Ask for a token with the permission named in the message.',
  },
  not_found: {
    status: 404,
    retryable: false,
    message: 'There is nothing at this address.',
    fix: 'Check the id, or the path.',
  },
  method_not_allowed: {
    status: 405,
    retryable: false,
    message: 'This address does not take that method.',
    fix: 'See docs/api.md for the methods it takes.',
  },
  request_timeout: {
    status: 408,
    retryable: true,
    message: 'The request took too long to arrive.',
    fix: 'Send it again, all of it at once.',
  },
  ramp_not_ended: {
    status: 409,
    retryable: false,
    message: 'The ramp goes on.',
    fix: 'Look at what each day lacked with caio ramp status; it ends when there are clean days enough and a person says so.',
  },
  state_conflict: {
    status: 409,
    retryable: false,
    message: 'The record is no longer in a state that allows this.',
    fix: 'What is possible now depends on the state named in the message.',
  },
  not_proven_absent: {
    status: 409,
    retryable: false,
    message: 'It is not proven that the message was not sent.',
    fix: 'Wait until the system proves it, or name the person who answers for a second message (despite; on the command line --despite).',
  },
  stale_digest: {
    status: 409,
    retryable: false,
    message: 'The digest is not the one of the text as it is now.',
    fix: 'Read the text as it is now, then give the digest shown with it.',
  },
  hash_mismatch: {
    status: 409,
    retryable: false,
    message: 'The preview hash is not the one this batch has.',
    fix: 'Open the batch preview again and approve the hash shown there.',
  },
  list_changed: {
    status: 409,
    retryable: false,
    message: 'The list or the file is no longer the one whose difference was shown.',
    fix: 'Look at the difference in the details, then apply that one.',
  },
  consent_not_fresh: {
    status: 409,
    retryable: false,
    message: 'The consent is not younger than the suppression, too old, or from the future.',
    fix: 'Ask the person again, and give the day on which they agreed.',
  },
  suppression_final: {
    status: 409,
    retryable: false,
    message: 'No consent lifts this suppression.',
    fix: 'Nobody who complained or was erased is written to again.',
  },
  batch_expired: {
    status: 409,
    retryable: false,
    message: 'The batch is past its expiry.',
    fix: 'Freeze a new batch.',
  },
  policy_changed: {
    status: 409,
    retryable: false,
    message: 'The sending policy changed since the freeze.',
    fix: 'Freeze a new batch under the current policy.',
  },
  mode_changed: {
    status: 409,
    retryable: false,
    message: 'The delivery mode changed since the freeze.',
    fix: 'Freeze a new batch in the current mode.',
  },
  record_damaged: {
    status: 409,
    retryable: false,
    message: 'A stored record cannot be read, so it is neither shown nor acted on.',
    fix: 'Run caio audit verify, and give the ids in the details to whoever runs the system.',
  },
  empty_scope: {
    status: 409,
    retryable: false,
    message: 'There is nothing to put in a batch.',
    fix: 'Approve drafts first; the left-out list says what was held back.',
  },
  halted: {
    status: 409,
    retryable: true,
    message: 'Everything is stopped.',
    fix: 'A named person lifts the stop: caio halt lift --reason "…".',
  },
  payload_too_large: {
    status: 413,
    retryable: false,
    message: 'The request is larger than this address takes.',
    fix: 'Split it; the limit is in the message.',
  },
  unsupported_media_type: {
    status: 415,
    retryable: false,
    message: 'This content type is not taken here.',
    fix: 'See docs/api.md for the types it takes.',
  },
  too_many_requests: {
    status: 429,
    retryable: true,
    message: 'Too many requests.',
    fix: 'Wait for the time in the Retry-After header.',
  },
  too_many_headers: {
    status: 431,
    retryable: false,
    message: 'The request has more headers than any client needs.',
    fix: 'Send fewer headers.',
  },
  internal: {
    status: 500,
    retryable: false,
    message: 'Something went wrong on our side.',
    fix: 'Give the correlation id to whoever runs the system.',
  },
  overloaded: {
    status: 503,
    retryable: true,
    message: 'More is going on at once than this system takes.',
    fix: 'Wait for the time in the Retry-After header.',
  },
  provider_failed: {
    status: 502,
    retryable: true,
    message: 'A provider did not do all of what it was asked.',
    fix: 'Ask again; what was done is left as it is.',
  },
  upstream_unavailable: {
    status: 503,
    retryable: true,
    message: 'A part of the system is not answering.',
    fix: 'Wait a moment; the message names the part.',
  },
  store_unavailable: {
    status: 503,
    retryable: true,
    message: 'The store cannot be reached, so nothing is decided and nothing is sent.',
    fix: 'Check Redis and REDIS_URL.',
  },
  store_recovering: {
    status: 503,
    retryable: true,
    message: 'The store came back and is being compared with the providers.',
    fix: 'Wait; sending resumes by itself.',
  },
  secret_missing: {
    status: 503,
    retryable: false,
    message: 'A secret this address needs is not configured.',
    fix: 'Set the variable named in the message and restart.',
  },
} as const satisfies Record<string, { status: number; retryable: boolean; message: string; fix: string }>;

export type ErrorCode = keyof typeof errorCatalogue;

export const errorEnvelopeSchema = z.object({
  error: z.object({
    code: z.string(),
    message: z.string(),
    fix: z.string().optional(),
    correlationId: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ErrorEnvelope = z.infer<typeof errorEnvelopeSchema>;
