import { channelParts, textOf, type Message } from '@caio/contracts';
import { linkedinKeyOf } from '@caio/outreach-core';
import type { ActionQuery, Handover } from '../../provider-port.ts';
import { sha256 } from '../seal.ts';
import type { VendorLead } from './vendor-schemas.ts';

export interface Misfit {
  readonly code: string;
  readonly message: string;
}

/** What HeyReach would not carry as approved. Each is refused before anything is written. */
const misfits: readonly (Misfit & { readonly applies: (message: Message) => boolean })[] = [
  {
    code: 'channel_unsupported',
    message: 'HeyReach sends over LinkedIn only.',
    applies: ({ channel, recipient }) =>
      channel !== 'linkedin' || linkedinKeyOf(recipient.linkedinUrl ?? '') === null,
  },
  {
    code: 'parts_unsupported',
    message: 'A LinkedIn message is its body alone; what else was approved would not be read.',
    applies: ({ channel, subject, footer, unsubscribeUrl, headers }) =>
      !channelParts[channel].subject &&
      (subject !== '' || footer !== '' || unsubscribeUrl !== '' || Object.keys(headers).length > 0),
  },
  {
    code: 'follow_ups_unsupported',
    message: 'A list has no steps; follow-ups are messages of their own.',
    applies: ({ settings }) => settings.followUps !== 0,
  },
  {
    code: 'template_syntax',
    message: 'The text holds template marks that HeyReach would replace with something else.',
    applies: (message) => /\{[^{}]*\}|\{\{|\}\}/.test(textOf(message)),
  },
  {
    code: 'name_incomplete',
    message: 'HeyReach drops leads without a first and a last name.',
    applies: ({ recipient }) => namesOf(recipient.name).some((name) => name === ''),
  },
];

export const misfitOf = (message: Message): Misfit | null =>
  misfits.find(({ applies }) => applies(message)) ?? null;

const namesOf = (name: string | null): readonly [first: string, last: string] => {
  const [first = '', ...last] = (name ?? '').trim().split(/\s+/);
  return [first, last.join(' ')];
};

export const listPrefixOf = (environment: string): string => `caio_${environment}_`;

/** The same name in every process, so that whoever comes second finds what the first one made. */
export const listNameOf = (
  environment: string,
  { batchId, tier, senderKey }: Pick<ActionQuery, 'batchId' | 'tier' | 'senderKey'>,
): string => `${listPrefixOf(environment)}${batchId}_${tier}_${sha256(senderKey).slice(0, 12)}`;

/** Binds a digest to the words, so that words edited at the vendor cannot hide behind the digest beside them. */
const effectDigestOf = (
  ...parts: readonly [actionId: string, contentDigest: string, to: string, from: string, text: string]
): string => sha256(JSON.stringify(parts));

/** HeyReach may write a profile's address in another way; the person is the same. */
const personOf = (profileUrl: string): string => linkedinKeyOf(profileUrl) ?? profileUrl;

/** A lead with its own words. The campaign a person makes of the list has one step, and its text is `{body}`. */
export function leadPayloadOf(handover: Handover) {
  const { message, actionId, attemptId, contentDigest } = handover;
  const { recipient, sender } = message;
  const body = textOf(message);
  const profileUrl = recipient.linkedinUrl ?? '';
  const [firstName, lastName] = namesOf(recipient.name);
  const effectDigest = effectDigestOf(actionId, contentDigest, personOf(profileUrl), sender.email, body);
  const fields = { body, actionId, attemptId, contentDigest, effectDigest, sender: sender.email };
  return {
    effectDigest,
    profileUrl,
    lead: {
      profileUrl,
      firstName,
      lastName,
      companyName: recipient.company ?? '',
      customUserFields: Object.entries(fields).map(([name, value]) => ({ name, value })),
    },
  };
}

/** What a lead at HeyReach says about itself. `contentDigest` is null when its words are not those it names. */
export interface HeldLead {
  readonly actionId: string | null;
  readonly attemptId: string | null;
  readonly contentDigest: string | null;
  readonly effectDigest: string | null;
}

export function heldLeadOf({ profileUrl, customFields }: VendorLead): HeldLead {
  const field = (wanted: string): string | null =>
    customFields?.find(({ name }) => name === wanted)?.value ?? null;
  const [actionId, attemptId, digest] = [field('actionId'), field('attemptId'), field('contentDigest')];
  const [body, sender] = [field('body'), field('sender')];
  const effectDigest =
    actionId === null || digest === null || body === null || sender === null
      ? null
      : effectDigestOf(actionId, digest, personOf(profileUrl ?? ''), sender, body);
  return {
    actionId,
    attemptId,
    contentDigest: effectDigest !== null && effectDigest === field('effectDigest') ? digest : null,
    effectDigest,
  };
}
