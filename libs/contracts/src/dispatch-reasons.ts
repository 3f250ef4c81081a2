import { because, type OutcomeReason } from './outcome-reasons.ts';

const refusedByVendor = 'Look at the account at the provider; freeze a new batch when it is in order.';
const wait = 'Wait; it is tried again by itself.';
const reconciled = 'Wait; the provider is asked until the truth is known.';

/** Why a send was refused (it did not happen and is not tried again). */
export const refusedReasons = {
  no_provider: because(
    'No provider serves this channel in this delivery mode.',
    'Set a delivery mode that has one.',
  ),
  already_at_provider: because(
    'The provider has this person from something else and did not take the message.',
    'Decide at the provider which of the two stays.',
  ),
  provider_invalid_request: because('The provider could not read the request.', refusedByVendor),
  provider_not_found: because('The provider does not know the address that was called.', refusedByVendor),
  provider_unprocessable: because('The provider could not take the lead as it is.', refusedByVendor),
  provider_refused: because('The provider refused for another reason.', refusedByVendor),
  campaign_altered: because(
    'The campaign at the provider is not as we made it.',
    'Put it back or delete it there; a freeze makes a new one.',
  ),
  campaign_not_holding: because(
    'The campaign at the provider would mail at once instead of holding.',
    'Pause it there, then freeze again.',
  ),
  list_in_campaign: because(
    'The list at the provider belongs to a campaign that was started, and would be written to at once.',
    'Freeze a new batch: it gets a list of its own.',
  ),
  not_taken: because(
    'The provider answered with success, counted nobody, and does not show the person.',
    'Look at the profile address; freeze a new batch when it is right.',
  ),
  name_incomplete: because(
    'The provider drops people without a first and a last name.',
    'Complete the name of the lead and post the draft again.',
  ),
  parts_unsupported: because(
    'The message has a subject, footer or header that its channel would not show.',
    'Post the draft again with its body alone.',
  ),
  channel_unsupported: because('The provider does not serve this channel.'),
  route_unsupported: because(
    'The provider answers people who know us already and never sends a first message.',
    'Name another provider for this route in the policy, then freeze again.',
  ),
  tracking_unsupported: because(
    'The provider cannot count openings or clicks, which the approved message asks for.',
  ),
  contact_unresolved: because(
    'The provider has no contact, or several, with exactly this address.',
    'Correct the contact at the provider, then freeze a new batch.',
  ),
  recipient_refused: because('The mail server does not take mail for this address.'),
  sender_refused: because(
    'The mail server does not take mail from this sender.',
    'Correct the sender, or allow it at the mail server, then freeze a new batch.',
  ),
  message_too_large: because('The message is larger than the mail server takes.'),
  follow_ups_unsupported: because('The provider cannot send the follow-ups of the message as approved.'),
  header_unsupported: because('The provider cannot send a header of the message.'),
  header_not_allowed: because('The message has a header that no message may have.'),
  template_syntax: because(
    'The text holds signs that the provider would replace.',
    'Edit the draft: take the double braces out.',
  ),
  encoded_header_text: because(
    'Mail programs would show another subject or name than the one that was approved.',
    'Edit the draft: take “=?” out.',
  ),
  timezone_unsupported: because("The provider does not know the policy's time zone."),
  retries_exhausted: because(
    'It was tried as often as the policy allows, and each time provably not sent.',
    'See why the provider did not take it, then freeze a new batch.',
  ),
  schedule_has_no_days: because('The policy allows no day on which the provider may mail.'),
} as const satisfies Record<string, OutcomeReason>;

