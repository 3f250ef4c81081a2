import type { OutcomeTable, ReleasedAnswer } from './outcome-table.ts';

const unauthorised: ReleasedAnswer = {
  outcome: 'released',
  code: 'provider_unauthorised',
  retryDefaultMs: 60_000,
};
const paymentRequired: ReleasedAnswer = {
  outcome: 'released',
  code: 'provider_payment_required',
  retryDefaultMs: 60_000,
};
const rateLimited: ReleasedAnswer = {
  outcome: 'released',
  code: 'provider_rate_limited',
  retryDefaultMs: 5_000,
};

/** What Instantly's answers say about a lead that was posted, and about the campaign it goes into. */
export const instantlyOutcomes = {
  provider: 'instantly',
  title: 'Instantly',
  source: 'developer.instantly.ai, API v2: create lead, create campaign',
  remark:
    'It documents nothing about a 5xx and has no idempotency keys, so a 5xx to a lead may hide a lead. What it says about this message is a refusal; what it says about us (key, plan, pace) says nothing against the message.',
  retrySoonMs: 1_000,
  phases: {
    lead: {
      title: 'Adding the lead',
      carriesMessage: true,
      rules: [
        { from: 400, to: 400, outcome: 'refused', code: 'provider_invalid_request' },
        { from: 401, to: 401, ...unauthorised },
        { from: 402, to: 402, ...paymentRequired },
        { from: 403, to: 403, ...unauthorised },
        { from: 404, to: 404, outcome: 'refused', code: 'provider_not_found' },
        { from: 408, to: 408, outcome: 'unknown', code: 'provider_timeout' },
        { from: 422, to: 422, outcome: 'refused', code: 'provider_unprocessable' },
        { from: 429, to: 429, ...rateLimited },
        { from: 400, to: 499, outcome: 'refused', code: 'provider_refused' },
        { from: 500, to: 599, outcome: 'unknown', code: 'provider_failed' },
      ],
      otherwise: { outcome: 'unknown', code: 'provider_unexpected_status' },
    },
    campaign: {
      title: 'Finding or making the campaign',
      carriesMessage: false,
      rules: [
        { from: 400, to: 400, outcome: 'refused', code: 'provider_invalid_request' },
        { from: 401, to: 401, ...unauthorised },
        { from: 402, to: 402, ...paymentRequired },
        { from: 403, to: 403, ...unauthorised },
        { from: 422, to: 422, outcome: 'refused', code: 'provider_unprocessable' },
        { from: 429, to: 429, ...rateLimited },
      ],
      otherwise: { outcome: 'released', code: 'campaign_unavailable', retryDefaultMs: 1_000 },
    },
  },
} as const satisfies OutcomeTable;
