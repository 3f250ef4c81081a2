import type { AdmissionCode } from './admission.ts';

/** What a code means and what its reader does about it, each one sentence. `next` is empty when there is nothing to do. */
export interface OutcomeReason {
  readonly meaning: string;
  readonly next: string;
}

export const because = (meaning: string, next = ''): OutcomeReason => ({ meaning, next });

/** Why a lead file was refused, or its run failed. The message that comes with the code names the place. */
export const fileRefusals = {
  file_empty: because('The file has no content.', 'Export it again.'),
  file_binary: because('The file is not text.', 'Export it as CSV in UTF-8, or as JSON.'),
  file_spreadsheet: because('The file is a spreadsheet of an office program.', 'Save it as CSV in UTF-8.'),
  file_web_page: because(
    'The file is a web page, often a login page that was saved.',
    'Log in there and export again.',
  ),
  encoding_invalid: because('The text is not in UTF-8.', 'Save the file in UTF-8.'),
  header_not_found: because(
    'No row names a column for the e-mail address or the LinkedIn profile.',
    'Name the column Email, or say which one it is with --map.',
  ),
  map_field_unknown: because(
    '--map names a field that does not exist.',
    'Use one of the fields the message lists.',
  ),
  map_header_unknown: because(
    '--map names a column that the file does not have.',
    'Copy the header from the file.',
  ),
  map_header_twice: because(
    '--map names a column that is there twice.',
    'Rename one of the two in the file.',
  ),
  too_many_columns: because('The header has more columns than are read.', 'Export fewer columns.'),
  no_rows: because('There is a header and nothing below it.', 'Check the filter of the export.'),
  no_rows_recognised: because('Not one row could be read as a lead.', 'Check the delimiter and the header.'),
  unterminated_quote: because(
    'A quote that opens a cell is never closed.',
    'Close or double the quote at the place named.',
  ),
  record_too_large: because(
    'One record is larger than is read.',
    'Look for a missing quote before the place named.',
  ),
  json_invalid: because('The JSON breaks off or is malformed.', 'Export it again.'),
  json_no_list: because(
    'The JSON holds no list of leads.',
    'Export a list of objects, or one object a line.',
  ),
  strict_refused: because(
    '--strict was asked for and a row cannot be read.',
    'Correct the rows listed, or leave --strict out.',
  ),
  gate_silent: because(
    'The gatekeeper did not answer to drafts of the file in time.',
    'See that the gatekeeper runs, then import the file again.',
  ),
  run_interrupted: because(
    'The run failed every time it was tried.',
    'Give the correlation id to whoever runs the system, then import the file again.',
  ),
} as const satisfies Record<string, OutcomeReason>;

/** Why a row of a lead file has no draft, beside the judgement and the guards. */
export const rowReasons = {
  suppressed: because('The person asked not to be contacted, or the address does not work.'),
  excluded: because(
    'The person or company is on the exclusion list.',
    'Take it off the list if it no longer belongs there, and import again.',
  ),
  text_too_large: because(
    'The text written for this lead is longer than a draft may be.',
    'Shorten the template, or the fields it prints.',
  ),
  same_person_earlier_in_file: because('An earlier row of the same file is the same person.'),
  unreadable_row: because(
    'A cell of the row cannot be read; its column, value and problem are shown.',
    'Correct the cell and import the file again; rows that were taken come back as duplicates.',
  ),
  gate_silent: because(
    'A text was written, and the gatekeeper did not answer to it in time.',
    'Import the file again: whoever has a draft by then comes back as a duplicate.',
  ),
} as const satisfies Record<string, OutcomeReason>;

/** What the gate answers to a draft it does not take. */
export const intakeReasons = {
  suppressed: because('The person asked not to be contacted, or the address does not work.'),
  excluded: because(
    'The person or company is on the exclusion list.',
    'Take it off the list if it no longer belongs there, and import again.',
  ),
  person_has_draft: because(
    'This person has a draft already, in review, in a batch or parked.',
    'Decide about that draft first.',
  ),
  source_key_used: because(
    'The author used this source key before, for another text.',
    'Give every piece of work a key of its own.',
  ),
  company_domain_unreadable: because(
    'The website of the company is no domain, so it cannot be looked for on the exclusion list.',
    'Correct it in the source and hand the draft in again.',
  ),
  no_contact_on_record: because(
    'The draft goes on with somebody, and no earlier contact with them is on record.',
    'Hand it in as a first touch, of the motion outbound.',
  ),
} as const satisfies Record<string, OutcomeReason>;

