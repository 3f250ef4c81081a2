import { textOf, type Message, type Motion } from '@caio/contracts';
import { encodedHeaderTextsOf } from '@caio/outreach-core';
import type { ActionQuery, Handover } from '../../provider-port.ts';
import { sha256 } from '../seal.ts';
import { vendorTimezoneOf } from './timezones.ts';
import type { VendorCampaign, VendorLead } from './vendor-schemas.ts';

export interface Misfit {
  readonly code: string;
  readonly message: string;
}

/** What Instantly would not carry as approved. Each is refused before anything is written. */
const misfits: readonly (Misfit & { readonly applies: (message: Message) => boolean })[] = [
  {
    code: 'channel_unsupported',
    message: 'Instantly sends e-mail only.',
    applies: ({ channel }) => channel !== 'email',
  },
  {
    code: 'follow_ups_unsupported',
    message: 'A campaign here has one step; follow-ups are messages of their own.',
    applies: ({ settings }) => settings.followUps !== 0,
  },
  {
    code: 'header_unsupported',
    message: 'Instantly sets no header of ours but the unsubscribe ones, which it writes itself.',
    applies: ({ headers }) => Object.keys(headers).some((name) => !/^list-unsubscribe(-post)?$/i.test(name)),
  },
  {
    code: 'template_syntax',
    message: 'The text holds template marks that Instantly would replace with something else.',
    applies: (message) => /\{\{|\}\}|\{%|%\}/.test(`${message.subject}\n${textOf(message)}`),
  },
  {
    code: 'encoded_header_text',
    message: 'Mail programs would show another subject or name than the approved one.',
    applies: (message) => encodedHeaderTextsOf(message).length > 0,
  },
  {
    code: 'timezone_unsupported',
    message: 'Instantly knows no zone that keeps the hours of the approved one.',
    applies: ({ settings }) => vendorTimezoneOf(settings.schedule.timezone) === null,
  },
  {
    code: 'schedule_has_no_days',
    message: 'The approved schedule names no day.',
    applies: ({ settings }) => settings.schedule.days.length === 0,
  },
];

export const misfitOf = (message: Message): Misfit | null =>
  misfits.find(({ applies }) => applies(message)) ?? null;

export const campaignPrefixOf = (environment: string): string => `caio_${environment}_`;

/** The same name in every process, so that whoever comes second finds what the first one made. */
export const campaignNameOf = (
  environment: string,
  { batchId, tier, senderKey }: Pick<ActionQuery, 'batchId' | 'tier' | 'senderKey'>,
): string => `${campaignPrefixOf(environment)}${batchId}_${tier}_${sha256(senderKey).slice(0, 12)}`;

const step = { subject: '{{subject}}', body: '{{body}}' };
const weekdays = [0, 1, 2, 3, 4, 5, 6];

/**
 * One drafted campaign per batch, tier and sender. Its text is two variables, so every lead brings its own
 * subject and whole text; what alters bytes or timing is the sealed setting. The message must fit (`misfitOf`).
 */
export function campaignPayloadOf(name: string, { sender, settings }: Message) {
  const { schedule } = settings;
  return {
    name,
    campaign_schedule: {
      schedules: [
        {
          name: 'approved',
          timing: { from: schedule.from, to: schedule.to === '24:00' ? '23:59' : schedule.to },
          // Instantly counts 0 for Sunday; a schedule counts 1 for Monday to 7 for Sunday.
          days: Object.fromEntries(
            weekdays.map((day) => [String(day), schedule.days.includes(day === 0 ? 7 : day)]),
          ),
          timezone: vendorTimezoneOf(schedule.timezone) ?? schedule.timezone,
        },
      ],
    },
    sequences: [{ steps: [{ type: 'email', delay: 0, variants: [step] }] }],
    // Without it Instantly picks sending accounts by itself.
    email_list: [sender.email],
    text_only: true,
    open_tracking: settings.trackOpens,
    link_tracking: settings.trackClicks,
    stop_on_reply: settings.stopOnReply,
    insert_unsubscribe_header: true,
  };
}
export type CampaignPayload = ReturnType<typeof campaignPayloadOf>;

