import type { DispatchOutcome } from '@caio/contracts';

/** Why a vendor call gave no usable answer. `retryAfterMs` is the vendor's own wish, null without one. */
export type Failure =
  | { readonly kind: 'not_written'; readonly code: 'deadline_passed' | 'connect_failed' | 'no_connection' }
  | { readonly kind: 'lost'; readonly code: 'timeout' | 'connection_lost' | 'answer_too_large' }
  | {
      readonly kind: 'unreadable';
      readonly code: 'answer_not_json' | 'answer_wrong_type' | 'answer_unexpected';
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly retryAfterMs: number | null;
      readonly message: string;
    };

type StatusRule = { readonly from: number; readonly to: number; readonly code: string } & (
  | { readonly outcome: 'refused' | 'unknown' }
  | { readonly outcome: 'released'; readonly retryDefaultMs: number }
);

/**
 * What an HTTP status says about a lead that was posted; the first match holds. Only answers that the vendor
 * gives before it takes anything are refusals or releases: what it says about this message is a refusal, what
 * it says about us (key, plan, pace) says nothing against the message. It documents nothing about a 5xx and has no
 * idempotency keys, so a 5xx may hide a lead. Source: developer.instantly.ai, API v2, create lead.
 */
const leadStatusRules: readonly StatusRule[] = [
  { from: 400, to: 400, outcome: 'refused', code: 'provider_invalid_request' },
  { from: 401, to: 401, outcome: 'released', code: 'provider_unauthorised', retryDefaultMs: 60_000 },
  { from: 402, to: 402, outcome: 'released', code: 'provider_payment_required', retryDefaultMs: 60_000 },
  { from: 403, to: 403, outcome: 'released', code: 'provider_unauthorised', retryDefaultMs: 60_000 },
  { from: 404, to: 404, outcome: 'refused', code: 'provider_not_found' },
  { from: 408, to: 408, outcome: 'unknown', code: 'provider_timeout' },
  { from: 422, to: 422, outcome: 'refused', code: 'provider_unprocessable' },
  { from: 429, to: 429, outcome: 'released', code: 'provider_rate_limited', retryDefaultMs: 5_000 },
  { from: 400, to: 499, outcome: 'refused', code: 'provider_refused' },
  { from: 500, to: 599, outcome: 'unknown', code: 'provider_failed' },
];

const retrySoonMs = 1_000;

const ruleOf = (status: number): StatusRule | undefined =>
  leadStatusRules.find(({ from, to }) => status >= from && status <= to);

/** What became of a lead whose posting failed like this. */
export function leadOutcomeOf(failure: Failure): DispatchOutcome {
  switch (failure.kind) {
    case 'not_written':
      return { outcome: 'released', code: failure.code, retryAfterMs: retrySoonMs };
    case 'lost':
      return {
        outcome: 'unknown',
        code: failure.code,
        message: 'The request left and its answer did not arrive; Instantly may hold the lead.',
      };
    case 'unreadable':
      return {
        outcome: 'unknown',
        code: failure.code,
        message: 'Instantly answered with success in a form that cannot be read.',
      };
    case 'status': {
      const { status, message, retryAfterMs } = failure;
      const rule = ruleOf(status);
      if (rule === undefined) return { outcome: 'unknown', code: 'provider_unexpected_status', message };
      if (rule.outcome !== 'released') return { outcome: rule.outcome, code: rule.code, message };
      return { outcome: 'released', code: rule.code, retryAfterMs: retryAfterMs ?? rule.retryDefaultMs };
    }
  }
}

/** The statuses that trying again cannot change, for a campaign as for a lead. */
const finalStatuses: ReadonlySet<number> = new Set([400, 422]);

/** What becomes of a lead when its campaign cannot be had: nothing of it left, so it is never `unknown`. */
export function campaignOutcomeOf(failure: Failure): DispatchOutcome {
  if (failure.kind === 'status') {
    const { status, message, retryAfterMs } = failure;
    const rule = ruleOf(status);
    if (finalStatuses.has(status)) {
      return { outcome: 'refused', code: rule?.code ?? 'provider_refused', message };
    }
    if (rule?.outcome === 'released') {
      return { outcome: 'released', code: rule.code, retryAfterMs: retryAfterMs ?? rule.retryDefaultMs };
    }
  }
  return { outcome: 'released', code: 'campaign_unavailable', retryAfterMs: retrySoonMs };
}

/** One line for a person; never an address, never the vendor's whole answer. */
export const describeFailure = (failure: Failure): string =>
  failure.kind === 'status' ? failure.message : `Instantly could not be asked (${failure.code}).`;
