import type { OutcomeTable, ReleasedAnswer } from './outcome-table.ts';

const unavailable: ReleasedAnswer = {
  outcome: 'released',
  code: 'provider_unavailable',
  retryDefaultMs: 60_000,
};
const unauthorised: ReleasedAnswer = {
  outcome: 'released',
  code: 'provider_unauthorised',
  retryDefaultMs: 60_000,
};
const quotaUsedUp: ReleasedAnswer = {
  outcome: 'released',
  code: 'provider_rate_limited',
  retryDefaultMs: 900_000,
};

/** What the replies of a mail server say about a message, by the command they answer. */
export const smtpOutcomes = {
  provider: 'smtp',
  title: 'The mail server',
  source: 'RFC 5321 §4.2.1, §6.1; RFC 3463',
  remark:
    'A message is taken with the reply to its final dot and not before, so a lost reply there alone is unknown. A reply whose enhanced code speaks of our login or our quota (5.4.5, 4.7.x and 5.7.x from 8 to 14) says nothing against the message, whatever command it answers, and is read by the rules of the session.',
  retrySoonMs: 1_000,
  phases: {
    session: {
      title: 'Greeting, EHLO and login',
      carriesMessage: false,
      rules: [
        { from: 400, to: 499, ...unavailable },
        { from: 530, to: 539, ...unauthorised },
        { from: 550, to: 550, ...quotaUsedUp },
      ],
      otherwise: unavailable,
    },
    sender: {
      title: 'MAIL FROM, and DATA before the text',
      carriesMessage: false,
      rules: [
        { from: 400, to: 499, ...unavailable },
        { from: 530, to: 539, ...unauthorised },
        { from: 552, to: 552, outcome: 'refused', code: 'message_too_large' },
        { from: 500, to: 599, outcome: 'refused', code: 'sender_refused' },
      ],
      otherwise: unavailable,
    },
    recipient: {
      title: 'RCPT TO',
      carriesMessage: false,
      rules: [
        { from: 421, to: 421, ...unavailable },
        { from: 400, to: 499, outcome: 'released', code: 'recipient_deferred', retryDefaultMs: 300_000 },
        { from: 530, to: 539, ...unauthorised },
        { from: 500, to: 599, outcome: 'refused', code: 'recipient_refused' },
      ],
      otherwise: unavailable,
    },
    message: {
      title: 'The text up to its final dot',
      carriesMessage: true,
      rules: [
        { from: 400, to: 499, ...unavailable },
        { from: 530, to: 539, ...unauthorised },
        { from: 552, to: 552, outcome: 'refused', code: 'message_too_large' },
        { from: 500, to: 599, outcome: 'refused', code: 'provider_refused' },
      ],
      otherwise: { outcome: 'unknown', code: 'provider_unexpected_status' },
    },
  },
} as const satisfies OutcomeTable;