/** Why a send provably did not happen and is tried again until its batch expires. */
export const releasedReasons = {
  deadline_passed: because('The time to send ran out before the first byte.', wait),
  connect_failed: because('The provider could not be connected to.', wait),
  no_connection: because('No connection to the provider became free in time.', wait),
  provider_rate_limited: because('The provider asks for fewer calls.', wait),
  provider_unauthorised: because(
    'The provider does not accept our key, or the key may not do this.',
    'Set a valid key and restart the gatekeeper; what waits is then sent, unless its batch expires first.',
  ),
  provider_payment_required: because(
    "The provider's plan does not allow it.",
    'Settle it with the provider; what waits is then sent, unless its batch expires first.',
  ),
  provider_unavailable: because('The provider takes nothing at the moment and says so.', wait),
  recipient_deferred: because("The recipient's mailbox takes nothing at the moment.", wait),
  contact_unavailable: because('The provider cannot be asked for its contact at the moment.', wait),
  campaign_busy: because('Another worker is making the campaign at the provider.', wait),
  campaign_unavailable: because('The campaign at the provider cannot be had at the moment.', wait),
  list_busy: because('Another worker is making the list at the provider.', wait),
  list_unavailable: because('The list at the provider cannot be had at the moment.', wait),
  campaign_registry_unavailable: because('Our list of campaigns cannot be read at the moment.', wait),
  admit_reply_lost: because('The answer of the last check was lost, and nothing was sent.', wait),
  released_by_person: because(
    'The outcome was unknown; a person decided that it was not sent, and the provider does not have it.',
    wait,
  ),
  released_despite_silence: because(
    'The outcome was unknown; a person decided that it was not sent and answers for it, without proof from the provider.',
    wait,
  ),
  absent_at_provider: because('The provider was asked repeatedly and does not have the message.', wait),
} as const satisfies Record<string, OutcomeReason>;

/** Why nobody knows yet whether a message was taken. It is never sent again on a guess. */
export const unknownReasons = {
  timeout: because('The provider did not answer in time.', reconciled),
  connection_lost: because('The connection broke after the request had left.', reconciled),
  answer_too_large: because('The answer was larger than is read.', reconciled),
  answer_not_json: because('The provider answered with success in a form that cannot be read.', reconciled),
  answer_wrong_type: because('The provider answered with success in a form that cannot be read.', reconciled),
  answer_unexpected: because(
    'The provider answered with success in a form that is not documented.',
    reconciled,
  ),
  provider_timeout: because('The provider reports a time-out of its own.', reconciled),
  provider_failed: because('The provider reports a fault of its own.', reconciled),
  provider_unexpected_status: because('The provider answered with a status that says nothing.', reconciled),
  read_back_absent: because('The provider took the message and does not show it yet.', reconciled),
  read_back_unreadable: because(
    'The provider took the message and could not be asked what it holds.',
    reconciled,
  ),
  read_back_mismatch: because(
    'The provider holds something else than was approved.',
    'Look at the message at the provider and delete it there.',
  ),
  skipped_but_absent: because(
    'The provider skipped the person as already there and shows no such person.',
    reconciled,
  ),
  adapter_error: because('Our own code failed in the middle of a send.', reconciled),
  lease_expired: because('The process that was sending ended before it could say how it went.', reconciled),
  provider_silent: because(
    'The provider does not say what became of messages whose fate is unknown; they wait.',
    'See whether the provider answers, and that its key is right.',
  ),
  record_unreadable: because(
    'The stored record of an action cannot be read.',
    'Give the id in the log to whoever runs the system; the others go on.',
  ),
  content_differs_at_provider: because(
    'While asking, the provider was found to hold something else than was approved.',
    'Look at the message at the provider and delete it there.',
  ),
} as const satisfies Record<string, OutcomeReason>;

/** What else a receipt can say. */
export const settledReasons = {
  found_at_provider: because('The outcome was unknown, and the provider has the approved message.'),
  decided_by_person: because('The outcome was unknown, and a person found out and said so with evidence.'),
  mailed_before_take_back: because(
    'The message had to come back, and the provider had mailed it before.',
    'Answer the person by hand if they complain; they are not written to again.',
  ),
  recalled: because('A person recalled the message, or the batch it is in.'),
} as const satisfies Record<string, OutcomeReason>;

/** Why a message could not be taken back. */
export const takeBackReasons = {
  not_held: because('Nobody holds this message for us.'),
  already_mailed: because('The provider has mailed it.'),
  already_left: because('It was recorded as sent, and a log cannot be unsent.'),
  still_present: because(
    'The provider still shows it after the removal.',
    'Try again, or delete it at the provider.',
  ),
  unreadable: because('The provider, or the log, could not be asked.', 'Try again.'),
  not_visible_yet: because(
    'It was handed over a moment ago, and the provider does not show it yet.',
    'Wait; it is asked for again by itself.',
  ),
  action_has_other_content: because(
    'The log has this action with another content.',
    'Treat it as tampering: stop everything and verify the audit.',
  ),
} as const satisfies Record<string, OutcomeReason>;
