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

/** What HeyReach's answers say about a lead that was put on a list, and about the list it goes onto. */
export const heyreachOutcomes = {
  provider: 'heyreach',
  title: 'HeyReach',
  source: "HeyReach's public API: AddLeadsToListV2, CreateEmptyList, GetAll",
  remark:
    'Its answers carry no content type, and one of success may have taken nobody: the count in it is read, and then the list. It has no idempotency keys, so a 5xx to a lead may hide a lead.',
  retrySoonMs: 1_000,
  phases: {
    lead: {
      title: 'Putting the lead on the list',
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
    list: {
      title: 'Finding or making the list, and looking whether a campaign uses it',
      carriesMessage: false,
      rules: [
        { from: 400, to: 400, outcome: 'refused', code: 'provider_invalid_request' },
        { from: 401, to: 401, ...unauthorised },
        { from: 402, to: 402, ...paymentRequired },
        { from: 403, to: 403, ...unauthorised },
        { from: 422, to: 422, outcome: 'refused', code: 'provider_unprocessable' },
        { from: 429, to: 429, ...rateLimited },
      ],
      otherwise: { outcome: 'released', code: 'list_unavailable', retryDefaultMs: 1_000 },
    },
  },
} as const satisfies OutcomeTable;
