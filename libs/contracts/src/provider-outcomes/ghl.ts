import type { OutcomeTable, ReleasedAnswer } from './outcome-table.ts';

const unauthorised: ReleasedAnswer = {
  outcome: 'released',
  code: 'provider_unauthorised',
  retryDefaultMs: 60_000,
};
const rateLimited: ReleasedAnswer = {
  outcome: 'released',
  code: 'provider_rate_limited',
  retryDefaultMs: 10_000,
};

/** What GoHighLevel's answers say about a message of a conversation, and about finding whom it is for. */
export const ghlOutcomes = {
  provider: 'ghl',
  title: 'GoHighLevel',
  source: 'highlevel.stoplight.io, API v2: get contacts, send a new message',
  remark:
    'It has no idempotency keys and documents nothing about a 5xx, so a 5xx to a message may hide one that is on its way. A contact that cannot be found is a refusal, never a success.',
  retrySoonMs: 1_000,
  phases: {
    contact: {
      title: 'Finding the contact by its exact address',
      carriesMessage: false,
      rules: [
        { from: 400, to: 400, outcome: 'refused', code: 'provider_invalid_request' },
        { from: 401, to: 401, ...unauthorised },
        { from: 403, to: 403, ...unauthorised },
        { from: 422, to: 422, outcome: 'refused', code: 'provider_unprocessable' },
        { from: 429, to: 429, ...rateLimited },
      ],
      otherwise: { outcome: 'released', code: 'contact_unavailable', retryDefaultMs: 1_000 },
    },
    message: {
      title: 'Sending the message',
      carriesMessage: true,
      rules: [
        { from: 400, to: 400, outcome: 'refused', code: 'provider_invalid_request' },
        { from: 401, to: 401, ...unauthorised },
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
  },
} as const satisfies OutcomeTable;
