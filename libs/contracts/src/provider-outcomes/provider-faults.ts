import type { releasedReasons, unknownReasons } from '../dispatch-reasons.ts';

type Code = keyof typeof releasedReasons | keyof typeof unknownReasons;

/**
 * The codes that speak against the provider or our account there, and not against one message. So many of them in
 * a row, from any worker, and the provider is left in peace for a while.
 */
export const providerFaultCodes: ReadonlySet<string> = new Set([
  'answer_not_json',
  'answer_too_large',
  'answer_wrong_type',
  'campaign_unavailable',
  'connect_failed',
  'connection_lost',
  'contact_unavailable',
  'list_unavailable',
  'provider_failed',
  'provider_payment_required',
  'provider_timeout',
  'provider_unauthorised',
  'provider_unavailable',
  'provider_unexpected_status',
  'timeout',
] as const satisfies readonly Code[]);

/** The provider works and wants fewer calls: everybody waits as long as it asks. */
export const providerWaitCodes: ReadonlySet<string> = new Set([
  'provider_rate_limited',
] as const satisfies readonly Code[]);
