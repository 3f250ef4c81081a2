import { because, type OutcomeReason } from './outcome-reasons.ts';

const approveAnew = 'Recall the batch, look at the campaign at the provider, and freeze a new batch.';

/** Why a batch was not activated, or its campaigns not removed, beside the codes of a hand-over and of taking back. */
export const activationReasons = {
  not_handed_over: because('The message is not held any more.', 'Activate again.'),
  taking_back: because('The message is being taken back.', 'Wait until it is, then activate again.'),
  held_missing: because('The provider does not show the message any more.', approveAnew),
  held_twice: because('The provider holds the message more than once.', approveAnew),
  held_differs: because('The provider holds something else than was approved.', approveAnew),
  held_foreign: because(
    'The campaign at the provider holds messages that nobody approved in this batch.',
    'Remove them there, then activate again.',
  ),
  campaign_missing: because('The provider does not have the campaign of the batch any more.', approveAnew),
  campaign_twin: because(
    'The provider has two campaigns of this name, both with messages.',
    'Give both ids to whoever runs the system.',
  ),
  campaign_status: because(
    'The provider does not show the campaign in the state it was asked for.',
    'Ask again; if that does not help, look at the campaign there.',
  ),
  start_at_provider: because(
    'Everything is as approved, and only a person starts a campaign at this provider.',
    'Make a campaign of the list there: docs/runbooks/linkedin-messages.md.',
  ),
  campaign_not_empty: because(
    'The campaign at the provider still holds messages.',
    'Take them back first: caio recall.',
  ),
} as const satisfies Record<string, OutcomeReason>;