/** Why a freeze left a draft out. `status_…`, `text_changed`, `other_motion` and `unknown_draft` only happen to drafts asked for by id. */
export const leftOutReasons = {
  suppressed: because('The person asked not to be contacted since the approval.', 'Withdraw the draft.'),
  excluded: because('The person or company was excluded since the approval.', 'Withdraw the draft.'),
  encoded_header_text: because(
    'Mail programs would show another subject or name than the one that was approved.',
    'Recall the draft, then edit it, or withdraw it.',
  ),
  route_forbidden: because(
    "The sender's domain may not be used for this kind of message, or no provider serves it.",
    'Check the policy and the sender.',
  ),
  tier_not_allowed: because(
    'The policy allows other tiers today.',
    'Wait for the ramp, or change the policy.',
  ),
  person_in_flight: because(
    'Another message to this person is on its way.',
    'Freeze again when that one is settled.',
  ),
  person_twice_in_batch: because('The person is in this batch already, with another address.'),
  same_text_to_colleague: because(
    'A colleague at the same company gets the same text in this batch.',
    'Freeze again after it, or edit the text.',
  ),
  batch_full: because(
    'The batch has as many actions as the policy or the request allows.',
    'Freeze again for the rest.',
  ),
  status_: because(
    'The draft is not approved; the word behind status_ says what it is.',
    'Approve it, or leave it out.',
  ),
  content_mismatch: because(
    'The stored text is not the one that was approved.',
    'Treat it as tampering: stop everything and verify the audit.',
  ),
  text_changed: because(
    'The draft has another text than the one that was asked for.',
    'Look at it again, then freeze.',
  ),
  other_motion: because(
    'The draft was asked for by id and belongs to another motion.',
    'Freeze a batch of its own motion.',
  ),
  other_copy_pack: because(
    "The draft was written with another company's copy pack than the one in force.",
    'Freeze it where that pack is in force, or reject it.',
  ),
  unknown_draft: because('The draft was asked for by id and there is none with it.', 'Check the id.'),
} as const satisfies Record<string, OutcomeReason>;

/** The answers of the last check before a send, in sentences. Kinds and order: `admissionRefusals`. */
export const admissionReasons = {
  store_recovering: because(
    'The store came back and is being compared with the providers.',
    'Wait; it goes on by itself.',
  ),
  action_not_queued: because('Somebody else carries this action already, or it is settled.'),
  fence_lost: because('The execution this job belongs to is no longer the current one.'),
  halted: because('Everything is stopped.', 'A named person lifts the stop.'),
  batch_not_executing: because('The batch is not being executed any more.'),
  batch_expired: because('The batch expired before this action was sent.', 'Freeze a new batch.'),
  content_mismatch: because(
    'The bytes about to be sent are not the ones that were approved.',
    'Treat it as tampering: stop everything and verify the audit.',
  ),
  suppressed: because('The person asked not to be contacted, or the address does not work.'),
  excluded: because('The person or company is on the exclusion list.'),
  contact_too_recent: because('The person was written to within the time the policy keeps free.'),
  person_in_flight: because('Another message to this person is on its way.'),
  cadence_exited: because('The lead left its cadence.'),
  route_forbidden: because("The sender's domain may not be used for this kind of message."),
  mode_changed: because('The delivery mode changed since the freeze.', 'Freeze a new batch.'),
  policy_changed: because('The sending policy changed since the freeze.', 'Freeze a new batch.'),
  tier_not_allowed: because('The policy allows other tiers today.'),
  not_allow_listed: because('The delivery mode allows listed recipients only, and this is none.'),
  too_late: because('The execution began longer ago than the policy allows.', 'Freeze a new batch.'),
  outside_window: because(
    'The sending window of the policy is closed.',
    'Wait; it goes on when the window opens.',
  ),
  gap: because('The mailbox sent a moment ago.', 'Wait; it goes on by itself.'),
  cap_hour: because('The hour has as many sends as the policy allows.', 'Wait; it goes on by itself.'),
  cap_day: because(
    'The day has as many sends as the policy allows.',
    'Wait; it goes on tomorrow unless the batch expires.',
  ),
  cap_month: because('The month has as many sends as the policy allows.', 'Freeze again next month.'),
  cap_domain: because(
    "The recipient's domain got as many messages today as the policy allows.",
    'Wait; it goes on tomorrow unless the batch expires.',
  ),
  cap_mailbox: because(
    'The mailbox sent as much today as the policy allows.',
    'Wait; it goes on tomorrow unless the batch expires.',
  ),
  clock_skew: because(
    'The clocks of the gatekeeper and of Redis differ by more than two seconds.',
    'Correct the clock of the machine.',
  ),
  customers_stale: because(
    'The list of customers from the CRM is too old, or shrank and nobody accepted that yet.',
    'See caio customers status; it goes on by itself once the list is fresh or accepted.',
  ),
  provider_resting: because(
    'The provider failed several times in a row, or asks for fewer calls, and is left in peace for a while.',
    'See caio status for why and until when; one message tries by itself, and the others follow when it works.',
  ),
  rate_budget: because(
    'The provider has had as many requests as it allows at the moment.',
    'Wait; it goes on by itself.',
  ),
} as const satisfies Record<AdmissionCode, OutcomeReason>;
