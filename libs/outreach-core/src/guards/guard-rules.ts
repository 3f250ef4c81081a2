import type { RejectionTag } from '@caio/contracts';

/** What a rule asks of every draft. `tag` is the rejection tag a reviewer would choose for a breach of it. */
export interface GuardRule {
  readonly id: string;
  readonly title: string;
  readonly change: string;
  readonly tag: RejectionTag;
  readonly source: string;
}

const rendering = 'placeholder_or_rendering_issue';
const compliance = 'compliance_issue';
const personal = 'personalization_mismatch';

/**
 * Every reason a draft can be parked for: stable ids, what the rule asks, what to change. The first group is
 * judged by `guardDraft`; the last two end a draft before there is a message to judge.
 */
export const guardRules = [
  {
    id: 'empty_text',
    title: 'Subject, body and footer say something',
    change: 'Write the missing text.',
    tag: rendering,
    source: 'users.md §7.3',
  },
  {
    id: 'channel_form',
    title: 'The message has only the parts its channel carries',
    change: 'Leave subject and footer of a LinkedIn message empty; its body is all that is read.',
    tag: rendering,
    source: 'users.md §5, authored: nothing is approved that nobody reads',
  },
  {
    id: 'unrendered_placeholder',
    title: 'Every placeholder is filled in',
    change: 'Fill the value in, or write the sentence without it.',
    tag: rendering,
    source: 'users.md §7.3, A8',
  },
  {
    id: 'hidden_characters',
    title: 'Every character can be seen',
    change: 'Type the text again without the invisible characters; a subject is one line.',
    tag: rendering,
    source: 'authored: headers and reviewers must not be deceived',
  },
  {
    id: 'disguised_letters',
    title: 'Letters are the letters they look like',
    change: 'Type the word with plain letters of one alphabet.',
    tag: rendering,
    source: 'authored: headers and reviewers must not be deceived',
  },
  {
    id: 'encoded_header_text',
    title: 'Header text is read as it is written',
    change: 'Take “=?” out: mail programs decode what follows it and show another text.',
    tag: rendering,
    source: 'RFC 2047: headers and reviewers must not be deceived',
  },
  {
    id: 'markup_in_text',
    title: 'The text is plain text',
    change: 'Take HTML and Markdown out; the message leaves as plain text.',
    tag: rendering,
    source: 'authored: messages are plain text',
  },
  {
    id: 'banned_opener',
    title: 'The first line is about the reader',
    change: 'Open with something that is true of this person or company only.',
    tag: 'tone_style_issue',
    source: 'operator.md §7.3 GUARD-004, users.md §7.6',
  },
  {
    id: 'banned_phrase',
    title: 'No banned phrase is used',
    change: 'Say it plainly, or leave it out.',
    tag: 'tone_style_issue',
    source: 'users.md §7.6',
  },
  {
    id: 'filler_density',
    title: 'The text says more than it pads',
    change: 'Replace fillers with facts.',
    tag: 'tone_style_issue',
    source: 'operator.md §7.3 GUARD-005',
  },
  {
    id: 'body_length',
    title: 'The body has the length people read',
    change: 'Shorten or complete the body; the footer does not count.',
    tag: 'length_issue',
    source: 'users.md §7.1',
  },
  {
    id: 'call_to_action',
    title: 'The text asks for one easy thing',
    change: 'Ask one soft question.',
    tag: 'weak_cta',
    source: 'users.md §7.1 check 6',
  },
  {
    id: 'subject_all_caps',
    title: 'The subject is not shouted',
    change: 'Write the subject in ordinary case.',
    tag: 'weak_subject',
    source: 'users.md §7.1 check 1',
  },
  {
    id: 'subject_too_long',
    title: 'The subject fits a phone',
    change: 'Shorten the subject.',
    tag: 'weak_subject',
    source: 'users.md §7.1 check 1',
  },
  {
    id: 'subject_exclamation',
    title: 'The subject does not exclaim',
    change: 'Take the marks out.',
    tag: 'weak_subject',
    source: 'users.md §7.1 check 1',
  },
  {
    id: 'fake_reply_subject',
    title: 'The subject pretends no earlier conversation',
    change: 'Take the reply or forward prefix off.',
    tag: compliance,
    source: 'users.md §7.5',
  },
  {
    id: 'unsubscribe_link_missing',
    title: "The footer has this recipient's own unsubscribe link",
    change: "Use the copy pack's footer: leave the footer out of the submission.",
    tag: compliance,
    source: 'users.md A5, §7.7',
  },
  {
    id: 'postal_address_missing',
    title: 'The footer has the postal address',
    change: "Use the copy pack's footer: leave the footer out of the submission.",
    tag: compliance,
    source: 'users.md §7.3, §7.7',
  },
  {
    id: 'two_footers',
    title: 'There is one footer',
    change: 'Take address and opt-out words out of the body; the footer of a mail has them.',
    tag: compliance,
    source: 'users.md §7.8',
  },
  {
    id: 'legacy_stop_line',
    title: 'No opt-out by reply is promised',
    change: 'Take the line out; the unsubscribe link is the way out.',
    tag: compliance,
    source: 'users.md A5, A9, §7.7',
  },
  {
    id: 'wrong_sender',
    title: "The sender is one of the pack's and signs the text",
    change: 'Send and sign as the same listed sender.',
    tag: compliance,
    source: 'users.md A9, §7.3, §7.7',
  },
  {
    id: 'signature_missing',
    title: 'The sender signs the text',
    change: "Close with a sign-off and the sender's name on a line of its own.",
    tag: compliance,
    source: 'users.md §7.1 check 7',
  },
  {
    id: 'recipient_mismatch',
    title: 'The text is for this person at this company',
    change: "Use the lead's own first name, company and address.",
    tag: personal,
    source: 'users.md A2, §7.1 checks 2 and 4',
  },
  {
    id: 'industry_mismatch',
    title: "The text speaks of the lead's line of business",
    change: "Write about the lead's own industry.",
    tag: personal,
    source: 'users.md §7.1 check 5',
  },
  {
    id: 'unsupported_claim',
    title: 'Every claim rests on a source that holds',
    change:
      'Cite the lead field or page the statement rests on, use an approved claim word for word, or leave it out.',
    tag: 'factual_inaccuracy',
    source: 'users.md §7.6, docs/architecture.md §4',
  },
  {
    id: 'missing_evidence',
    title: 'The text itself is specific to company and role',
    change: 'Name the company and what the subject means for the work of this reader.',
    tag: personal,
    source: 'operator.md §7.3 GUARD-003, W-64',
  },
  {
    id: 'link_shortener',
    title: 'No link hides where it leads',
    change: 'Write the full address.',
    tag: compliance,
    source: 'authored: links a reader can judge',
  },
  {
    id: 'link_not_allowed',
    title: 'Links lead to our pages or to cited ones',
    change: 'Cite the page in a claim, add its domain to the copy pack, or take the link out.',
    tag: compliance,
    source: 'authored: links a reader can judge',
  },
  {
    id: 'rejected_fingerprint',
    title: 'The text has not been rejected before',
    change: 'Write another text; changed case, spaces, punctuation or greeting make no other text.',
    tag: 'queue_hygiene_non_actionable',
    source: 'operator.md §7.3 GUARD-002, W-65',
  },
  {
    id: 'rejected_too_often',
    title: 'Drafts for this person are not rejected again and again',
    change: 'Leave this person alone until the memory ends, or let a reviewer decide what changed.',
    tag: 'queue_hygiene_non_actionable',
    source: 'operator.md §7.3 GUARD-001',
  },
  {
    id: 'no_template',
    title: 'The copy pack has a text for this person',
    change: 'Add a template for this tier, function and industry, or post a draft.',
    tag: 'campaign_mismatch',
    source: 'users.md A8',
  },
  {
    id: 'recipient_unreachable',
    title: 'The lead has an address on this channel',
    change: "Complete the lead's e-mail or profile address.",
    tag: rendering,
    source: 'operator.md §7.1',
  },
] as const satisfies readonly GuardRule[];

export type GuardRuleId = (typeof guardRules)[number]['id'];