/** The first thing in which a campaign is not the one that was asked for; null when it is. */
export function campaignDifference(held: VendorCampaign, wanted: CampaignPayload): string | null {
  const schedule = held.campaign_schedule?.schedules;
  const wish = wanted.campaign_schedule.schedules[0];
  const variants = held.sequences?.[0]?.steps.flatMap((one) => one.variants);
  const sameSchedule =
    schedule?.length === 1 &&
    schedule[0]?.timezone === wish?.timezone &&
    schedule[0]?.timing.from === wish?.timing.from &&
    schedule[0]?.timing.to === wish?.timing.to &&
    weekdays.every((day) => (schedule[0]?.days[day] ?? false) === wish?.days[day]);
  const sameStep =
    variants?.length === 1 && variants[0]?.subject === step.subject && variants[0].body === step.body;
  const checks: readonly (readonly [string, boolean])[] = [
    ['name', held.name === wanted.name],
    ['sender', held.email_list?.length === 1 && held.email_list[0] === wanted.email_list[0]],
    ['text', sameStep],
    ['schedule', sameSchedule],
    ['text_only', held.text_only === wanted.text_only],
    ['open_tracking', (held.open_tracking ?? false) === wanted.open_tracking],
    ['link_tracking', (held.link_tracking ?? false) === wanted.link_tracking],
    ['stop_on_reply', (held.stop_on_reply ?? false) === wanted.stop_on_reply],
    ['insert_unsubscribe_header', held.insert_unsubscribe_header === true],
  ];
  return checks.find(([, same]) => !same)?.[0] ?? null;
}

/**
 * Whose presence makes Instantly skip a lead: a first touch must be nobody it knows, a later step of a cadence
 * goes to someone it knows by design.
 */
const skipScopes: Readonly<Record<Motion, { skip_if_in_workspace: boolean; skip_if_in_campaign: boolean }>> =
  {
    outbound: { skip_if_in_workspace: true, skip_if_in_campaign: true },
    cadence: { skip_if_in_workspace: false, skip_if_in_campaign: true },
    revival: { skip_if_in_workspace: false, skip_if_in_campaign: true },
  };

/** Binds a digest to the words, so that words edited at the vendor cannot hide behind the digest beside them. */
const effectDigestOf = (
  ...parts: readonly [
    actionId: string,
    contentDigest: string,
    to: string,
    from: string,
    subject: string,
    text: string,
  ]
): string => sha256(JSON.stringify(parts));

export function leadPayloadOf(handover: Handover, campaignId: string) {
  const { message, actionId, attemptId, contentDigest } = handover;
  const text = textOf(message);
  const { recipient, sender, subject } = message;
  const [firstName = '', ...lastNames] = (recipient.name ?? '').split(' ');
  return {
    campaign: campaignId,
    email: recipient.email,
    first_name: firstName,
    last_name: lastNames.join(' '),
    company_name: recipient.company ?? '',
    ...skipScopes[message.motion],
    custom_variables: {
      subject,
      body: text,
      actionId,
      attemptId,
      contentDigest,
      effectDigest: effectDigestOf(actionId, contentDigest, recipient.email, sender.email, subject, text),
    },
  };
}

/** What a lead at Instantly says about itself. `contentDigest` is null when its words are not those it names. */
export interface HeldLead {
  readonly actionId: string | null;
  readonly attemptId: string | null;
  readonly contentDigest: string | null;
  readonly effectDigest: string | null;
  readonly mailed: boolean;
}

export function heldLeadOf(lead: VendorLead, senderEmail: string): HeldLead {
  const variable = (name: string): string | null => {
    const value = lead.payload?.[name];
    return typeof value === 'string' ? value : null;
  };
  const [actionId, attemptId, digest] = [
    variable('actionId'),
    variable('attemptId'),
    variable('contentDigest'),
  ];
  const [subject, body] = [variable('subject'), variable('body')];
  const effectDigest =
    actionId === null || digest === null || subject === null || body === null
      ? null
      : effectDigestOf(actionId, digest, lead.email ?? '', senderEmail, subject, body);
  return {
    actionId,
    attemptId,
    contentDigest: effectDigest !== null && effectDigest === variable('effectDigest') ? digest : null,
    effectDigest,
    mailed: lead.timestamp_last_contact !== null && lead.timestamp_last_contact !== undefined,
  };
}
